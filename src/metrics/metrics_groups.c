/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots, who waits for one, and rounds; see metrics_groups.h. */
#include "metrics_groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CANDIDATES_A_SLOT = 4,
	CANDIDATES_MIN = 256,
	TAKEOVERS_MAX = 16,     /* a round: a slot is to be worth a series */
	TAKEOVER_RATIO = 2      /* of events, so that equals do not swap */
};

static struct metrics_group *slot_new(const struct rtt_key *key)
{
	struct metrics_group *group = calloc(1, sizeof(*group));

	if (!group)
		return NULL;
	group->key = *key;
	group->generation = 1;
	return group;
}

int metrics_groups_init(struct metrics_groups *groups, size_t top)
{
	const struct rtt_key none = { 0 };

	*groups = (struct metrics_groups){ .top = (uint32_t)top };
	groups->room = groups->top * CANDIDATES_A_SLOT;
	if (groups->room < CANDIDATES_MIN)
		groups->room = CANDIDATES_MIN;
	groups->slots = calloc(top + 1, sizeof(*groups->slots));
	groups->candidates = calloc(groups->room, sizeof(*groups->candidates));
	if (groups->slots)
		groups->slots[METRICS_GROUPS_OTHER] = slot_new(&none);
	if (groups->candidates && groups->slots &&
	    groups->slots[METRICS_GROUPS_OTHER] &&
	    !id_map_reserve(&groups->map, top + groups->room))
		return 0;
	metrics_groups_done(groups);
	return -ENOMEM;
}

void metrics_groups_done(struct metrics_groups *groups)
{
	for (uint32_t i = 0; groups->slots && i <= groups->used; i++)
		free(groups->slots[i]);
	free(groups->slots);
	free(groups->candidates);
	id_map_done(&groups->map);
	*groups = (struct metrics_groups){ 0 };
}

static void add_candidate(struct metrics_groups *groups,
			  const struct rtt_key *key, uint64_t hash)
{
	if (groups->waiting == groups->room)
		return;
	groups->candidates[groups->waiting] = (struct metrics_candidate){
		.key = *key, .recent = 1
	};
	id_map_set(&groups->map, hash, groups->top + 1 + groups->waiting++);
}

/* A process may call itself what the others are called. */
static bool looks_like_others(const struct rtt_key *key)
{
	return !key->family && !strcmp((const char *)key->bytes, "other");
}

/* The slot of that group, the others' if it has none. */
static uint32_t slot_of(struct metrics_groups *groups, const struct rtt_key *key)
{
	uint64_t hash = rtt_groups_hash(key);
	uint32_t index = id_map_get(&groups->map, hash);

	if (looks_like_others(key))
		return METRICS_GROUPS_OTHER;
	if (index > groups->top) {
		groups->candidates[index - groups->top - 1].recent++;
		return METRICS_GROUPS_OTHER;
	}
	if (index)
		return index;
	if (groups->used < groups->top) {
		struct metrics_group *group = slot_new(key);

		if (!group)
			return METRICS_GROUPS_OTHER;
		groups->slots[++groups->used] = group;
		id_map_set(&groups->map, hash, groups->used);
		return groups->used;
	}
	add_candidate(groups, key, hash);
	return METRICS_GROUPS_OTHER;
}

static bool is_member(const struct metrics_groups *groups,
		      const struct metrics_membership *membership)
{
	return membership->slot != METRICS_GROUPS_OTHER &&
	       groups->slots[membership->slot]->generation ==
	       membership->generation;
}

struct metrics_counts *metrics_groups_count(struct metrics_groups *groups,
					    struct metrics_membership *membership)
{
	struct metrics_group *group;

	if (!groups->top)
		return &groups->slots[METRICS_GROUPS_OTHER]->counts;
	if (!is_member(groups, membership))
		membership->slot = slot_of(groups, &membership->key);
	group = groups->slots[membership->slot];
	membership->generation = group->generation;
	group->recent++;
	return &group->counts;
}

struct metrics_counts *metrics_groups_find(const struct metrics_groups *groups,
					   const struct metrics_membership *membership)
{
	uint32_t slot = METRICS_GROUPS_OTHER;

	if (!groups->top || is_member(groups, membership)) {
		slot = groups->top ? membership->slot : slot;
	} else {
		slot = id_map_get(&groups->map, rtt_groups_hash(&membership->key));
		if (slot > groups->top)
			slot = METRICS_GROUPS_OTHER;
	}
	return &groups->slots[slot]->counts;
}

static struct metrics_candidate *busiest(struct metrics_groups *groups)
{
	struct metrics_candidate *best = NULL;

	for (uint32_t i = 0; i < groups->waiting; i++)
		if (!best || groups->candidates[i].recent > best->recent)
			best = &groups->candidates[i];
	return best;
}

static struct metrics_group *idlest(struct metrics_groups *groups)
{
	struct metrics_group *least = groups->slots[1];

	for (uint32_t i = 2; i <= groups->used; i++)
		if (groups->slots[i]->recent < least->recent)
			least = groups->slots[i];
	return least;
}

static void take_over(struct metrics_group *group,
		      struct metrics_candidate *candidate)
{
	*group = (struct metrics_group){
		.key = candidate->key,
		.generation = group->generation + 1,
		.recent = candidate->recent,
	};
	candidate->recent = 0;
}

static void forget_candidates(struct metrics_groups *groups)
{
	memset(groups->map.slots, 0,
	       (groups->map.mask + 1) * sizeof(*groups->map.slots));
	for (uint32_t i = 1; i <= groups->used; i++) {
		id_map_set(&groups->map, rtt_groups_hash(&groups->slots[i]->key),
			   i);
		groups->slots[i]->recent = 0;
	}
	groups->waiting = 0;
}

void metrics_groups_end_round(struct metrics_groups *groups)
{
	if (!groups->top)
		return;
	for (int i = 0; i < TAKEOVERS_MAX; i++) {
		struct metrics_candidate *candidate = busiest(groups);
		struct metrics_group *group = candidate ? idlest(groups) : NULL;

		if (!group ||
		    candidate->recent <= TAKEOVER_RATIO * group->recent)
			break;
		take_over(group, candidate);
	}
	forget_candidates(groups);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A table of groups that gives up its smallest half when it is full, so that
 * sorting costs each new group no more than a few comparisons. */
#include "rtt_groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_MIN = 32 };

uint64_t rtt_groups_hash(const struct rtt_key *key)
{
	uint64_t words[2], hash;

	memcpy(words, key->bytes, sizeof(words));
	hash = (words[0] ^ key->family) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32 ^ words[1]) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ hash >> 29 ^ key->number) * UINT64_C(0x94d049bb133111eb);
	return hash ^ hash >> 31;
}

static void merge(struct rtt_group *into, const struct rtt_group *from)
{
	into->members += from->members;
	histogram_log2_merge(&into->log2, &from->log2);
	histogram_merge(&into->exact, &from->exact);
}

/* Equal ones in the order in which they came. */
static int compare(const void *a, const void *b)
{
	const struct rtt_group *one = *(struct rtt_group *const *)a;
	const struct rtt_group *two = *(struct rtt_group *const *)b;

	if (one->log2.count != two->log2.count)
		return one->log2.count < two->log2.count ? 1 : -1;
	return one->order < two->order ? -1 : 1;
}

static void rebuild_map(struct rtt_groups *groups)
{
	memset(groups->map.slots, 0,
	       (groups->map.mask + 1) * sizeof(*groups->map.slots));
	for (size_t i = 0; i < groups->count; i++)
		id_map_set(&groups->map, groups->groups[i]->hash,
			   (uint32_t)i + 1);
}

int rtt_groups_init(struct rtt_groups *groups, size_t top)
{
	*groups = (struct rtt_groups){
		.top = top,
		.limit = 2 * top > LIMIT_MIN ? 2 * top : LIMIT_MIN,
	};
	groups->groups = calloc(groups->limit, sizeof(*groups->groups));
	if (groups->groups && !id_map_reserve(&groups->map, groups->limit))
		return 0;
	rtt_groups_done(groups);
	return -ENOMEM;
}

void rtt_groups_done(struct rtt_groups *groups)
{
	for (size_t i = 0; i < groups->made; i++)
		free(groups->groups[i]);
	free(groups->groups);
	id_map_done(&groups->map);
	*groups = (struct rtt_groups){ 0 };
}

/* Memory of groups that were given up is used again. */
static struct rtt_group *make(struct rtt_groups *groups)
{
	struct rtt_group **group = &groups->groups[groups->count];

	if (groups->count == groups->made) {
		*group = malloc(sizeof(**group));
		if (!*group)
			return NULL;
		groups->made++;
	}
	groups->count++;
	return *group;
}

struct rtt_group *rtt_groups_get(struct rtt_groups *groups,
				 const struct rtt_key *key)
{
	uint64_t hash = rtt_groups_hash(key);
	uint32_t index = id_map_get(&groups->map, hash);
	struct rtt_group *group;

	if (index)
		return groups->groups[index - 1];
	if (groups->count == groups->limit)
		rtt_groups_rank(groups);
	group = make(groups);
	if (!group) {
		groups->other.members++;
		return &groups->other;
	}
	memset(group, 0, sizeof(*group));
	group->key = *key;
	group->hash = hash;
	group->members = 1;
	group->order = groups->orders++;
	id_map_set(&groups->map, hash, (uint32_t)groups->count);
	return group;
}

void rtt_groups_rank(struct rtt_groups *groups)
{
	qsort(groups->groups, groups->count, sizeof(*groups->groups), compare);
	while (groups->count > groups->top)
		merge(&groups->other, groups->groups[--groups->count]);
	rebuild_map(groups);
}

void rtt_groups_clear(struct rtt_groups *groups)
{
	groups->count = 0;
	groups->orders = 0;
	memset(&groups->other, 0, sizeof(groups->other));
	rebuild_map(groups);
}

void rtt_group_add(struct rtt_group *group, uint32_t srtt_us, uint32_t every)
{
	histogram_add_many(&group->exact, srtt_us, every);
	histogram_log2_add_bucket(&group->log2, histogram_log2_bucket(srtt_us),
				  every, (uint64_t)srtt_us * every);
}

void rtt_group_add_bucket(struct rtt_group *group,
			  const struct event_bucket *bucket)
{
	histogram_log2_add_bucket(&group->log2, bucket->le_log2, bucket->count,
				  bucket->sum);
}

uint64_t rtt_group_percentile(const struct rtt_group *group,
			      unsigned int per_mille)
{
	const struct histogram_log2 *log2 = &group->log2;
	uint64_t gt, le = 0, passed = 0;

	if (group->exact.count)
		return histogram_percentile(&group->exact, per_mille);
	for (unsigned int i = 0; i < HISTOGRAM_LOG2_BUCKETS; i++) {
		passed += log2->buckets[i];
		histogram_log2_edges(i, &gt, &le);
		if ((double)passed * 1000 >= (double)log2->count * per_mille)
			break;
	}
	return le;
}

double rtt_group_average(const struct rtt_group *group)
{
	return group->log2.count ?
	       (double)group->log2.sum / (double)group->log2.count : 0;
}

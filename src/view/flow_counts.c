/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool of flows, found by a hash of their ends; see flow_counts.h. */
#include "flow_counts.h"

#include <stdlib.h>
#include <string.h>

static struct flow *flow_at(const struct flow_counts *counts, uint32_t index)
{
	return (struct flow *)counts->flows.entries + index;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t mix_end(uint64_t hash, const struct endpoint *end)
{
	uint64_t words[2];

	memcpy(words, end->address, sizeof(words));
	return mix(mix(mix(hash, words[0]), words[1]), end->port);
}

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port &&
	       !memcmp(a->address, b->address, sizeof(a->address));
}

static bool is_flow(const struct flow *flow, const struct event *event)
{
	return same_end(&flow->local, &event->local) &&
	       same_end(&flow->remote, &event->remote);
}

/* The index of the event's flow, or 0 and in *id a number that is free. */
static uint32_t find(const struct flow_counts *counts,
		     const struct event *event, uint64_t *id)
{
	uint32_t index;

	*id = mix_end(mix_end(0, &event->local), &event->remote);
	for (;; ++*id) {
		index = id_map_get(&counts->flows.map, *id);
		if (!index || is_flow(flow_at(counts, index), event))
			return index;
	}
}

/* 0: there is no room. */
static uint32_t add(struct flow_counts *counts, const struct event *event,
		    uint64_t id)
{
	uint32_t index;

	if (!pool_has_room(&counts->flows))
		return 0;
	index = pool_take(&counts->flows);
	id_map_set(&counts->flows.map, id, index);
	*flow_at(counts, index) = (struct flow){
		.id = id,
		.local = event->local,
		.remote = event->remote,
		.family = event->has & EVENT_HAS_ENDPOINTS ? event->family : 0,
	};
	return index;
}

int flow_counts_init(struct flow_counts *counts, size_t limit)
{
	*counts = (struct flow_counts){ 0 };
	return pool_init(&counts->flows, limit, sizeof(struct flow));
}

void flow_counts_done(struct flow_counts *counts)
{
	pool_done(&counts->flows);
	free(counts->order);
	*counts = (struct flow_counts){ 0 };
}

void flow_counts_add(struct flow_counts *counts,
		     const struct observation *observation)
{
	uint64_t id;
	uint32_t index = find(counts, &observation->event, &id);
	struct flow *flow;

	if (!index)
		index = add(counts, &observation->event, id);
	if (!index) {
		counts->other[observation->class]++;
		return;
	}
	flow = flow_at(counts, index);
	flow->by_class[observation->class]++;
	if (observation->owner.pid)
		flow->owner = observation->owner;
}

uint64_t flow_counts_sum(const uint64_t by_class[REASON_CLASS_COUNT])
{
	uint64_t sum = 0;

	for (size_t i = 0; i < REASON_CLASS_COUNT; i++)
		if (i != REASON_CLASS_FAILED)
			sum += by_class[i];
	return sum;
}

static int compare(const void *a, const void *b, void *context)
{
	const uint32_t *first = a, *second = b;
	uint64_t one = flow_counts_sum(flow_at(context, *first)->by_class);
	uint64_t other = flow_counts_sum(flow_at(context, *second)->by_class);

	if (one != other)
		return one < other ? -1 : 1;
	return *first < *second ? -1 : 1;
}

size_t flow_counts_sort(struct flow_counts *counts)
{
	size_t count = counts->flows.used;

	free(counts->order);
	counts->order = count ? malloc(count * sizeof(*counts->order)) : NULL;
	if (!counts->order)
		return count;
	for (size_t i = 0; i < count; i++)
		counts->order[i] = (uint32_t)i + 1;
	qsort_r(counts->order, count, sizeof(*counts->order), compare, counts);
	return count;
}

const struct flow *flow_counts_at(const struct flow_counts *counts, size_t place)
{
	return flow_at(counts, counts->order ? counts->order[place] :
					       (uint32_t)place + 1);
}

/* Flows go all at once: what is in use is all that was ever given out. */
void flow_counts_clear(struct flow_counts *counts)
{
	for (uint32_t index = 1; index <= counts->flows.used; index++)
		id_map_remove(&counts->flows.map, flow_at(counts, index)->id);
	counts->flows.used = 0;
	memset(counts->other, 0, sizeof(counts->other));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers the last events of each CPU; see twins.h. */
#include "twins.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CPUS = 256,             /* those beyond share a place */
	DEPTH = 16,             /* events of one CPU between two twins */
	APART_NS = 1000 * 1000
};

struct seen {
	struct event event;
	uint64_t instances;     /* that gave it, as bits; 0 = empty */
};

struct twins {
	struct seen last[CPUS][DEPTH];
	uint8_t next[CPUS];
};

struct twins *twins_new(void)
{
	return calloc(1, sizeof(struct twins));
}

void twins_free(struct twins *twins)
{
	free(twins);
}

static bool are_twins(const struct event *one, const struct event *other)
{
	struct event moved = *one;

	if (other->time_ns < one->time_ns ||
	    other->time_ns - one->time_ns > APART_NS)
		return false;
	moved.time_ns = other->time_ns;
	moved.late = other->late;
	return !memcmp(&moved, other, sizeof(moved));
}

bool twins_take(struct twins *twins, size_t instance, const struct event *event)
{
	struct seen *last = twins->last[event->cpu % CPUS];
	uint64_t bit = UINT64_C(1) << instance % 64;
	uint8_t *next = &twins->next[event->cpu % CPUS];

	for (size_t i = 0; i < DEPTH; i++) {
		struct seen *seen = &last[(*next + i) % DEPTH];

		if (!seen->instances || seen->instances & bit ||
		    !are_twins(&seen->event, event))
			continue;
		seen->instances |= bit;
		return true;
	}
	memcpy(&last[*next].event, event, sizeof(*event));
	last[*next].instances = bit;
	*next = (uint8_t)((*next + 1) % DEPTH);
	return false;
}

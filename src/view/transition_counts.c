/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts transitions in a table that their ends index. */
#include "transition_counts.h"

#include <stdlib.h>

static uint8_t known_state(uint8_t state)
{
	return state < TCP_STATE_COUNT ? state : TCP_STATE_COUNT;
}

static struct transition **place_of(struct transition_counts *counts,
				    uint8_t old_state, uint8_t new_state,
				    uint8_t trigger)
{
	size_t ends = (size_t)old_state * TRANSITION_STATES + new_state;

	return &counts->by_ends[ends * REASON_TRIGGER_COUNT + trigger];
}

void transition_counts_add(struct transition_counts *counts,
			   const struct observation *observation)
{
	uint8_t old_state = known_state(observation->old_state);
	uint8_t new_state = known_state(observation->event.state.new_state);
	struct transition **place = place_of(counts, old_state, new_state,
					     observation->trigger);
	struct transition *transition = *place;

	if (!transition)
		transition = *place = calloc(1, sizeof(*transition));
	if (!transition) {
		counts->other++;
		return;
	}
	transition->old_state = old_state;
	transition->new_state = new_state;
	transition->trigger = observation->trigger;
	transition->count++;
	transition->by_reason[observation->why]++;
	if (span_is_exact(observation->span))
		histogram_add(&transition->stays, observation->span.min_ns);
}

enum reason transition_counts_reason(const struct transition *transition)
{
	enum reason most = REASON_UNKNOWN;

	for (unsigned int i = REASON_UNKNOWN + 1; i < REASON_COUNT; i++)
		if (transition->by_reason[i] &&
		    (most == REASON_UNKNOWN ||
		     transition->by_reason[i] > transition->by_reason[most]))
			most = (enum reason)i;
	return most;
}

void transition_counts_done(struct transition_counts *counts)
{
	for (size_t i = 0; i < TRANSITION_COUNTS_MAX; i++)
		free(counts->by_ends[i]);
	*counts = (struct transition_counts){ .other = 0 };
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The state machine as it was seen: each transition with its trigger, how often
 * it was taken, why, and after how long. */
#ifndef TRANSITION_COUNTS_H
#define TRANSITION_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "common/histogram.h"
#include "tracker/reason.h"
#include "tracker/tracker.h"
#include "tcpwatch/tcp_state.h"

enum {
	/* States that this build has no name for are one more. */
	TRANSITION_STATES = TCP_STATE_COUNT + 1,
	TRANSITION_COUNTS_MAX = TRANSITION_STATES * TRANSITION_STATES *
				REASON_TRIGGER_COUNT
};

struct transition {
	uint8_t old_state, new_state;   /* enum tcp_state */
	uint8_t trigger;                /* enum reason_trigger */
	uint64_t count;
	uint64_t by_reason[REASON_COUNT];
	struct histogram stays; /* ns in old_state, where that is exactly known */
};

/* Zero-initialised = empty. By old state, new state and trigger: the kernel has
 * some thirty, so that what it takes is bounded and mostly small. */
struct transition_counts {
	struct transition *by_ends[TRANSITION_COUNTS_MAX]; /* NULL = none yet */
	uint64_t other;         /* taken, but memory was short for them */
};

/* Counts an observation of EVENT_STATE. */
void transition_counts_add(struct transition_counts *counts,
			   const struct observation *observation);

/* The most frequent one; REASON_UNKNOWN only if none was known. */
enum reason transition_counts_reason(const struct transition *transition);

void transition_counts_done(struct transition_counts *counts);

#endif

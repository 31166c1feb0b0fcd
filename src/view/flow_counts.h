/* SPDX-License-Identifier: BSD-2-Clause */
/* Retransmissions by flow and class, in a bounded table. */
#ifndef FLOW_COUNTS_H
#define FLOW_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "common/pool.h"
#include "tracker/reason.h"
#include "tracker/tracker.h"
#include "tcpwatch/event.h"

/* A flow is its two ends: what a SYN-ACK's request and the socket that comes of
 * it have in common. */
struct flow {
	uint64_t id;            /* hash of the ends, or one of the next numbers */
	struct endpoint local, remote;
	struct owner owner;     /* as last known */
	uint8_t family;         /* enum event_family; 0 = ends not known */
	uint64_t by_class[REASON_CLASS_COUNT];
};

struct flow_counts {
	struct pool flows;              /* of struct flow */
	uint64_t other[REASON_CLASS_COUNT]; /* of flows that had no room */
	uint32_t *order;                /* flow_counts_sort()'s */
};

/* limit > 0: flows. 0 or -ENOMEM. */
int flow_counts_init(struct flow_counts *counts, size_t limit);
void flow_counts_done(struct flow_counts *counts); /* accepts a zeroed object */

/* Counts an observation of EVENT_RETRANS. */
void flow_counts_add(struct flow_counts *counts,
		     const struct observation *observation);

/* All but failed attempts, which sent nothing. */
uint64_t flow_counts_sum(const uint64_t by_class[REASON_CLASS_COUNT]);

/* How many flows there are; sorts them, fewest retransmissions first (as they
 * came where memory is short for that). */
size_t flow_counts_sort(struct flow_counts *counts);

/* The flow in that place, from 0; valid until the next flow_counts_add(). */
const struct flow *flow_counts_at(const struct flow_counts *counts, size_t place);

/* Forgets everything. */
void flow_counts_clear(struct flow_counts *counts);

#endif

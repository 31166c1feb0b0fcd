/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts what metrics tell: everything that observations say, summed up in
 * memory that does not grow with them. */
#ifndef METRICS_H
#define METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "common/histogram.h"
#include "common/id_map.h"
#include "common/lru.h"
#include "common/pool.h"
#include "metrics_groups.h"
#include "tracker/tracker.h"
#include "view/view.h"

struct metrics {
	struct view_rtt_options by;     /* what makes a group */
	struct metrics_groups groups;
	struct pool sockets;            /* of struct metrics_socket, by sock */
	struct lru order;
	struct id_map ids;              /* socket_id to index: where events were
	                                 * lost, the next owner of an address tells
	                                 * that the last one has gone */
	uint64_t *listening;            /* local ports, as bits, that a listener
	                                 * has or had: all others are ephemeral */
	struct histogram_log2 stays[TCP_STATE_COUNT]; /* microseconds; their sums
	                                               * nanoseconds */
	uint64_t unmeasured[TCP_STATE_COUNT]; /* stays without an upper bound */
	uint64_t now_ns;                /* event time */
};

/* by->by RTT_BY_ALL, RTT_BY_LPORT, RTT_BY_RADDR or RTT_BY_COMM; by->top groups.
 * max_sockets > 0. 0 or -ENOMEM. */
int metrics_init(struct metrics *metrics, const struct view_rtt_options *by,
		 size_t max_sockets);
void metrics_done(struct metrics *metrics);     /* accepts a zeroed object */

/* Counts an observation of any kind. */
void metrics_take(struct metrics *metrics, const struct observation *observation);

/* Brings up to metrics->now_ns what time changes: open sockets, and seconds in
 * congestion states. */
void metrics_settle(struct metrics *metrics);

#endif

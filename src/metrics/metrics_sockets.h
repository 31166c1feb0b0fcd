/* SPDX-License-Identifier: BSD-2-Clause */
/* What metrics remember of each socket: its state and its group. A bounded table;
 * the one not heard of for longest goes first. */
#ifndef METRICS_SOCKETS_H
#define METRICS_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "metrics.h"
#include "metrics_groups.h"
#include "tracker/tracker.h"
#include "tcpwatch/tcp_state.h"

struct metrics_socket {
	uint64_t sock;          /* 0 = the entry is free */
	uint64_t id;            /* event.socket_id; 0 = not known yet */
	uint64_t counted_ns;    /* time in cong is counted up to here */
	struct metrics_membership membership;
	uint8_t state;          /* enum tcp_state, TCP_STATE_UNKNOWN beyond */
	uint8_t cong;           /* enum cong_state */
	uint8_t why;            /* enum reason: what began its end */
};

/* The socket of the observation, its times counted up to that; new where it was
 * not known. NULL: the observation is about none. Borrowed until the next call. */
struct metrics_socket *metrics_sockets_get(struct metrics *metrics,
					   const struct observation *observation);

void metrics_sockets_forget(struct metrics *metrics, uint64_t sock);

/* Brings up to metrics->now_ns what each socket adds to its group: that it is open,
 * and its time in its congestion state. */
void metrics_sockets_count(struct metrics *metrics);

/* That state, or TCP_STATE_UNKNOWN for one that metrics do not count. */
static inline uint8_t metrics_sockets_known_state(uint8_t state)
{
	return state < TCP_STATE_COUNT ? state : TCP_STATE_UNKNOWN;
}

/* Only connections are in a congestion state. */
static inline bool metrics_sockets_is_connected(uint8_t state)
{
	switch (state) {
	case TCP_STATE_ESTABLISHED:
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSING:
		return true;
	default:
		return false;
	}
}

#endif

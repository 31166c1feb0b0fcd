/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel keeps no time of a change: what it keeps of other things says that
 * the state was there before. */
#include "socket_age.h"

#include <stddef.h>

#include "give_up.h"
#include "tcpwatch/tcp_state.h"

enum { TIME_WAIT_MS = 60000 };

/* What came or went did so in this state, or before it in the handshake's last
 * step. */
static uint64_t of_established(const struct socket_status *status)
{
	uint64_t age_ms = status->ack_received_ms;

	if (status->data_sent_ms > age_ms)
		age_ms = status->data_sent_ms;
	return status->data_received_ms > age_ms ? status->data_received_ms :
						   age_ms;
}

uint64_t socket_age_of(const struct socket_status *status,
		       const struct socket_limits *limits)
{
	struct give_up end;

	switch (status->state) {
	case TCP_STATE_ESTABLISHED:
		return status->has_info ? of_established(status) : 0;
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_FIN_WAIT2:
		/* The FIN that led there, or the ACK, was one. */
		return status->has_info ? status->ack_received_ms : 0;
	case TCP_STATE_TIME_WAIT:
		return status->timer_ms < TIME_WAIT_MS ?
		       TIME_WAIT_MS - status->timer_ms : 0;
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_SYN_RECV:
		return give_up_of(status, limits, NULL, &end) ? end.since_ms : 0;
	default:
		return 0;
	}
}

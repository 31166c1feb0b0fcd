/* SPDX-License-Identifier: BSD-2-Clause */
/* One rule a state or timer; the first that holds is told. */
#include "problem.h"

#include <inttypes.h>
#include <stdio.h>

#include "tcpwatch/tcp_state.h"

/* One retransmission is everyday: a peer that does not answer the next one, which
 * comes twice as late, has other troubles. */
enum { RETRIES_MANY = 2 };

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static bool tell_retries(const struct socket_status *status, const char *what,
			 char *text)
{
	snprintf(text, PROBLEM_TEXT_BYTES, "%s unanswered, sent again %u time%s",
		 what, (unsigned int)status->retries, plural(status->retries));
	return true;
}

static bool of_timer(const struct socket_status *status, char *text)
{
	if (status->timer == SOCKET_TIMER_SYNACK && status->retries)
		return tell_retries(status, "SYN-ACK", text);
	if (status->timer == SOCKET_TIMER_ZERO_WINDOW) {
		snprintf(text, PROBLEM_TEXT_BYTES, "the peer takes nothing: zero "
			 "window, %" PRIu32 " byte%s wait", status->unacked,
			 plural(status->unacked));
		return true;
	}
	if (status->timer != SOCKET_TIMER_RETRANSMIT)
		return false;
	if (status->state == TCP_STATE_SYN_SENT && status->retries)
		return tell_retries(status, "SYN", text);
	if (status->retries < RETRIES_MANY)
		return false;
	return tell_retries(status, "the peer may be gone: data", text);
}

/* The kernel takes one more than what listen() was told. */
static bool of_listener(const struct socket_status *status, char *text)
{
	if (status->received <= status->unacked)
		return false;
	snprintf(text, PROBLEM_TEXT_BYTES, "accept queue full: %" PRIu32
		 " connection%s wait, %" PRIu32 " may", status->received,
		 plural(status->received), status->unacked);
	return true;
}

bool problem_of(const struct socket_status *status, size_t unclosed, char *text)
{
	if (status->state == TCP_STATE_LISTEN)
		return of_listener(status, text);
	if (of_timer(status, text))
		return true;
	if (status->state == TCP_STATE_CLOSE_WAIT) {
		snprintf(text, PROBLEM_TEXT_BYTES, "closed by the peer and not by its "
			 "process: 1 of %zu", unclosed);
		return true;
	}
	if (status->state == TCP_STATE_FIN_WAIT2 && !status->held) {
		snprintf(text, PROBLEM_TEXT_BYTES, "orphan: closed by its process and "
			 "not by the peer");
		return true;
	}
	return false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* One rule a state or timer; the first that holds is told. */
#include "problem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "give_up.h"
#include "tcpwatch/tcp_state.h"

enum {
	/* One retransmission is everyday: a peer that does not answer the next one,
	 * which comes twice as late, has other troubles. */
	RETRIES_MANY = 2,
	/* The first timer of a request: a longer one has run out before. */
	REQUEST_MS = 1000,
	SECONDS_BYTES = 24
};

/* "1.4 s", from ten seconds on without tenths. */
static const char *seconds(char text[SECONDS_BYTES], uint64_t ms)
{
	if (ms < 10000)
		snprintf(text, SECONDS_BYTES, "%" PRIu64 ".%" PRIu64 " s",
			 ms / 1000, ms % 1000 / 100);
	else
		snprintf(text, SECONDS_BYTES, "%" PRIu64 " s", ms / 1000);
	return text;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* All rules end so. */
__attribute__((format(printf, 2, 3)))
static bool tell(char *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, PROBLEM_TEXT_BYTES, format, arguments);
	va_end(arguments);
	return true;
}

static bool of_handshake(const struct problem_facts *facts, const char *what,
			 char *text)
{
	const unsigned int tries = facts->status->retries;
	struct give_up end;
	char left[SECONDS_BYTES];

	if (!give_up_of(facts->status, facts->limits, facts->options, &end))
		return tell(text, "%s unanswered, sent again %u time%s", what, tries,
			    plural(tries));
	seconds(left, end.left_ms);
	if (!end.tries)
		return tell(text, "%s unanswered, sent again %u time%s, given up in "
			    "%s by %s", what, tries, plural(tries), left, end.by);
	return tell(text, "%s unanswered, sent again %u of %u time%s, given up in "
		    "%s", what, tries, end.tries, plural(end.tries), left);
}

/* An acknowledged request waits for its data without being sent again. */
static bool of_request(const struct problem_facts *facts, char *text)
{
	struct give_up end;
	char since[SECONDS_BYTES];

	if (facts->status->retries)
		return of_handshake(facts, "SYN-ACK", text);
	if (facts->status->timer_ms <= REQUEST_MS ||
	    !give_up_of(facts->status, facts->limits, NULL, &end))
		return false;
	return tell(text, "no data for %s: its listener defers accept "
		    "(TCP_DEFER_ACCEPT)", seconds(since, end.since_ms));
}

static bool of_zero_window(const struct problem_facts *facts, char *text)
{
	const struct socket_status *status = facts->status;
	struct give_up end;
	char since[SECONDS_BYTES], left[SECONDS_BYTES];

	if (!give_up_of(status, facts->limits, facts->options, &end))
		return tell(text, "zero window: the peer takes none of %" PRIu32
			    " byte%s", status->unacked, plural(status->unacked));
	seconds(since, end.since_ms);
	if (!end.tries)
		return tell(text, "zero window for %s: the peer takes none of %"
			    PRIu32 " byte%s, given up in %s by %s", since,
			    status->unacked, plural(status->unacked),
			    seconds(left, end.left_ms), end.by);
	return tell(text, "zero window for %s: the peer takes none of %" PRIu32
		    " byte%s, %u of %u probes unanswered", since,
		    status->unacked, plural(status->unacked),
		    (unsigned int)status->retries, end.tries);
}

static bool of_data(const struct problem_facts *facts, char *text)
{
	struct give_up end;
	char since[SECONDS_BYTES], left[SECONDS_BYTES];

	if (facts->status->retries < RETRIES_MANY)
		return false;
	if (!give_up_of(facts->status, facts->limits, facts->options, &end))
		return tell(text, "the peer may be gone: sent again %u times",
			    (unsigned int)facts->status->retries);
	return tell(text, "the peer may be gone: retransmitting for %s, given up in "
		    "%s by %s", seconds(since, end.since_ms),
		    seconds(left, end.left_ms), end.by);
}

static bool of_timer(const struct problem_facts *facts, char *text)
{
	const struct socket_status *status = facts->status;

	switch (status->timer) {
	case SOCKET_TIMER_SYNACK:
		return of_request(facts, text);
	case SOCKET_TIMER_ZERO_WINDOW:
		return of_zero_window(facts, text);
	case SOCKET_TIMER_RETRANSMIT:
		if (status->state != TCP_STATE_SYN_SENT)
			return of_data(facts, text);
		return status->retries && of_handshake(facts, "SYN", text);
	default:
		return false;
	}
}

/* The kernel takes one more than what listen() was told. */
static bool of_listener(const struct problem_facts *facts, char *text)
{
	const struct socket_status *status = facts->status;
	const char *waiting = status->received == 1 ? "connection waits" :
						      "connections wait";

	if (status->received > status->unacked && status->drops)
		return tell(text, "accept queue full: %" PRIu32 " %s, %" PRIu32
			    " may, %" PRIu32 " found no room", status->received,
			    waiting, status->unacked, status->drops);
	if (status->received > status->unacked)
		return tell(text, "accept queue full: %" PRIu32 " %s, %" PRIu32
			    " may", status->received, waiting, status->unacked);
	return facts->new_drops &&
	       tell(text, "accept queue overflows: %" PRIu32 " more found no room",
		    facts->new_drops);
}

static bool of_unclosed(const struct problem_facts *facts, char *text)
{
	if (!facts->status->tgid)
		return tell(text, "closed by the peer and not by its process, which "
			    "is not known");
	return tell(text, "closed by the peer and not by its process: 1 of %zu",
		    facts->unclosed);
}

static bool of_orphan(const struct problem_facts *facts, char *text)
{
	struct give_up end;
	char left[SECONDS_BYTES];

	if (!give_up_of(facts->status, facts->limits, NULL, &end))
		return tell(text, "orphan: closed by its process and not by the peer");
	return tell(text, "orphan: closed by its process and not by the peer, freed "
		    "in %s", seconds(left, end.left_ms));
}

static bool of_keepalive(const struct problem_facts *facts, char *text)
{
	const unsigned int probes = facts->status->retries;
	struct give_up end;
	char left[SECONDS_BYTES];

	if (!give_up_of(facts->status, facts->limits, facts->options, &end))
		return tell(text, "half-open: %u keepalive probe%s unanswered", probes,
			    plural(probes));
	seconds(left, end.left_ms);
	if (!end.tries)
		return tell(text, "half-open: %u keepalive probe%s unanswered, given "
			    "up in %s by %s", probes, plural(probes), left, end.by);
	return tell(text, "half-open: %u of %u keepalive probes unanswered, given up "
		    "in %s", probes, end.tries, left);
}

/* What is set for keepalive says how long a peer may be silent; the timeout ends
 * it at its first silence. */
static bool of_user_timeout(const struct problem_facts *facts, char *text)
{
	const struct socket_options *options = facts->options;
	char timeout[SECONDS_BYTES];
	uint64_t keepalive_s;

	if (!options || !options->keepalive || !options->user_timeout_ms)
		return false;
	keepalive_s = options->keep_idle_s +
		      (uint64_t)options->keep_interval_s * options->keep_count;
	if (options->user_timeout_ms >= 1000 * keepalive_s)
		return false;
	return tell(text, "TCP_USER_TIMEOUT of %s ends it before keepalive: %" PRIu32
		    " s idle + %" PRIu32 " x %" PRIu32 " s",
		    seconds(timeout, options->user_timeout_ms),
		    options->keep_idle_s, options->keep_count,
		    options->keep_interval_s);
}

/* Whoever has keepalive on has its timer running whenever nothing else is. Idle
 * is what keepalive would call so where it is on and nothing is set. */
static bool of_idle(const struct problem_facts *facts, char *text)
{
	const struct socket_status *status = facts->status;
	uint32_t idle_ms = status->data_sent_ms < status->data_received_ms ?
			   status->data_sent_ms : status->data_received_ms;
	char idle[SECONDS_BYTES];

	if (status->timer != SOCKET_TIMER_NONE || !status->has_info ||
	    idle_ms < 1000 * (uint64_t)facts->limits->keepalive_idle_s)
		return false;
	return tell(text, "idle for %s with keepalive off: nothing would tell that "
		    "the peer is gone", seconds(idle, idle_ms));
}

static bool of_established(const struct problem_facts *facts, char *text)
{
	if (facts->status->timer == SOCKET_TIMER_KEEPALIVE &&
	    facts->status->retries)
		return of_keepalive(facts, text);
	return of_user_timeout(facts, text) || of_idle(facts, text);
}

bool problem_of(const struct problem_facts *facts, char *text)
{
	const struct socket_status *status = facts->status;

	if (status->state == TCP_STATE_LISTEN)
		return of_listener(facts, text);
	if (of_timer(facts, text))
		return true;
	switch (status->state) {
	case TCP_STATE_CLOSE_WAIT:
		return of_unclosed(facts, text);
	case TCP_STATE_FIN_WAIT2:
		return !status->held && of_orphan(facts, text);
	case TCP_STATE_ESTABLISHED:
		return of_established(facts, text);
	default:
		return false;
	}
}

bool problem_needs_options(const struct problem_facts *facts)
{
	const struct socket_status *status = facts->status;
	char text[PROBLEM_TEXT_BYTES];

	if (status->state == TCP_STATE_LISTEN || !status->held)
		return false;
	return status->timer == SOCKET_TIMER_KEEPALIVE || of_timer(facts, text);
}

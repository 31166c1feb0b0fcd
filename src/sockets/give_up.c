/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timers double until they are at their longest. Whether it is time is asked
 * only when one has run out, and of data by the time that so many timers would
 * have taken from TCP's least one on, not by their number.
 */
#include "give_up.h"

#include "tcpwatch/tcp_state.h"

enum {
	RTO_MIN_MS = 200,       /* what data's limit is computed from */
	RTO_FIRST_MS = 1000,    /* of a SYN or SYN-ACK */
	ORPHAN_RETRIES = 8      /* where 0 is set */
};

static uint64_t doubled(uint64_t ms, const struct socket_limits *limits)
{
	return 2 * ms < limits->rto_max_ms ? 2 * ms : limits->rto_max_ms;
}

/* What so many retries and the first try take. */
static uint64_t time_of(uint32_t retries, uint64_t first_ms,
			const struct socket_limits *limits)
{
	uint64_t sum_ms = first_ms;

	while (retries--) {
		first_ms = doubled(first_ms, limits);
		sum_ms += first_ms;
	}
	return sum_ms;
}

/* Which part of the timer now is over. TCP_USER_TIMEOUT makes it shorter (4.19
 * on), which data sent again betrays: a SYN or FIN has none. */
static uint64_t part_of(const struct socket_status *status)
{
	uint64_t part_ms = status->timer_ms < status->rto_ms ?
			   status->rto_ms - status->timer_ms : 0;

	return status->state != TCP_STATE_SYN_SENT &&
	       status->data_sent_ms < part_ms ? status->data_sent_ms : part_ms;
}

/* Since the first of them was sent: the timers that ran out, of which the first
 * took *first_ms, and the part of the one now. */
static uint64_t since(const struct socket_status *status, uint64_t *first_ms)
{
	uint64_t timer_ms = status->rto_ms, sum_ms = part_of(status);
	unsigned int doublings = status->backoff;

	for (unsigned int i = 0; i < status->retries; i++) {
		if (doublings) {
			timer_ms /= 2;
			doublings--;
		}
		sum_ms += timer_ms;
	}
	*first_ms = timer_ms;
	return sum_ms;
}

/* The timer runs out in time for it (4.19 on). */
static void by_user_timeout(struct give_up *give_up, uint64_t timeout_ms,
			    uint64_t timer_ms)
{
	give_up->by = "TCP_USER_TIMEOUT";
	give_up->tries = 0;
	give_up->left_ms = timeout_ms > give_up->since_ms ?
			   timeout_ms - give_up->since_ms : timer_ms;
}

/* Counted from the first retransmission on, not from what was sent first. */
static void of_data(const struct socket_status *status,
		    const struct socket_limits *limits, uint64_t first_ms,
		    struct give_up *give_up)
{
	uint32_t retries = limits->retries;
	uint64_t timer_ms = status->rto_ms, limit_ms, age_ms;

	give_up->by = "tcp_retries2";
	if (!status->held) {
		give_up->by = "tcp_orphan_retries";
		retries = limits->orphan_retries ? limits->orphan_retries :
						   ORPHAN_RETRIES;
	}
	limit_ms = time_of(retries, RTO_MIN_MS, limits) + first_ms;
	give_up->left_ms = status->timer_ms;
	age_ms = give_up->since_ms + give_up->left_ms;
	while (age_ms < limit_ms) {
		timer_ms = doubled(timer_ms, limits);
		give_up->left_ms += timer_ms;
		age_ms += timer_ms;
	}
}

/* From 6.5 on the first ones do not double, and come on top of the others; the
 * time that the others would take holds as well. */
static void of_syn(const struct socket_status *status,
		   const struct socket_limits *limits, uint32_t retries,
		   struct give_up *give_up)
{
	const uint64_t limit_ms = time_of(retries, RTO_FIRST_MS, limits);
	const uint32_t most = retries + limits->syn_linear_timeouts;
	uint32_t tries = status->retries;
	uint64_t timer_ms = status->rto_ms, age_ms;

	give_up->by = "tcp_syn_retries";
	give_up->left_ms = status->timer_ms;
	age_ms = give_up->since_ms + give_up->left_ms;
	while (tries < most && !(tries && age_ms >= limit_ms)) {
		if (++tries > limits->syn_linear_timeouts)
			timer_ms = doubled(timer_ms, limits);
		give_up->left_ms += timer_ms;
		age_ms += timer_ms;
	}
	give_up->tries = tries;
}

static bool of_retransmissions(const struct socket_status *status,
			       const struct socket_limits *limits,
			       const struct socket_options *options,
			       struct give_up *give_up)
{
	bool is_syn = status->state == TCP_STATE_SYN_SENT;
	uint64_t first_ms;

	/* Before the first one it may be a loss probe's timer. */
	if (!status->has_info || (!is_syn && !status->retries) ||
	    !status->rto_ms || !limits->rto_max_ms)
		return false;
	*give_up = (struct give_up){ .since_ms = since(status, &first_ms) };
	if (options && options->user_timeout_ms)
		by_user_timeout(give_up, options->user_timeout_ms +
				(is_syn ? 0 : first_ms), status->timer_ms);
	else if (is_syn)
		of_syn(status, limits, options ? options->syn_retries :
		       limits->syn_retries, give_up);
	else
		of_data(status, limits, first_ms, give_up);
	return true;
}

/* A timer that is longer than its tries make it ran out without one: the peer's
 * ACK has come, and the listener waits for data. */
static bool of_request(const struct socket_status *status,
		       const struct socket_limits *limits,
		       struct give_up *give_up)
{
	uint64_t timer_ms = RTO_FIRST_MS;
	uint32_t timers = 0;

	*give_up = (struct give_up){
		.left_ms = status->timer_ms,
		.tries = limits->synack_retries,
		.by = "tcp_synack_retries",
	};
	while (timers < status->retries ||
	       (timer_ms < status->timer_ms && timer_ms < limits->rto_max_ms)) {
		give_up->since_ms += timer_ms;
		timer_ms = doubled(timer_ms, limits);
		timers++;
	}
	if (status->timer_ms < timer_ms)
		give_up->since_ms += timer_ms - status->timer_ms;
	for (; timers < limits->synack_retries; timers++) {
		timer_ms = doubled(timer_ms, limits);
		give_up->left_ms += timer_ms;
	}
	return true;
}

/* An answer that the window is still closed begins the count again, but not the
 * time of TCP_USER_TIMEOUT (5.11 on). */
static bool of_probes(const struct socket_status *status,
		      const struct socket_limits *limits,
		      const struct socket_options *options,
		      struct give_up *give_up)
{
	uint64_t timer_ms = status->rto_ms;
	uint32_t most = limits->retries;

	if (!status->has_info)
		return false;
	for (unsigned int i = 0; i < status->backoff; i++)
		timer_ms = doubled(timer_ms, limits);
	if (!status->held)
		most = limits->orphan_retries ? limits->orphan_retries :
						ORPHAN_RETRIES;
	*give_up = (struct give_up){
		.since_ms = status->data_sent_ms,
		.left_ms = status->timer_ms,
		.tries = most,
		.by = status->held ? "tcp_retries2" : "tcp_orphan_retries",
	};
	if (options && options->user_timeout_ms) {
		by_user_timeout(give_up, options->user_timeout_ms,
				status->timer_ms);
		return true;
	}
	for (uint32_t i = status->retries; i < most; i++) {
		timer_ms = doubled(timer_ms, limits);
		give_up->left_ms += timer_ms;
	}
	return true;
}

/* TCP_USER_TIMEOUT takes the place of the count. */
static bool of_keepalive(const struct socket_status *status,
			 const struct socket_options *options,
			 struct give_up *give_up)
{
	uint64_t idle_ms = status->data_received_ms < status->ack_received_ms ?
			   status->data_received_ms : status->ack_received_ms;
	uint64_t interval_ms, age_ms;

	if (!status->has_info || !status->retries || !options ||
	    !options->keep_interval_s)
		return false;
	interval_ms = 1000 * (uint64_t)options->keep_interval_s;
	*give_up = (struct give_up){
		.since_ms = idle_ms,
		.left_ms = status->timer_ms,
		.tries = options->keep_count,
		.by = "TCP_KEEPCNT",
	};
	if (!options->user_timeout_ms) {
		if (options->keep_count > status->retries)
			give_up->left_ms += interval_ms *
				(options->keep_count - status->retries);
		return true;
	}
	give_up->by = "TCP_USER_TIMEOUT";
	give_up->tries = 0;
	for (age_ms = idle_ms + status->timer_ms;
	     age_ms < options->user_timeout_ms; age_ms += interval_ms)
		give_up->left_ms += interval_ms;
	return true;
}

bool give_up_of(const struct socket_status *status,
		const struct socket_limits *limits,
		const struct socket_options *options, struct give_up *give_up)
{
	switch (status->timer) {
	case SOCKET_TIMER_RETRANSMIT:
		return of_retransmissions(status, limits, options, give_up);
	case SOCKET_TIMER_SYNACK:
		return of_request(status, limits, give_up);
	case SOCKET_TIMER_ZERO_WINDOW:
		return of_probes(status, limits, options, give_up);
	case SOCKET_TIMER_KEEPALIVE:
		if (status->state != TCP_STATE_FIN_WAIT2 || status->held)
			return of_keepalive(status, options, give_up);
		break;
	case SOCKET_TIMER_TIME_WAIT:
		if (status->state == TCP_STATE_FIN_WAIT2)
			break;
		return false;
	default:
		return false;
	}
	*give_up = (struct give_up){
		.left_ms = status->timer_ms, .by = "tcp_fin_timeout"
	};
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules: which change has which cause. What a rule says of the kernel was
 * read in net/ipv4/tcp*.c and seen to happen on 5.10 to 7.3.
 */
#include "reason.h"

#include <errno.h>
#include <stddef.h>

#include "tcpwatch/tcp_state.h"

static const char *const names[REASON_COUNT] = {
	[REASON_CONNECT] = "connect",
	[REASON_LISTEN] = "listen",
	[REASON_SYN_RECEIVED] = "SYN received",
	[REASON_SYNACK_RECEIVED] = "SYN-ACK received",
	[REASON_HANDSHAKE_DONE] = "handshake done",
	[REASON_SIMULTANEOUS_OPEN] = "simultaneous open",
	[REASON_CLOSED_BY_US] = "closed by us",
	[REASON_CLOSED_BY_PEER] = "closed by peer",
	[REASON_FIN_ACKNOWLEDGED] = "FIN acknowledged",
	[REASON_SIMULTANEOUS_CLOSE] = "simultaneous close",
	[REASON_TO_TIME_WAIT] = "to TIME_WAIT",
	[REASON_ORPHANED] = "orphaned",
	[REASON_LISTENER_CLOSED] = "listener closed",
	[REASON_REFUSED] = "connection refused",
	[REASON_RESET_BY_PEER] = "reset by peer",
	[REASON_ABORTED_BY_US] = "aborted by us",
	[REASON_TIMED_OUT] = "timed out",
	[REASON_KEEPALIVE_TIMED_OUT] = "keepalive timed out",
	[REASON_HOST_UNREACHABLE] = "host unreachable",
	[REASON_NET_UNREACHABLE] = "net unreachable",
	[REASON_GAVE_UP] = "gave up connecting",
	[REASON_KILLED] = "killed",
};

static const char *const trigger_names[REASON_TRIGGER_COUNT] = {
	[REASON_TRIGGER_CALL] = "call",
	[REASON_TRIGGER_PACKET] = "packet",
	[REASON_TRIGGER_TIMER] = "timer",
};

static const char *const class_names[REASON_CLASS_COUNT] = {
	[REASON_CLASS_UNKNOWN] = "unknown",
	[REASON_CLASS_SYN] = "syn",
	[REASON_CLASS_SYNACK] = "synack",
	[REASON_CLASS_RTO] = "rto",
	[REASON_CLASS_SLOWSTART] = "slowstart",
	[REASON_CLASS_FAST] = "fast",
	[REASON_CLASS_TLP] = "tlp",
	[REASON_CLASS_FAILED] = "failed",
};

#define EXACT(reason, cause) (struct reason_verdict){ \
	.why = REASON_##reason, .trigger = REASON_TRIGGER_##cause, .final = true }
#define INFERRED(reason, cause) (struct reason_verdict){ \
	.why = REASON_##reason, .trigger = REASON_TRIGGER_##cause, .inferred = true }
#define UNKNOWN ((struct reason_verdict){ .why = REASON_UNKNOWN })

static bool ran_in_interrupt(const struct event *event)
{
	return event->context & EVENT_CONTEXT_INTERRUPT;
}

static struct reason_verdict of_establishing(uint8_t old_state)
{
	return old_state == TCP_STATE_SYN_SENT ? EXACT(SYNACK_RECEIVED, PACKET) :
						 EXACT(HANDSHAKE_DONE, PACKET);
}

/* Changes to a state other than CLOSE have one cause each: inet_csk_listen_start(),
 * tcp_v4_connect(), tcp_close_state(), and what a segment asks for. */
static struct reason_verdict of_progress(const struct event *event)
{
	switch (event->state.new_state) {
	case TCP_STATE_SYN_SENT:
		return EXACT(CONNECT, CALL);
	case TCP_STATE_LISTEN:
		return EXACT(LISTEN, CALL);
	case TCP_STATE_SYN_RECV:
		return event->state.old_state == TCP_STATE_SYN_SENT ?
			EXACT(SIMULTANEOUS_OPEN, PACKET) :
			EXACT(SYN_RECEIVED, PACKET);
	case TCP_STATE_ESTABLISHED:
		return of_establishing(event->state.old_state);
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_LAST_ACK:
		return EXACT(CLOSED_BY_US, CALL);
	case TCP_STATE_FIN_WAIT2:
		return EXACT(FIN_ACKNOWLEDGED, PACKET);
	case TCP_STATE_CLOSING:
		return EXACT(SIMULTANEOUS_CLOSE, PACKET);
	case TCP_STATE_CLOSE_WAIT:
		return EXACT(CLOSED_BY_PEER, PACKET);
	default:
		return UNKNOWN;
	}
}

/* An ACK of our FIN ends LOSS before it ends the socket: one that is still in
 * LOSS was given up by its timer, and as an orphan nobody is told an error. Where
 * nothing is known of LOSS, only what did not take long is no timer's. */
static struct reason_verdict unless_given_up(const struct event *event,
					     const struct reason_clues *clues,
					     struct reason_verdict otherwise)
{
	enum { SHORTEST_NS = 1000000000 };

	if (!ran_in_interrupt(event))
		return otherwise;
	if (clues->cong == CONG_STATE_LOSS)
		return INFERRED(TIMED_OUT, TIMER);
	return clues->cong == CONG_STATE_UNKNOWN && clues->stay_ns >= SHORTEST_NS ?
	       UNKNOWN : otherwise;
}

/* The time in SYN_SENT at which the timer runs out: a second, and twice as long
 * each time (TCP_TIMEOUT_INIT). Kernels where it is not so report errors. Timers
 * are early by less than a jiffy. */
static bool timer_was_due(const struct reason_clues *clues)
{
	enum { LONGEST = 7, SECOND_NS = 1000000000, JIFFY_NS = 10000000 };
	unsigned int again = clues->syns_again;
	uint64_t seconds = (UINT64_C(2) << (again < LONGEST ? again : LONGEST)) - 1;

	return clues->stay_ns >= seconds * SECOND_NS - JIFFY_NS;
}

/* No segment of the peer's, no error and no reset of ours has told why, so far.
 * Where errors are told, what would be told is not inferred from silence. ICMP
 * ends a connect in interrupt as well, but hardly when the timer would. */
static struct reason_verdict of_silent_end(const struct event *event,
					   const struct reason_clues *clues)
{
	if (!ran_in_interrupt(event))
		return clues->reset_sent ? INFERRED(KILLED, CALL) : UNKNOWN;
	if (clues->reset_sent)
		return INFERRED(KEEPALIVE_TIMED_OUT, TIMER);
	if (clues->errors_told ||
	    (event->state.old_state == TCP_STATE_SYN_SENT &&
	     !timer_was_due(clues)))
		return UNKNOWN;
	return INFERRED(TIMED_OUT, TIMER);
}

static struct reason_verdict of_close(const struct event *event,
				      const struct reason_clues *clues)
{
	switch (event->state.old_state) {
	case TCP_STATE_LISTEN:
		return EXACT(LISTENER_CLOSED, CALL);
	case TCP_STATE_SYN_SENT:
		return ran_in_interrupt(event) || clues->reset_sent ?
			of_silent_end(event, clues) : INFERRED(GAVE_UP, CALL);
	case TCP_STATE_FIN_WAIT1:
		return unless_given_up(event, clues, UNKNOWN);
	case TCP_STATE_FIN_WAIT2:
		return INFERRED(TO_TIME_WAIT, PACKET);
	case TCP_STATE_CLOSING:
		return unless_given_up(event, clues,
				       INFERRED(TO_TIME_WAIT, PACKET));
	case TCP_STATE_LAST_ACK:
		return unless_given_up(event, clues,
				       INFERRED(FIN_ACKNOWLEDGED, PACKET));
	default:
		return of_silent_end(event, clues);
	}
}

bool reason_may_be_answer(const struct event *event)
{
	return ran_in_interrupt(event) &&
	       (event->state.old_state == TCP_STATE_FIN_WAIT1 ||
		event->state.old_state == TCP_STATE_FIN_WAIT2);
}

/* Data for a closed socket calls tcp_reset() too (tcp_rcv_state_process()). */
static struct reason_verdict of_reset_received(const struct event *event)
{
	struct reason_verdict verdict = EXACT(RESET_BY_PEER, PACKET);

	if (event->state.old_state == TCP_STATE_SYN_SENT)
		return EXACT(REFUSED, PACKET);
	verdict.final = !reason_may_be_answer(event);
	return verdict;
}

/* Nobody saw what ended it. */
static struct reason_verdict of_sampled_close(const struct event *event)
{
	switch (event->state.old_state) {
	case TCP_STATE_LISTEN:
		return INFERRED(LISTENER_CLOSED, CALL);
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSING:
		return INFERRED(TO_TIME_WAIT, PACKET);
	case TCP_STATE_LAST_ACK:
		return INFERRED(FIN_ACKNOWLEDGED, PACKET);
	default:
		return UNKNOWN;
	}
}

/* Between two looks: what is found is the last of perhaps several changes. */
static struct reason_verdict of_sampled(const struct event *event)
{
	struct reason_verdict verdict = UNKNOWN;

	if (event->state.new_state == TCP_STATE_CLOSE)
		verdict = of_sampled_close(event);
	/* A new connection may be by a connect() or by a SYN received. */
	else if (event->state.new_state != TCP_STATE_ESTABLISHED ||
		 event->state.old_state != TCP_STATE_UNKNOWN)
		verdict = of_progress(event);
	verdict.inferred = true;
	verdict.final = true;
	return verdict;
}

struct reason_verdict reason_of_change(const struct event *event,
				       const struct reason_clues *clues)
{
	if (event->has & EVENT_HAS_BOUNDS)
		return of_sampled(event);
	if (event->state.new_state != TCP_STATE_CLOSE)
		return of_progress(event);
	return clues->reset_received ? of_reset_received(event) :
				       of_close(event, clues);
}

/* tcp_disconnect() reports ECONNRESET to the application that called it; a reset
 * of the peer's would have been seen. */
static struct reason_verdict of_disconnect(const struct event *event)
{
	if (event->state.old_state == TCP_STATE_SYN_SENT)
		return INFERRED(GAVE_UP, CALL);
	return ran_in_interrupt(event) ? INFERRED(RESET_BY_PEER, PACKET) :
					 INFERRED(ABORTED_BY_US, CALL);
}

/* ICMP ends a connect at once; later it is remembered until the timer gives up
 * (tcp_write_err(), sk_err_soft). */
static uint8_t trigger_of_icmp(const struct event *event)
{
	return event->state.old_state == TCP_STATE_SYN_SENT ?
		REASON_TRIGGER_PACKET : REASON_TRIGGER_TIMER;
}

struct reason_verdict reason_of_error(const struct event *event,
				      const struct reason_clues *clues,
				      int32_t error)
{
	struct reason_verdict verdict = UNKNOWN;

	if (clues->reset_received)
		return of_reset_received(event);
	switch (error) {
	case ETIMEDOUT:         /* tcp_keepalive_timer() sends a reset first */
		return clues->reset_sent ? EXACT(KEEPALIVE_TIMED_OUT, TIMER) :
					   EXACT(TIMED_OUT, TIMER);
	case ECONNREFUSED:
		return EXACT(REFUSED, PACKET);
	case ECONNRESET:
	case EPIPE:
		return of_disconnect(event);
	case ECONNABORTED:      /* tcp_abort() alone reports it */
		return EXACT(KILLED, CALL);
	case EHOSTUNREACH:
		verdict = EXACT(HOST_UNREACHABLE, UNKNOWN);
		break;
	case ENETUNREACH:
		verdict = EXACT(NET_UNREACHABLE, UNKNOWN);
		break;
	default:
		return UNKNOWN;
	}
	verdict.trigger = trigger_of_icmp(event);
	return verdict;
}

/* In interrupt: data came for a socket that its application had closed. */
struct reason_verdict reason_of_reset_sent(const struct event *reset)
{
	return ran_in_interrupt(reset) ? EXACT(ABORTED_BY_US, PACKET) :
					 EXACT(ABORTED_BY_US, CALL);
}

/*
 * Where the application has closed, FIN_WAIT2 goes on in a time-wait socket that
 * no event tells of (tcp_time_wait()), as soon as our FIN is acknowledged; only a
 * FIN of the peer's that came with that very ACK looks the same. Where close()
 * works off the backlog, its rest does that behind the ACK, or such a FIN did.
 *
 * In interrupt it takes tcp_fin_timeout above its default to have an orphan in
 * FIN_WAIT2 for any longer, while a virtual CPU may well stand still between the
 * two changes: there it may take a second to be at once. In a call all that the
 * time decides is whether the call is named as what set it off.
 */
struct reason_verdict reason_of_orphan(const struct event *event,
				       uint64_t stay_ns)
{
	enum { IN_INTERRUPT_NS = 1000000000, IN_CALL_NS = 10000000 };

	if (ran_in_interrupt(event))
		return stay_ns < IN_INTERRUPT_NS ?
			INFERRED(ORPHANED, PACKET) :
			INFERRED(TO_TIME_WAIT, PACKET);
	return stay_ns < IN_CALL_NS ? INFERRED(ORPHANED, UNKNOWN) :
				      INFERRED(ORPHANED, CALL);
}

/* A loss probe is armed in OPEN and CWR alone (tcp_schedule_loss_probe()), and
 * LOSS is set before each timeout's retransmission (tcp_retransmit_timer()). */
static enum reason_class class_of_cong(const struct reason_sending *sending)
{
	switch (sending->cong) {
	case CONG_STATE_LOSS:
		return sending->timed_out ? REASON_CLASS_RTO :
					    REASON_CLASS_SLOWSTART;
	case CONG_STATE_RECOVERY:
		return REASON_CLASS_FAST;
	case CONG_STATE_OPEN:
	case CONG_STATE_CWR:
		return REASON_CLASS_TLP;
	default:
		return REASON_CLASS_UNKNOWN;
	}
}

enum reason_class reason_of_retransmission(const struct event *event,
					   const struct reason_sending *sending,
					   bool *inferred)
{
	*inferred = false;
	if (event->has & EVENT_HAS_ERRNO && event->retrans.err)
		return REASON_CLASS_FAILED;
	if (event->retrans.synack)
		return REASON_CLASS_SYNACK;
	if (sending->state == TCP_STATE_SYN_SENT)
		return REASON_CLASS_SYN;
	/* What the congestion state was when it was sent is not known. */
	if (event->has & EVENT_HAS_BOUNDS)
		return REASON_CLASS_UNKNOWN;
	*inferred = true;
	return class_of_cong(sending);
}

const char *reason_name(unsigned int reason)
{
	return reason < REASON_COUNT ? names[reason] : NULL;
}

const char *reason_trigger_name(unsigned int trigger)
{
	return trigger < REASON_TRIGGER_COUNT ? trigger_names[trigger] : NULL;
}

const char *reason_class_name(unsigned int class)
{
	return class_names[class < REASON_CLASS_COUNT ? class : 0];
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Which change has which cause; what a kernel without error reports leaves
 * open; classes of retransmissions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "tracker/reason.h"
#include "tcpwatch/tcp_state.h"

#define SECOND_NS UINT64_C(1000000000)

static struct event change(enum tcp_state old, enum tcp_state new, uint8_t context)
{
	struct event event = {
		.kind = EVENT_STATE,
		.has = EVENT_HAS_CONTEXT,
		.context = context,
	};

	event.state.old_state = (uint8_t)old;
	event.state.new_state = (uint8_t)new;
	return event;
}

static struct event close_of(enum tcp_state old, uint8_t context)
{
	return change(old, TCP_STATE_CLOSE, context);
}

static void assert_verdict(struct reason_verdict verdict, enum reason why,
			   enum reason_trigger trigger, bool inferred)
{
	assert_int_equal(verdict.why, why);
	assert_int_equal(verdict.trigger, trigger);
	assert_int_equal(verdict.inferred, inferred);
}

static void assert_unknown(struct reason_verdict verdict)
{
	assert_verdict(verdict, REASON_UNKNOWN, REASON_TRIGGER_UNKNOWN, false);
	assert_false(verdict.final);
}

static void progress_has_one_cause_in_any_context(void **state)
{
	static const struct {
		enum tcp_state old, new;
		enum reason why;
		enum reason_trigger trigger;
	} changes[] = {
		{ TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, REASON_CONNECT,
		  REASON_TRIGGER_CALL },
		{ TCP_STATE_CLOSE, TCP_STATE_LISTEN, REASON_LISTEN,
		  REASON_TRIGGER_CALL },
		{ TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, REASON_SYN_RECEIVED,
		  REASON_TRIGGER_PACKET },
		{ TCP_STATE_SYN_SENT, TCP_STATE_SYN_RECV,
		  REASON_SIMULTANEOUS_OPEN, REASON_TRIGGER_PACKET },
		{ TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED,
		  REASON_SYNACK_RECEIVED, REASON_TRIGGER_PACKET },
		{ TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED,
		  REASON_HANDSHAKE_DONE, REASON_TRIGGER_PACKET },
		{ TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1,
		  REASON_CLOSED_BY_US, REASON_TRIGGER_CALL },
		{ TCP_STATE_SYN_RECV, TCP_STATE_FIN_WAIT1, REASON_CLOSED_BY_US,
		  REASON_TRIGGER_CALL },
		{ TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, REASON_CLOSED_BY_US,
		  REASON_TRIGGER_CALL },
		{ TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2,
		  REASON_FIN_ACKNOWLEDGED, REASON_TRIGGER_PACKET },
		{ TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSING,
		  REASON_SIMULTANEOUS_CLOSE, REASON_TRIGGER_PACKET },
		{ TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT,
		  REASON_CLOSED_BY_PEER, REASON_TRIGGER_PACKET },
	};
	const struct reason_clues none = { .cong = CONG_STATE_OPEN };
	struct event event;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(changes) / sizeof(changes[0]); i++) {
		event = change(changes[i / 2].old, changes[i / 2].new,
			       i % 2 ? EVENT_CONTEXT_SOFTIRQ : 0);
		assert_verdict(reason_of_change(&event, &none),
			       changes[i / 2].why, changes[i / 2].trigger, false);
	}
	event = change(TCP_STATE_CLOSE, TCP_STATE_TIME_WAIT, 0);
	assert_unknown(reason_of_change(&event, &none));
}

static void a_reset_of_the_peer_ends_at_once(void **state)
{
	const struct reason_clues clues = { .reset_received = true };
	struct event event = close_of(TCP_STATE_SYN_SENT, 0);
	struct reason_verdict verdict = reason_of_change(&event, &clues);

	(void)state;
	assert_verdict(verdict, REASON_REFUSED, REASON_TRIGGER_PACKET, false);
	assert_true(verdict.final);
	event = close_of(TCP_STATE_CLOSE_WAIT, 0);
	verdict = reason_of_change(&event, &clues);
	assert_verdict(verdict, REASON_RESET_BY_PEER, REASON_TRIGGER_PACKET, false);
	assert_true(verdict.final);
}

/* Behind close() it may be the answer to data that makes it look so. */
static void a_reset_behind_close_is_not_the_last_word(void **state)
{
	const struct reason_clues clues = { .reset_received = true };
	const struct event event =
		close_of(TCP_STATE_FIN_WAIT1, EVENT_CONTEXT_SOFTIRQ);
	const struct event reset = { .kind = EVENT_RESET,
				     .context = EVENT_CONTEXT_SOFTIRQ };

	(void)state;
	assert_true(reason_may_be_answer(&event));
	assert_verdict(reason_of_change(&event, &clues), REASON_RESET_BY_PEER,
		       REASON_TRIGGER_PACKET, false);
	assert_false(reason_of_change(&event, &clues).final);
	assert_verdict(reason_of_error(&event, &clues, ECONNRESET),
		       REASON_RESET_BY_PEER, REASON_TRIGGER_PACKET, false);
	assert_verdict(reason_of_reset_sent(&reset), REASON_ABORTED_BY_US,
		       REASON_TRIGGER_PACKET, false);
}

static void errors_name_the_reason(void **state)
{
	const struct reason_clues none = { .errors_told = true };
	const struct event established =
		close_of(TCP_STATE_ESTABLISHED, EVENT_CONTEXT_SOFTIRQ);
	const struct event connecting =
		close_of(TCP_STATE_SYN_SENT, EVENT_CONTEXT_SOFTIRQ);
	const struct event called = close_of(TCP_STATE_ESTABLISHED, 0);

	(void)state;
	assert_unknown(reason_of_change(&established, &none));
	assert_unknown(reason_of_error(&established, &none, EPROTO));
	assert_verdict(reason_of_error(&established, &none, ETIMEDOUT),
		       REASON_TIMED_OUT, REASON_TRIGGER_TIMER, false);
	assert_verdict(reason_of_error(&connecting, &none, ECONNREFUSED),
		       REASON_REFUSED, REASON_TRIGGER_PACKET, false);
	assert_verdict(reason_of_error(&connecting, &none, EHOSTUNREACH),
		       REASON_HOST_UNREACHABLE, REASON_TRIGGER_PACKET, false);
	assert_verdict(reason_of_error(&established, &none, ENETUNREACH),
		       REASON_NET_UNREACHABLE, REASON_TRIGGER_TIMER, false);
	assert_verdict(reason_of_error(&called, &none, ECONNABORTED),
		       REASON_KILLED, REASON_TRIGGER_CALL, false);
	assert_verdict(reason_of_error(&called, &none, ECONNRESET),
		       REASON_ABORTED_BY_US, REASON_TRIGGER_CALL, true);
	assert_verdict(reason_of_error(&established, &none, ECONNRESET),
		       REASON_RESET_BY_PEER, REASON_TRIGGER_PACKET, true);
}

static void a_reset_of_ours_before_it_is_keepalive_or_kill(void **state)
{
	const struct reason_clues sent = { .reset_sent = true };
	const struct event interrupt =
		close_of(TCP_STATE_ESTABLISHED, EVENT_CONTEXT_SOFTIRQ);
	const struct event called = close_of(TCP_STATE_ESTABLISHED, 0);

	(void)state;
	assert_verdict(reason_of_change(&interrupt, &sent),
		       REASON_KEEPALIVE_TIMED_OUT, REASON_TRIGGER_TIMER, true);
	assert_verdict(reason_of_error(&interrupt, &sent, ETIMEDOUT),
		       REASON_KEEPALIVE_TIMED_OUT, REASON_TRIGGER_TIMER, false);
	assert_verdict(reason_of_change(&called, &sent), REASON_KILLED,
		       REASON_TRIGGER_CALL, true);
}

/* SYN_SENT lasts 1 s, 3 s, 7 s, ... until its timer gives up. */
static void without_error_reports_the_timer_tells_a_timeout(void **state)
{
	const struct event event =
		close_of(TCP_STATE_SYN_SENT, EVENT_CONTEXT_SOFTIRQ);
	const struct event established =
		close_of(TCP_STATE_ESTABLISHED, EVENT_CONTEXT_SOFTIRQ);
	struct reason_clues clues = { .syns_again = 1, .stay_ns = 3 * SECOND_NS };

	(void)state;
	assert_verdict(reason_of_change(&event, &clues), REASON_TIMED_OUT,
		       REASON_TRIGGER_TIMER, true);
	clues.stay_ns = 2 * SECOND_NS;          /* ICMP, rather */
	assert_unknown(reason_of_change(&event, &clues));
	clues.syns_again = 0;
	assert_verdict(reason_of_change(&event, &clues), REASON_TIMED_OUT,
		       REASON_TRIGGER_TIMER, true);
	clues.syns_again = UINT8_MAX;
	assert_unknown(reason_of_change(&event, &clues));
	clues.syns_again = 0;
	clues.errors_told = true;               /* and none was */
	assert_unknown(reason_of_change(&event, &clues));
	clues = (struct reason_clues){ 0 };     /* no ICMP ends this one */
	assert_verdict(reason_of_change(&established, &clues), REASON_TIMED_OUT,
		       REASON_TRIGGER_TIMER, true);
}

static void an_orphan_in_loss_was_given_up(void **state)
{
	const struct event last =
		close_of(TCP_STATE_LAST_ACK, EVENT_CONTEXT_SOFTIRQ);
	const struct event first =
		close_of(TCP_STATE_FIN_WAIT1, EVENT_CONTEXT_SOFTIRQ);
	const struct event called = close_of(TCP_STATE_LAST_ACK, 0);
	struct reason_clues clues = { .cong = CONG_STATE_LOSS,
				      .stay_ns = 5 * SECOND_NS };

	(void)state;
	assert_verdict(reason_of_change(&last, &clues), REASON_TIMED_OUT,
		       REASON_TRIGGER_TIMER, true);
	assert_verdict(reason_of_change(&first, &clues), REASON_TIMED_OUT,
		       REASON_TRIGGER_TIMER, true);
	assert_verdict(reason_of_change(&called, &clues), REASON_FIN_ACKNOWLEDGED,
		       REASON_TRIGGER_PACKET, true);
	clues.cong = CONG_STATE_OPEN;
	assert_verdict(reason_of_change(&last, &clues), REASON_FIN_ACKNOWLEDGED,
		       REASON_TRIGGER_PACKET, true);
	assert_unknown(reason_of_change(&first, &clues));
	clues.cong = CONG_STATE_UNKNOWN;
	assert_unknown(reason_of_change(&last, &clues));
	clues.stay_ns = SECOND_NS / 2;
	assert_verdict(reason_of_change(&last, &clues), REASON_FIN_ACKNOWLEDGED,
		       REASON_TRIGGER_PACKET, true);
}

static void orphans_are_told_by_their_stay_and_context(void **state)
{
	const struct event packet =
		close_of(TCP_STATE_FIN_WAIT2, EVENT_CONTEXT_SOFTIRQ);
	const struct event called = close_of(TCP_STATE_FIN_WAIT2, 0);

	(void)state;
	assert_verdict(reason_of_orphan(&packet, 5000), REASON_ORPHANED,
		       REASON_TRIGGER_PACKET, true);
	assert_verdict(reason_of_orphan(&packet, SECOND_NS), REASON_TO_TIME_WAIT,
		       REASON_TRIGGER_PACKET, true);
	assert_verdict(reason_of_orphan(&called, 5000), REASON_ORPHANED,
		       REASON_TRIGGER_UNKNOWN, true);
	assert_verdict(reason_of_orphan(&called, SECOND_NS), REASON_ORPHANED,
		       REASON_TRIGGER_CALL, true);
}

static void calls_that_end_a_socket(void **state)
{
	const struct reason_clues none = { .errors_told = true };
	const struct event listener = close_of(TCP_STATE_LISTEN, 0);
	const struct event connecting = close_of(TCP_STATE_SYN_SENT, 0);
	const struct event established = close_of(TCP_STATE_ESTABLISHED, 0);
	const struct event reset = { .kind = EVENT_RESET };

	(void)state;
	assert_verdict(reason_of_change(&listener, &none), REASON_LISTENER_CLOSED,
		       REASON_TRIGGER_CALL, false);
	assert_true(reason_of_change(&listener, &none).final);
	assert_verdict(reason_of_change(&connecting, &none), REASON_GAVE_UP,
		       REASON_TRIGGER_CALL, true);
	assert_false(reason_of_change(&connecting, &none).final);
	assert_unknown(reason_of_change(&established, &none));
	assert_verdict(reason_of_reset_sent(&reset), REASON_ABORTED_BY_US,
		       REASON_TRIGGER_CALL, false);
}

static enum reason_class class_of(uint8_t tcp, uint8_t cong, bool timed_out)
{
	const struct reason_sending sending = { tcp, cong, timed_out };
	const struct event event = { .kind = EVENT_RETRANS };
	bool inferred;

	return reason_of_retransmission(&event, &sending, &inferred);
}

static void classes_follow_the_congestion_state(void **state)
{
	const uint8_t est = TCP_STATE_ESTABLISHED;

	(void)state;
	assert_int_equal(class_of(TCP_STATE_SYN_SENT, CONG_STATE_LOSS, true),
			 REASON_CLASS_SYN);
	assert_int_equal(class_of(est, CONG_STATE_LOSS, true), REASON_CLASS_RTO);
	assert_int_equal(class_of(est, CONG_STATE_LOSS, false),
			 REASON_CLASS_SLOWSTART);
	assert_int_equal(class_of(est, CONG_STATE_RECOVERY, false),
			 REASON_CLASS_FAST);
	assert_int_equal(class_of(est, CONG_STATE_OPEN, false), REASON_CLASS_TLP);
	assert_int_equal(class_of(est, CONG_STATE_CWR, false), REASON_CLASS_TLP);
	assert_int_equal(class_of(est, CONG_STATE_DISORDER, false),
			 REASON_CLASS_UNKNOWN);
	assert_int_equal(class_of(est, CONG_STATE_UNKNOWN, false),
			 REASON_CLASS_UNKNOWN);
}

static void what_was_not_sent_failed(void **state)
{
	const struct reason_sending sending = { TCP_STATE_SYN_SENT, 0, false };
	struct event event = { .kind = EVENT_RETRANS, .has = EVENT_HAS_ERRNO };
	bool inferred = true;

	(void)state;
	event.retrans.err = -EBUSY;
	assert_int_equal(reason_of_retransmission(&event, &sending, &inferred),
			 REASON_CLASS_FAILED);
	assert_false(inferred);
	event.retrans.err = 0;
	event.retrans.synack = true;
	assert_int_equal(reason_of_retransmission(&event, &sending, &inferred),
			 REASON_CLASS_SYNACK);
}

static void every_word_has_a_name(void **state)
{
	(void)state;
	assert_null(reason_name(REASON_UNKNOWN));
	for (unsigned int i = 1; i < REASON_COUNT; i++)
		assert_non_null(reason_name(i));
	assert_null(reason_name(REASON_COUNT));
	assert_null(reason_trigger_name(REASON_TRIGGER_UNKNOWN));
	for (unsigned int i = 1; i < REASON_TRIGGER_COUNT; i++)
		assert_non_null(reason_trigger_name(i));
	assert_null(reason_trigger_name(REASON_TRIGGER_COUNT));
	for (unsigned int i = 0; i < REASON_CLASS_COUNT; i++)
		assert_non_null(reason_class_name(i));
	assert_string_equal(reason_class_name(REASON_CLASS_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(progress_has_one_cause_in_any_context),
		cmocka_unit_test(a_reset_of_the_peer_ends_at_once),
		cmocka_unit_test(a_reset_behind_close_is_not_the_last_word),
		cmocka_unit_test(errors_name_the_reason),
		cmocka_unit_test(a_reset_of_ours_before_it_is_keepalive_or_kill),
		cmocka_unit_test(without_error_reports_the_timer_tells_a_timeout),
		cmocka_unit_test(an_orphan_in_loss_was_given_up),
		cmocka_unit_test(orphans_are_told_by_their_stay_and_context),
		cmocka_unit_test(calls_that_end_a_socket),
		cmocka_unit_test(classes_follow_the_congestion_state),
		cmocka_unit_test(what_was_not_sent_failed),
		cmocka_unit_test(every_word_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

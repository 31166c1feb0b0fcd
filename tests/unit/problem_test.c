/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of sockets that are not well, and that nothing is of others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "options/meaning.h"
#include "sockets/problem.h"
#include "tcpwatch/tcp_state.h"

static const struct socket_limits limits = {
	.retries = 15, .syn_retries = 6, .syn_linear_timeouts = 4,
	.synack_retries = 5, .rto_max_ms = 120000, .keepalive_idle_s = 7200,
	.keepalive_interval_s = 75, .keepalive_count = 9,
};

static const struct socket_options strict = {
	.keepalive = true, .keep_idle_s = 60, .keep_interval_s = 10,
	.keep_count = 3, .user_timeout_ms = 5000, .syn_retries = 2,
};

static const struct socket_options patient = {
	.keepalive = true, .keep_idle_s = 60, .keep_interval_s = 10,
	.keep_count = 3, .user_timeout_ms = 90000,
};

static const struct socket_options plain = {
	.keepalive = true, .keep_idle_s = 60, .keep_interval_s = 10,
	.keep_count = 3,
};

static void expect(const struct problem_facts *facts, const char *words)
{
	struct problem_facts given = *facts;
	char text[PROBLEM_TEXT_BYTES];
	bool wrong;

	given.limits = &limits;
	wrong = problem_of(&given, text);
	assert_int_equal(wrong, words != NULL);
	if (!words)
		return;
	assert_string_equal(text, words);
	assert_non_null(meaning_find(words));
	assert_int_equal(meaning_find(words)->kind, MEANING_PROBLEM);
}

static void each_has_its_words(void **state)
{
	static const struct {
		struct socket_status status;
		const struct socket_options *options;
		const char *words;
	} cases[] = {
		{ { .state = TCP_STATE_SYN_SENT, .timer = SOCKET_TIMER_RETRANSMIT,
		    .retries = 1 }, NULL, "SYN unanswered, sent again 1 time" },
		{ { .state = TCP_STATE_SYN_SENT, .timer = SOCKET_TIMER_RETRANSMIT,
		    .retries = 5, .rto_ms = 2000, .backoff = 1, .timer_ms = 500,
		    .has_info = true, .held = true }, NULL,
		  "SYN unanswered, sent again 5 of 10 times, given up in 124 s" },
		{ { .state = TCP_STATE_SYN_SENT, .timer = SOCKET_TIMER_RETRANSMIT,
		    .retries = 1, .rto_ms = 1000, .timer_ms = 500,
		    .has_info = true, .held = true }, &strict,
		  "SYN unanswered, sent again 1 time, given up in 3.5 s by "
		  "TCP_USER_TIMEOUT" },
		{ { .state = TCP_STATE_SYN_RECV, .timer = SOCKET_TIMER_SYNACK,
		    .retries = 3, .timer_ms = 7000 }, NULL,
		  "SYN-ACK unanswered, sent again 3 of 5 times, given up in 55 s" },
		{ { .state = TCP_STATE_SYN_RECV, .timer = SOCKET_TIMER_SYNACK,
		    .timer_ms = 3500 }, NULL,
		  "no data for 3.5 s: its listener defers accept "
		  "(TCP_DEFER_ACCEPT)" },
		{ { .state = TCP_STATE_ESTABLISHED, .retries = 2,
		    .timer = SOCKET_TIMER_RETRANSMIT }, NULL,
		  "the peer may be gone: sent again 2 times" },
		{ { .state = TCP_STATE_ESTABLISHED, .retries = 2, .rto_ms = 800,
		    .backoff = 2, .timer_ms = 500, .data_sent_ms = 300,
		    .timer = SOCKET_TIMER_RETRANSMIT, .has_info = true,
		    .held = true }, NULL,
		  "the peer may be gone: retransmitting for 0.9 s, given up in "
		  "1043 s by tcp_retries2" },
		{ { .state = TCP_STATE_ESTABLISHED, .retries = 2, .rto_ms = 800,
		    .backoff = 2, .timer_ms = 500, .data_sent_ms = 300,
		    .timer = SOCKET_TIMER_RETRANSMIT, .has_info = true,
		    .held = true }, &strict,
		  "the peer may be gone: retransmitting for 0.9 s, given up in 4.3 s "
		  "by TCP_USER_TIMEOUT" },
		{ { .state = TCP_STATE_FIN_WAIT1, .retries = 2, .rto_ms = 800,
		    .backoff = 2, .timer_ms = 500, .data_sent_ms = 300,
		    .timer = SOCKET_TIMER_RETRANSMIT, .has_info = true }, NULL,
		  "the peer may be gone: retransmitting for 0.9 s, given up in "
		  "203 s by tcp_orphan_retries" },
		{ { .state = TCP_STATE_ESTABLISHED, .unacked = 1,
		    .timer = SOCKET_TIMER_ZERO_WINDOW }, NULL,
		  "zero window: the peer takes none of 1 byte" },
		{ { .state = TCP_STATE_ESTABLISHED, .unacked = 2000,
		    .timer = SOCKET_TIMER_ZERO_WINDOW, .retries = 3,
		    .rto_ms = 200, .backoff = 4, .data_sent_ms = 7400,
		    .has_info = true, .held = true }, NULL,
		  "zero window for 7.4 s: the peer takes none of 2000 bytes, 3 of 15 "
		  "probes unanswered" },
		{ { .state = TCP_STATE_ESTABLISHED, .unacked = 2000,
		    .timer = SOCKET_TIMER_ZERO_WINDOW, .rto_ms = 200,
		    .data_sent_ms = 1000, .has_info = true, .held = true },
		  &strict,
		  "zero window for 1.0 s: the peer takes none of 2000 bytes, given up "
		  "in 4.0 s by TCP_USER_TIMEOUT" },
		{ { .state = TCP_STATE_LISTEN, .received = 1, .drops = 12 }, NULL,
		  "accept queue full: 1 connection waits, 0 may, 12 found no room" },
		{ { .state = TCP_STATE_LISTEN, .received = 129, .unacked = 128 },
		  NULL, "accept queue full: 129 connections wait, 128 may" },
		{ { .state = TCP_STATE_LISTEN, .received = 2, .unacked = 1,
		    .drops = 7 }, NULL,
		  "accept queue full: 2 connections wait, 1 may, 7 found no room" },
		{ { .state = TCP_STATE_CLOSE_WAIT, .held = true, .tgid = 5 }, NULL,
		  "closed by the peer and not by its process: 1 of 7" },
		{ { .state = TCP_STATE_CLOSE_WAIT, .held = true }, NULL,
		  "closed by the peer and not by its process, which is not known" },
		{ { .state = TCP_STATE_FIN_WAIT2 }, NULL,
		  "orphan: closed by its process and not by the peer" },
		{ { .state = TCP_STATE_FIN_WAIT2, .timer_ms = 45000,
		    .timer = SOCKET_TIMER_TIME_WAIT }, NULL,
		  "orphan: closed by its process and not by the peer, freed in 45 s" },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true, .retries = 1,
		    .timer = SOCKET_TIMER_KEEPALIVE }, NULL,
		  "half-open: 1 keepalive probe unanswered" },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true, .retries = 2,
		    .timer = SOCKET_TIMER_KEEPALIVE, .timer_ms = 4000,
		    .has_info = true }, &plain,
		  "half-open: 2 of 3 keepalive probes unanswered, given up in 14 s" },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true, .retries = 2,
		    .timer = SOCKET_TIMER_KEEPALIVE, .timer_ms = 4000,
		    .data_received_ms = 76000, .ack_received_ms = 76000,
		    .has_info = true }, &patient,
		  "half-open: 2 keepalive probes unanswered, given up in 14 s by "
		  "TCP_USER_TIMEOUT" },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true,
		    .timer = SOCKET_TIMER_KEEPALIVE }, &strict,
		  "TCP_USER_TIMEOUT of 5.0 s ends it before keepalive: 60 s idle + 3 "
		  "x 10 s" },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true,
		    .data_sent_ms = 7300000, .data_received_ms = 7200000,
		    .has_info = true }, NULL,
		  "idle for 7200 s with keepalive off: nothing would tell that the "
		  "peer is gone" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&(struct problem_facts){ .status = &cases[i].status,
			.options = cases[i].options, .unclosed = 7 },
		       cases[i].words);
}

static void all_others_are_well(void **state)
{
	static const struct {
		struct socket_status status;
		const struct socket_options *options;
	} cases[] = {
		{ { .state = TCP_STATE_ESTABLISHED, .timer = SOCKET_TIMER_RETRANSMIT,
		    .retries = 1 }, NULL },
		{ { .state = TCP_STATE_SYN_SENT,
		    .timer = SOCKET_TIMER_RETRANSMIT }, NULL },
		{ { .state = TCP_STATE_SYN_RECV, .timer = SOCKET_TIMER_SYNACK,
		    .timer_ms = 900 }, NULL },
		{ { .state = TCP_STATE_LISTEN, .received = 128, .unacked = 128,
		    .drops = 3 }, NULL },
		{ { .state = TCP_STATE_FIN_WAIT2, .held = true }, NULL },
		{ { .state = TCP_STATE_TIME_WAIT,
		    .timer = SOCKET_TIMER_TIME_WAIT }, NULL },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true,
		    .timer = SOCKET_TIMER_KEEPALIVE, .data_sent_ms = 9000000,
		    .data_received_ms = 9000000, .has_info = true }, &plain },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true,
		    .timer = SOCKET_TIMER_KEEPALIVE, .has_info = true }, &patient },
		{ { .state = TCP_STATE_ESTABLISHED, .held = true,
		    .data_sent_ms = 7199999, .data_received_ms = 9000000,
		    .has_info = true }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&(struct problem_facts){ .status = &cases[i].status,
			.options = cases[i].options }, NULL);
}

static void a_queue_that_overflows_between_two_lists_is_told(void **state)
{
	const struct socket_status status = { .state = TCP_STATE_LISTEN,
					      .unacked = 128, .drops = 9 };

	(void)state;
	expect(&(struct problem_facts){ .status = &status, .new_drops = 4 },
	       "accept queue overflows: 4 more found no room");
}

/* A process is asked for what its sockets' options decide, and for no more. */
static void only_some_need_options(void **state)
{
	static const struct socket_status needing[] = {
		{ .state = TCP_STATE_ESTABLISHED, .held = true,
		  .timer = SOCKET_TIMER_KEEPALIVE },
		{ .state = TCP_STATE_ESTABLISHED, .held = true, .retries = 2,
		  .timer = SOCKET_TIMER_RETRANSMIT },
	};
	static const struct socket_status others[] = {
		{ .state = TCP_STATE_ESTABLISHED, .held = true },
		{ .state = TCP_STATE_ESTABLISHED, .retries = 2,
		  .timer = SOCKET_TIMER_RETRANSMIT },
		{ .state = TCP_STATE_CLOSE_WAIT, .held = true },
		{ .state = TCP_STATE_LISTEN, .held = true, .received = 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(needing) / sizeof(needing[0]); i++)
		assert_true(problem_needs_options(&(struct problem_facts){
			.status = &needing[i], .limits = &limits }));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(problem_needs_options(&(struct problem_facts){
			.status = &others[i], .limits = &limits }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_words),
		cmocka_unit_test(all_others_are_well),
		cmocka_unit_test(a_queue_that_overflows_between_two_lists_is_told),
		cmocka_unit_test(only_some_need_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

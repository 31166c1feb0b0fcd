/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of sockets that are not well, and that nothing is of others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "problem.h"
#include "tcpwatch/tcp_state.h"

static void expect(const struct socket_status *status, size_t unclosed,
		   const char *words)
{
	char text[PROBLEM_TEXT_BYTES];
	bool wrong = problem_of(status, unclosed, text);

	assert_int_equal(wrong, words != NULL);
	if (words)
		assert_string_equal(text, words);
}

static void each_has_its_words(void **state)
{
	static const struct {
		struct socket_status status;
		const char *words;
	} cases[] = {
		{ { .state = TCP_STATE_SYN_SENT, .timer = SOCKET_TIMER_RETRANSMIT,
		    .retries = 1 }, "SYN unanswered, sent again 1 time" },
		{ { .state = TCP_STATE_SYN_RECV, .timer = SOCKET_TIMER_SYNACK,
		    .retries = 3 }, "SYN-ACK unanswered, sent again 3 times" },
		{ { .state = TCP_STATE_ESTABLISHED, .retries = 2,
		    .timer = SOCKET_TIMER_RETRANSMIT },
		  "the peer may be gone: data unanswered, sent again 2 times" },
		{ { .state = TCP_STATE_ESTABLISHED, .unacked = 1,
		    .timer = SOCKET_TIMER_ZERO_WINDOW },
		  "the peer takes nothing: zero window, 1 byte wait" },
		{ { .state = TCP_STATE_LISTEN, .received = 129, .unacked = 128 },
		  "accept queue full: 129 connections wait, 128 may" },
		{ { .state = TCP_STATE_CLOSE_WAIT, .held = true },
		  "closed by the peer and not by its process: 1 of 7" },
		{ { .state = TCP_STATE_FIN_WAIT2 },
		  "orphan: closed by its process and not by the peer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&cases[i].status, 7, cases[i].words);
}

static void all_others_are_well(void **state)
{
	static const struct socket_status cases[] = {
		{ .state = TCP_STATE_ESTABLISHED, .timer = SOCKET_TIMER_KEEPALIVE,
		  .retries = 3 },
		{ .state = TCP_STATE_ESTABLISHED, .timer = SOCKET_TIMER_RETRANSMIT,
		  .retries = 1 },
		{ .state = TCP_STATE_SYN_SENT, .timer = SOCKET_TIMER_RETRANSMIT },
		{ .state = TCP_STATE_SYN_RECV, .timer = SOCKET_TIMER_SYNACK },
		{ .state = TCP_STATE_LISTEN, .received = 128, .unacked = 128 },
		{ .state = TCP_STATE_FIN_WAIT2, .held = true },
		{ .state = TCP_STATE_TIME_WAIT, .timer = SOCKET_TIMER_TIME_WAIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(&cases[i], 0, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_words),
		cmocka_unit_test(all_others_are_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What two lists together say of a socket, and one alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "sockets/socket_age.h"
#include "sockets/socket_history.h"
#include "tcpwatch/tcp_state.h"

static struct socket_past look(struct socket_history *history, uint64_t cookie,
			       uint8_t state, uint64_t seen_ns)
{
	const struct socket_status status = {
		.cookie = cookie, .state = state, .drops = (uint32_t)seen_ns,
	};
	struct socket_past past;

	assert_int_equal(socket_history_take(history, &status, seen_ns, &past), 0);
	return past;
}

static void expect(struct socket_past past, uint64_t min_ns, uint64_t max_ns)
{
	assert_int_equal(past.age.min_ns, min_ns);
	assert_int_equal(past.age.max_ns, max_ns);
}

static void a_state_lasts_from_list_to_list(void **state)
{
	struct socket_history history = { 0 };

	(void)state;
	socket_history_begin(&history, 1000);
	expect(look(&history, 7, TCP_STATE_ESTABLISHED, 1010), 0, SPAN_NO_LIMIT);
	expect(look(&history, 3, TCP_STATE_ESTABLISHED, 1020), 0, SPAN_NO_LIMIT);
	socket_history_begin(&history, 2000);
	expect(look(&history, 3, TCP_STATE_ESTABLISHED, 2010), 980, SPAN_NO_LIMIT);
	/* One has changed, one is new: since the list before, at most. */
	expect(look(&history, 7, TCP_STATE_CLOSE_WAIT, 2020), 0, 1020);
	expect(look(&history, 9, TCP_STATE_SYN_SENT, 2030), 0, 1030);
	socket_history_begin(&history, 3000);
	expect(look(&history, 3, TCP_STATE_ESTABLISHED, 3010), 1980, SPAN_NO_LIMIT);
	expect(look(&history, 7, TCP_STATE_CLOSE_WAIT, 3020), 980, 2020);
	/* What one list did not show is new again. */
	socket_history_begin(&history, 4000);
	socket_history_begin(&history, 5000);
	expect(look(&history, 3, TCP_STATE_ESTABLISHED, 5010), 0, 1010);
	socket_history_done(&history);
}

static void drops_are_those_since_the_list_before(void **state)
{
	struct socket_history history = { 0 };

	(void)state;
	socket_history_begin(&history, 1000);
	assert_int_equal(look(&history, 7, TCP_STATE_LISTEN, 1010).new_drops, 0);
	socket_history_begin(&history, 2000);
	assert_int_equal(look(&history, 7, TCP_STATE_LISTEN, 2030).new_drops, 1020);
	socket_history_done(&history);
}

/* Two without a cookie are not one. */
static void who_has_no_cookie_has_no_past(void **state)
{
	struct socket_history history = { 0 };

	(void)state;
	socket_history_begin(&history, 1000);
	look(&history, 0, TCP_STATE_TIME_WAIT, 1010);
	socket_history_begin(&history, 2000);
	expect(look(&history, 0, TCP_STATE_TIME_WAIT, 2010), 0, 1010);
	socket_history_done(&history);
}

static void what_the_kernel_keeps_tells_an_age(void **state)
{
	static const struct socket_limits limits = { .rto_max_ms = 120000,
		.synack_retries = 5, .syn_retries = 6 };
	static const struct {
		struct socket_status status;
		uint64_t age_ms;
	} cases[] = {
		{ { .state = TCP_STATE_ESTABLISHED, .has_info = true,
		    .data_sent_ms = 5, .data_received_ms = 70,
		    .ack_received_ms = 6 }, 70 },
		{ { .state = TCP_STATE_ESTABLISHED }, 0 },
		{ { .state = TCP_STATE_CLOSE_WAIT, .has_info = true,
		    .data_sent_ms = 500, .ack_received_ms = 60 }, 60 },
		{ { .state = TCP_STATE_TIME_WAIT, .timer_ms = 59000,
		    .timer = SOCKET_TIMER_TIME_WAIT }, 1000 },
		{ { .state = TCP_STATE_FIN_WAIT2, .timer_ms = 59000,
		    .timer = SOCKET_TIMER_TIME_WAIT }, 0 },
		{ { .state = TCP_STATE_SYN_SENT, .timer_ms = 500, .rto_ms = 4000,
		    .retries = 2, .backoff = 2, .has_info = true,
		    .timer = SOCKET_TIMER_RETRANSMIT }, 6500 },
		{ { .state = TCP_STATE_SYN_RECV, .timer_ms = 500, .retries = 1,
		    .timer = SOCKET_TIMER_SYNACK }, 2500 },
		{ { .state = TCP_STATE_LISTEN }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(socket_age_of(&cases[i].status, &limits),
				 cases[i].age_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_lasts_from_list_to_list),
		cmocka_unit_test(drops_are_those_since_the_list_before),
		cmocka_unit_test(who_has_no_cookie_has_no_past),
		cmocka_unit_test(what_the_kernel_keeps_tells_an_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

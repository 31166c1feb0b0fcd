/* SPDX-License-Identifier: BSD-2-Clause */
/* Which socket stands first, and what is counted by owner. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "sockets/socket_order.h"
#include "tcpwatch/tcp_state.h"

static const struct socket_limits limits = { .retries = 15, .syn_retries = 6,
	.synack_retries = 5, .rto_max_ms = 120000 };

static const struct socket_found list[] = {
	{ .status = { .cookie = 5, .state = TCP_STATE_CLOSE_WAIT, .tgid = 7,
		      .received = 1, .has_info = true, .ack_received_ms = 900 } },
	{ .status = { .cookie = 2, .state = TCP_STATE_ESTABLISHED, .tgid = 8,
		      .received = 9, .unacked = 3, .has_info = true,
		      .data_sent_ms = 50, .data_received_ms = 400 } },
	{ .status = { .cookie = 9, .state = TCP_STATE_CLOSE_WAIT, .tgid = 7,
		      .received = 1, .in_flight = 4 } },
	{ .status = { .cookie = 3, .state = TCP_STATE_CLOSE_WAIT, .tgid = 8,
		      .drops = 1 } },
};

enum { COUNT = sizeof(list) / sizeof(list[0]) };

static void expect(uint8_t column, const uint64_t cookies[COUNT])
{
	struct socket_found found[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		found[i] = list[i];
	socket_order_sort(found, COUNT, column, &limits);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(found[i].status.cookie, cookies[i]);
}

static void the_largest_is_first(void **state)
{
	(void)state;
	expect(0, (uint64_t[]){ 2, 3, 5, 9 });
	expect(COLUMN_RECV_Q, (uint64_t[]){ 2, 5, 9, 3 });
	expect(COLUMN_SEND_Q, (uint64_t[]){ 2, 3, 5, 9 });
	expect(COLUMN_DURATION, (uint64_t[]){ 5, 2, 3, 9 });
	expect(COLUMN_IDLE, (uint64_t[]){ 2, 3, 5, 9 });
	expect(COLUMN_UNACKED, (uint64_t[]){ 9, 2, 3, 5 });
	expect(COLUMN_DROPS, (uint64_t[]){ 3, 2, 5, 9 });
}

static void leaks_are_counted_by_owner(void **state)
{
	struct socket_found found[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		found[i] = list[i];
	socket_order_count(found, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(found[i].unclosed,
				 found[i].status.tgid == 7 ? 2 : 1);
	socket_order_count(found, 0);
}

static void what_came_twice_is_there_once(void **state)
{
	struct socket_found found[2 * COUNT + 2] = { 0 };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT; i++)
		found[i] = list[i % COUNT];
	/* Two without a cookie are two. */
	assert_int_equal(socket_order_once(found, 2 * COUNT + 2), COUNT + 2);
	assert_int_equal(socket_order_once(found, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_is_first),
		cmocka_unit_test(leaks_are_counted_by_owner),
		cmocka_unit_test(what_came_twice_is_there_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

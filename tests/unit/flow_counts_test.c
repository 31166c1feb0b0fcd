/* SPDX-License-Identifier: BSD-2-Clause */
/* Retransmissions are counted by flow and class, and what has no room for a
 * flow of its own is still counted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "view/flow_counts.h"
#include "view_capture.h"

static struct flow_counts counts;

static int begin(void **state)
{
	(void)state;
	return flow_counts_init(&counts, 4);
}

static int end(void **state)
{
	(void)state;
	flow_counts_done(&counts);
	return 0;
}

static void add(uint16_t port, enum reason_class class)
{
	struct observation observation =
		view_capture_event(EVENT_RETRANS, 70, "curl", port, "192.0.2.1", 80);

	observation.class = (uint8_t)class;
	flow_counts_add(&counts, &observation);
}

static void counts_by_class(void **state)
{
	const struct flow *flow;

	(void)state;
	add(1000, REASON_CLASS_RTO);
	add(1000, REASON_CLASS_FAST);
	add(1000, REASON_CLASS_FAST);
	assert_int_equal(flow_counts_sort(&counts), 1);
	flow = flow_counts_at(&counts, 0);
	assert_int_equal(flow->by_class[REASON_CLASS_FAST], 2);
	assert_int_equal(flow->by_class[REASON_CLASS_RTO], 1);
	assert_int_equal(flow_counts_sum(flow->by_class), 3);
	assert_int_equal(flow->owner.pid, 70);
}

static void failed_attempts_are_no_retransmissions(void **state)
{
	const struct flow *flow;

	(void)state;
	add(1000, REASON_CLASS_FAILED);
	assert_int_equal(flow_counts_sort(&counts), 1);
	flow = flow_counts_at(&counts, 0);
	assert_int_equal(flow->by_class[REASON_CLASS_FAILED], 1);
	assert_int_equal(flow_counts_sum(flow->by_class), 0);
}

static void each_part_of_the_ends_makes_another_flow(void **state)
{
	struct observation observation =
		view_capture_event(EVENT_RETRANS, 70, "curl", 1, "192.0.2.1", 80);

	(void)state;
	flow_counts_add(&counts, &observation);
	observation.event.remote.port++;
	flow_counts_add(&counts, &observation);
	observation.event.remote.address[15]++;
	flow_counts_add(&counts, &observation);
	observation.event.local.address[0]++;
	flow_counts_add(&counts, &observation);
	assert_int_equal(flow_counts_sort(&counts), 4);
}

/* A SYN-ACK has no socket yet, and its flow is that of the socket to come. */
static void sockets_do_not_matter(void **state)
{
	struct observation observation =
		view_capture_event(EVENT_RETRANS, 0, "", 80, "192.0.2.1", 1000);

	(void)state;
	observation.sock = 0;
	observation.class = REASON_CLASS_SYNACK;
	flow_counts_add(&counts, &observation);
	observation.sock = 9;
	observation.class = REASON_CLASS_RTO;
	flow_counts_add(&counts, &observation);
	assert_int_equal(flow_counts_sort(&counts), 1);
}

static void the_fewest_come_first(void **state)
{
	(void)state;
	add(3, REASON_CLASS_RTO);
	add(3, REASON_CLASS_RTO);
	add(2, REASON_CLASS_RTO);
	add(1, REASON_CLASS_RTO);
	assert_int_equal(flow_counts_sort(&counts), 3);
	assert_int_equal(flow_counts_at(&counts, 0)->local.port, 2);
	assert_int_equal(flow_counts_at(&counts, 1)->local.port, 1);
	assert_int_equal(flow_counts_at(&counts, 2)->local.port, 3);
}

static void what_has_no_room_is_summed_up(void **state)
{
	(void)state;
	for (uint16_t port = 1; port <= 6; port++)
		add(port, REASON_CLASS_RTO);
	add(6, REASON_CLASS_FAILED);
	add(1, REASON_CLASS_RTO);
	assert_int_equal(flow_counts_sort(&counts), 4);
	assert_int_equal(counts.other[REASON_CLASS_RTO], 2);
	assert_int_equal(counts.other[REASON_CLASS_FAILED], 1);
	assert_int_equal(flow_counts_at(&counts, 3)->by_class[REASON_CLASS_RTO], 2);
}

static void a_cleared_table_has_room_again(void **state)
{
	(void)state;
	for (uint16_t port = 1; port <= 6; port++)
		add(port, REASON_CLASS_RTO);
	flow_counts_clear(&counts);
	assert_int_equal(flow_counts_sort(&counts), 0);
	assert_int_equal(flow_counts_sum(counts.other), 0);
	for (uint16_t port = 3; port <= 6; port++)
		add(port, REASON_CLASS_FAST);
	assert_int_equal(flow_counts_sort(&counts), 4);
	assert_int_equal(flow_counts_at(&counts, 0)->by_class[REASON_CLASS_RTO], 0);
	assert_int_equal(flow_counts_sum(counts.other), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counts_by_class),
		TEST(failed_attempts_are_no_retransmissions),
		TEST(each_part_of_the_ends_makes_another_flow),
		TEST(sockets_do_not_matter),
		TEST(the_fewest_come_first),
		TEST(what_has_no_room_is_summed_up),
		TEST(a_cleared_table_has_room_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

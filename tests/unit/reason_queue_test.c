/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows keep their order, wait in event time, and never without limit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracker/reason_queue.h"

enum { WAIT_NS = 100, QUEUE_MAX = 65536 };

struct taken {
	uint64_t count;
	uint64_t last_sock;     /* rows are numbered 1, 2, ... in order */
};

static void take(void *context, const struct observation *observation)
{
	struct taken *taken = context;

	assert_int_equal(observation->sock, taken->last_sock + 1);
	taken->last_sock = observation->sock;
	taken->count++;
}

static void init(struct reason_queue *queue, struct taken *taken,
		 uint64_t wait_ns)
{
	const struct observation_sink sink = { take, taken };

	*taken = (struct taken){ 0 };
	assert_int_equal(reason_queue_init(queue, wait_ns, &sink), 0);
}

static uint64_t push(struct reason_queue *queue, uint64_t sock,
		     uint64_t time_ns, bool waits)
{
	struct observation *row = reason_queue_next(queue);

	*row = (struct observation){
		.event.time_ns = time_ns,
		.sock = sock,
	};
	return reason_queue_push(queue, row, waits);
}

static void rows_go_straight_through(void **state)
{
	struct reason_queue queue;
	struct taken taken;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	assert_int_equal(push(&queue, 1, 0, false), 0);
	assert_int_equal(taken.count, 1);
	reason_queue_done(&queue);
}

static void nothing_waits_without_a_wait(void **state)
{
	struct reason_queue queue;
	struct taken taken;

	(void)state;
	init(&queue, &taken, 0);
	assert_int_equal(push(&queue, 1, 0, true), 0);
	assert_int_equal(taken.count, 1);
	reason_queue_done(&queue);
}

static void later_rows_wait_behind(void **state)
{
	struct reason_queue queue;
	struct taken taken;
	uint64_t first, third;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	first = push(&queue, 1, 0, true);
	push(&queue, 2, 1, false);
	third = push(&queue, 3, 2, true);
	push(&queue, 4, 3, false);
	assert_int_equal(taken.count, 0);
	reason_queue_settle(&queue, third);
	assert_int_equal(taken.count, 0);
	reason_queue_settle(&queue, first);
	assert_int_equal(taken.count, 4);
	reason_queue_settle(&queue, first);
	reason_queue_settle(&queue, 0);
	assert_int_equal(taken.count, 4);
	reason_queue_done(&queue);
}

static void event_time_ends_the_wait(void **state)
{
	struct reason_queue queue;
	struct taken taken;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	push(&queue, 1, 1000, true);
	push(&queue, 2, 1010, true);
	reason_queue_advance(&queue, 900);
	reason_queue_advance(&queue, 1000 + WAIT_NS - 1);
	assert_int_equal(taken.count, 0);
	reason_queue_advance(&queue, 1000 + WAIT_NS);
	assert_int_equal(taken.count, 1);
	reason_queue_advance(&queue, 1010 + WAIT_NS);
	assert_int_equal(taken.count, 2);
	reason_queue_done(&queue);
}

static void flush_gives_all(void **state)
{
	struct reason_queue queue;
	struct taken taken;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	push(&queue, 1, 0, true);
	push(&queue, 2, 0, false);
	reason_queue_flush(&queue);
	assert_int_equal(taken.count, 2);
	reason_queue_done(&queue);
}

static void waiting_rows_are_found_by_ticket(void **state)
{
	struct reason_queue queue;
	struct taken taken;
	uint64_t first, third;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	first = push(&queue, 1, 0, true);
	push(&queue, 2, 0, false);
	third = push(&queue, 3, 0, true);
	assert_null(reason_queue_find(&queue, 0));
	assert_int_equal(reason_queue_find(&queue, first)->sock, 1);
	assert_null(reason_queue_find(&queue, first + 1));
	assert_int_equal(reason_queue_find(&queue, third)->sock, 3);
	reason_queue_settle(&queue, third);
	assert_null(reason_queue_find(&queue, third));
	reason_queue_settle(&queue, first);
	assert_null(reason_queue_find(&queue, first));
	reason_queue_done(&queue);
}

static void older_rows_are_walked_back(void **state)
{
	struct reason_queue queue;
	struct taken taken;
	uint64_t first, third, ticket;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	assert_int_equal(reason_queue_older(&queue, 0), 0);
	first = push(&queue, 1, 0, true);
	push(&queue, 2, 0, false);
	third = push(&queue, 3, 0, true);
	push(&queue, 4, 0, false);
	ticket = reason_queue_older(&queue, 0);
	assert_int_equal(ticket, third);
	ticket = reason_queue_older(&queue, ticket);
	assert_int_equal(ticket, first);
	assert_int_equal(reason_queue_older(&queue, ticket), 0);
	reason_queue_done(&queue);
}

/* However long the queue is, the walk is not. */
static void the_walk_back_is_bounded(void **state)
{
	struct reason_queue queue;
	struct taken taken;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	push(&queue, 1, 0, true);
	for (uint64_t sock = 2; sock < 4096; sock++)
		push(&queue, sock, 0, false);
	assert_int_equal(reason_queue_older(&queue, 0), 0);
	reason_queue_done(&queue);
}

/* Growing while the ring has wrapped round must keep the order. */
static void grows_in_order(void **state)
{
	struct reason_queue queue;
	struct taken taken;
	uint64_t sock, ticket = 0;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	for (sock = 1; sock <= 40; sock++)
		ticket = push(&queue, sock, 0, true);
	reason_queue_advance(&queue, WAIT_NS);
	for (; sock <= 1000; sock++)
		ticket = push(&queue, sock, WAIT_NS, true);
	assert_int_equal(taken.count, 40);
	reason_queue_settle(&queue, ticket);
	reason_queue_advance(&queue, 2 * WAIT_NS);
	assert_int_equal(taken.count, 1000);
	assert_int_equal(queue.hurried, 0);
	reason_queue_done(&queue);
}

static void full_queue_hurries_its_head(void **state)
{
	struct reason_queue queue;
	struct taken taken;
	uint64_t sock;

	(void)state;
	init(&queue, &taken, WAIT_NS);
	for (sock = 1; sock <= QUEUE_MAX; sock++)
		push(&queue, sock, 0, sock != 2);
	assert_int_equal(taken.count, 0);
	push(&queue, sock++, 0, true);
	assert_int_equal(taken.count, 2);
	assert_int_equal(queue.hurried, 1);
	push(&queue, sock++, 0, false);
	assert_int_equal(taken.count, 2);
	push(&queue, sock++, 0, false);
	assert_int_equal(taken.count, 3);
	assert_int_equal(queue.hurried, 2);
	reason_queue_flush(&queue);
	assert_int_equal(taken.count, QUEUE_MAX + 3);
	reason_queue_done(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_go_straight_through),
		cmocka_unit_test(nothing_waits_without_a_wait),
		cmocka_unit_test(later_rows_wait_behind),
		cmocka_unit_test(event_time_ends_the_wait),
		cmocka_unit_test(flush_gives_all),
		cmocka_unit_test(waiting_rows_are_found_by_ticket),
		cmocka_unit_test(older_rows_are_walked_back),
		cmocka_unit_test(the_walk_back_is_bounded),
		cmocka_unit_test(grows_in_order),
		cmocka_unit_test(full_queue_hurries_its_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

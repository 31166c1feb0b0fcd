/* SPDX-License-Identifier: BSD-2-Clause */
/* An error report finds the one row that it can be about, or none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "tracker/error_join.h"
#include "tcpwatch/tcp_state.h"

enum { MS = 1000000 };

static void nowhere(void *context, const struct observation *observation)
{
	(void)context;
	(void)observation;
}

static const struct observation_sink sink = { nowhere, NULL };

static struct event event_at(enum event_kind kind, uint64_t time_ns, uint32_t cpu,
			     uint16_t port)
{
	struct event event = {
		.kind = (uint8_t)kind,
		.time_ns = time_ns,
		.cpu = cpu,
		.has = EVENT_HAS_ENDPOINTS,
		.family = EVENT_FAMILY_IPV4,
	};
	const uint8_t address[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };

	memcpy(event.local.address, address, sizeof(address));
	memcpy(event.remote.address, address, sizeof(address));
	event.local.port = port;
	event.remote.port = 80;
	if (kind == EVENT_ERROR)
		event.error.number = ETIMEDOUT;
	return event;
}

static struct event zeroed_error(uint64_t time_ns, uint32_t cpu)
{
	struct event event = event_at(EVENT_ERROR, time_ns, cpu, 0);

	memset(event.local.address + 12, 0, 4);
	memset(event.remote.address + 12, 0, 4);
	event.remote.port = 0;
	return event;
}

static uint64_t wait_for(struct reason_queue *queue, uint64_t time_ns,
			 uint32_t cpu, uint16_t port)
{
	struct observation *row = reason_queue_next(queue);

	*row = (struct observation){
		.event = event_at(EVENT_STATE, time_ns, cpu, port),
	};
	return reason_queue_push(queue, row, true);
}

static void init(struct reason_queue *queue)
{
	assert_int_equal(reason_queue_init(queue, 100 * MS, &sink), 0);
}

static void endpoints_find_it_on_any_cpu(void **state)
{
	struct reason_queue queue;
	struct event error = event_at(EVENT_ERROR, 2 * MS, 1, 7);
	uint64_t ticket;

	(void)state;
	init(&queue);
	wait_for(&queue, MS, 1, 6);
	ticket = wait_for(&queue, MS, 0, 7);
	assert_int_equal(error_join_find(&queue, &error), ticket);
	error.local.port = 8;
	assert_int_equal(error_join_find(&queue, &error), 0);
	error.has = 0;
	assert_int_equal(error_join_find(&queue, &error), 0);
	reason_queue_done(&queue);
}

static void zeros_find_it_on_its_cpu_for_a_while(void **state)
{
	struct reason_queue queue;
	struct event error = zeroed_error(2 * MS, 1);
	uint64_t ticket;

	(void)state;
	init(&queue);
	wait_for(&queue, MS, 0, 6);
	ticket = wait_for(&queue, MS, 1, 7);
	assert_int_equal(error_join_find(&queue, &error), ticket);
	error = zeroed_error(10 * MS, 1);
	assert_int_equal(error_join_find(&queue, &error), 0);
	reason_queue_done(&queue);
}

static void two_alike_are_neither(void **state)
{
	struct reason_queue queue;
	const struct event zeroed = zeroed_error(2 * MS, 1);
	const struct event whole = event_at(EVENT_ERROR, 2 * MS, 1, 7);
	uint64_t ticket;

	(void)state;
	init(&queue);
	wait_for(&queue, MS, 1, 7);
	ticket = wait_for(&queue, MS, 1, 8);
	assert_int_equal(error_join_find(&queue, &zeroed), 0);
	reason_queue_settle(&queue, ticket);
	wait_for(&queue, MS, 1, 7);
	assert_int_equal(error_join_find(&queue, &whole), 0);
	reason_queue_done(&queue);
}

/* One tuple in two namespaces, but only one closed on this CPU. */
static void the_cpu_decides_between_tuples(void **state)
{
	struct reason_queue queue;
	const struct event error = event_at(EVENT_ERROR, 2 * MS, 1, 7);
	uint64_t ticket;

	(void)state;
	init(&queue);
	wait_for(&queue, MS, 0, 7);
	ticket = wait_for(&queue, MS, 1, 7);
	wait_for(&queue, MS, 0, 7);
	assert_int_equal(error_join_find(&queue, &error), ticket);
	reason_queue_done(&queue);
}

static void a_report_right_before_is_taken_once(void **state)
{
	struct error_join join = { .count = 0 };
	const struct event error = event_at(EVENT_ERROR, 5 * MS, 1, 7);
	struct event close = event_at(EVENT_STATE, 5 * MS + 1000, 1, 7);

	(void)state;
	error_join_keep(&join, &error);
	close.cpu = 0;
	assert_int_equal(error_join_take(&join, &close, 2 * MS), 0);
	close.cpu = 1;
	close.context = EVENT_CONTEXT_SOFTIRQ;
	assert_int_equal(error_join_take(&join, &close, 2 * MS), 0);
	close.context = 0;
	close.tid = 9;
	assert_int_equal(error_join_take(&join, &close, 2 * MS), 0);
	close.tid = 0;
	assert_int_equal(error_join_take(&join, &close, 2 * MS), ETIMEDOUT);
	assert_int_equal(error_join_take(&join, &close, 2 * MS), 0);
	assert_int_equal(join.count, 0);
}

/* However long a CPU stood still in between, but in the state that is left, and
 * not for ever. */
static void a_report_before_is_of_the_state_that_is_left(void **state)
{
	struct error_join join = { .count = 0 };
	const struct event error = event_at(EVENT_ERROR, 5 * MS, 1, 7);
	struct event close = event_at(EVENT_STATE, 905 * MS, 1, 7);

	(void)state;
	error_join_keep(&join, &error);
	assert_int_equal(error_join_take(&join, &close, 899 * MS), 0);
	assert_int_equal(error_join_take(&join, &close, 901 * MS), ETIMEDOUT);
	error_join_keep(&join, &error);
	close.time_ns = UINT64_C(1500) * MS;
	assert_int_equal(error_join_take(&join, &close, UINT64_C(2000) * MS), 0);
}

static void two_reports_before_are_neither(void **state)
{
	struct error_join join = { .count = 0 };
	const struct event error = event_at(EVENT_ERROR, MS, 1, 7);
	const struct event close = event_at(EVENT_STATE, MS + 1000, 1, 7);

	(void)state;
	error_join_keep(&join, &error);
	error_join_keep(&join, &error);
	assert_int_equal(error_join_take(&join, &close, MS), 0);
}

static void the_oldest_report_is_forgotten(void **state)
{
	struct error_join join = { .count = 0 };
	struct event close, error;

	(void)state;
	for (uint16_t port = 1; port <= ERROR_JOIN_KEPT + 1; port++) {
		error = event_at(EVENT_ERROR, MS, 1, port);
		error_join_keep(&join, &error);
	}
	assert_int_equal(join.count, ERROR_JOIN_KEPT);
	close = event_at(EVENT_STATE, MS, 1, 1);
	assert_int_equal(error_join_take(&join, &close, MS), 0);
	close = event_at(EVENT_STATE, MS, 1, 2);
	assert_int_equal(error_join_take(&join, &close, MS), ETIMEDOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints_find_it_on_any_cpu),
		cmocka_unit_test(zeros_find_it_on_its_cpu_for_a_while),
		cmocka_unit_test(two_alike_are_neither),
		cmocka_unit_test(the_cpu_decides_between_tuples),
		cmocka_unit_test(a_report_right_before_is_taken_once),
		cmocka_unit_test(a_report_before_is_of_the_state_that_is_left),
		cmocka_unit_test(two_reports_before_are_neither),
		cmocka_unit_test(the_oldest_report_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

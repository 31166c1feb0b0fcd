/* SPDX-License-Identifier: BSD-2-Clause */
/* From what looks have shown to events with bounds: the sockets are made up, the
 * times are in seconds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/tcp.h>

#include "diag/diag_looks.h"
#include "tcpwatch/tcp_state.h"

struct fixture {
	struct diag_looks looks;
	struct diag_queue queue;
	size_t count;
	struct event events[32];
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture->looks.queue = &fixture->queue;
	fixture->looks.kinds = ~0u;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	diag_table_done(&fixture->looks.table);
	free(fixture);
	return 0;
}

static void keep(void *context, const struct event *event)
{
	struct fixture *fixture = context;

	assert_true(fixture->count < 32);
	fixture->events[fixture->count++] = *event;
}

/* The events that there are by now. */
static size_t deliver(struct fixture *fixture)
{
	const struct event_sink sink = { keep, fixture };
	size_t budget = 100;

	fixture->count = 0;
	diag_queue_deliver(&fixture->queue, &budget, &sink);
	return fixture->count;
}

static void show(struct fixture *fixture, uint64_t cookie, uint8_t state,
		 const struct tcp_info *info)
{
	const struct diag_socket socket = {
		.cookie = cookie,
		.state = state,
		.family = EVENT_FAMILY_IPV4,
		.local.port = 80,
		.remote.port = (uint16_t)(40000 + cookie),
		.info = (const uint8_t *)info,
		.info_length = info ? sizeof(*info) : 0,
	};
	const struct diag_look look = {
		.socket = &socket,
		.from_ns = fixture->looks.began_ns + 1,
		.until_ns = fixture->looks.began_ns + 2,
	};

	diag_looks_take(&fixture->looks, &look);
}

static void begin(struct fixture *fixture, uint64_t time_ns)
{
	diag_looks_begin(&fixture->looks, time_ns);
}

static void end(struct fixture *fixture)
{
	assert_true(diag_looks_sweep(&fixture->looks,
				     fixture->looks.began_ns + 3));
}

static void expect_state(const struct event *event, uint64_t cookie,
			 uint8_t old_state, uint8_t new_state)
{
	assert_int_equal(event->kind, EVENT_STATE);
	assert_true(event->has & EVENT_HAS_BOUNDS);
	assert_int_equal(event->socket_id, cookie);
	assert_int_equal(event->state.old_state, old_state);
	assert_int_equal(event->state.new_state, new_state);
}

static void expect_between(const struct event *event, uint64_t from_ns,
			   uint64_t time_ns)
{
	assert_int_equal(event->state.from_ns, from_ns);
	assert_int_equal(event->time_ns, time_ns);
}

/* Socket 1 is older than the watch, in that state. */
static void begin_with_one(struct fixture *fixture, uint8_t state)
{
	begin(fixture, 100);
	show(fixture, 1, state, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
	begin(fixture, 200);
	show(fixture, 1, state, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 1);
	assert_int_equal(fixture->events[0].kind, EVENT_SEEN);
	assert_int_equal(fixture->events[0].socket_id, 1);
	assert_int_equal(fixture->events[0].seen.state, state);
}

static void what_stays_makes_no_event(void **state)
{
	struct fixture *fixture = *state;

	begin_with_one(fixture, TCP_STATE_ESTABLISHED);
	begin(fixture, 300);
	show(fixture, 1, TCP_STATE_ESTABLISHED, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
}

static void a_change_lies_between_two_looks(void **state)
{
	struct fixture *fixture = *state;

	begin_with_one(fixture, TCP_STATE_ESTABLISHED);
	begin(fixture, 300);
	show(fixture, 1, TCP_STATE_CLOSE_WAIT, NULL);
	/* A list that the kernel began anew. */
	show(fixture, 1, TCP_STATE_CLOSE_WAIT, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 1);
	expect_state(&fixture->events[0], 1, TCP_STATE_ESTABLISHED,
		     TCP_STATE_CLOSE_WAIT);
	expect_between(&fixture->events[0], 201, 302);
}

static void a_new_socket_began_after_the_look_before(void **state)
{
	struct fixture *fixture = *state;

	begin_with_one(fixture, TCP_STATE_LISTEN);
	begin(fixture, 300);
	show(fixture, 1, TCP_STATE_LISTEN, NULL);
	show(fixture, 2, TCP_STATE_ESTABLISHED, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 1);
	expect_state(&fixture->events[0], 2, TCP_STATE_UNKNOWN,
		     TCP_STATE_ESTABLISHED);
	expect_between(&fixture->events[0], 200, 302);
}

static void a_look_that_failed_widens_the_bounds(void **state)
{
	struct fixture *fixture = *state;

	begin_with_one(fixture, TCP_STATE_LISTEN);
	begin(fixture, 300);
	diag_looks_abandon(&fixture->looks);
	begin(fixture, 400);
	show(fixture, 1, TCP_STATE_LISTEN, NULL);
	show(fixture, 2, TCP_STATE_ESTABLISHED, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 1);
	expect_between(&fixture->events[0], 200, 402);
}

static void what_is_missed_once_may_come_back(void **state)
{
	struct fixture *fixture = *state;

	begin_with_one(fixture, TCP_STATE_ESTABLISHED);
	begin(fixture, 300);
	end(fixture);
	begin(fixture, 400);
	show(fixture, 1, TCP_STATE_ESTABLISHED, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
}

static void what_is_missed_twice_is_no_more(void **state)
{
	struct fixture *fixture = *state;

	begin_with_one(fixture, TCP_STATE_ESTABLISHED);
	begin(fixture, 300);
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
	begin(fixture, 400);
	end(fixture);
	assert_int_equal(deliver(fixture), 2);
	expect_state(&fixture->events[0], 1, TCP_STATE_ESTABLISHED,
		     TCP_STATE_CLOSE);
	expect_between(&fixture->events[0], 201, 403);
	assert_int_equal(fixture->events[1].kind, EVENT_DESTROY);
	assert_int_equal(fixture->looks.table.count, 0);
}

static struct event gone_of(uint64_t cookie, uint64_t time_ns, uint32_t retrans)
{
	return (struct event){
		.time_ns = time_ns,
		.kind = EVENT_GONE,
		.cookie = cookie,
		.has = EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS | EVENT_HAS_BYTES,
		.remote.port = 40000,
		.gone.retrans = retrans,
		.gone.segs_in = 5,
	};
}

static void an_end_is_told_once(void **state)
{
	struct fixture *fixture = *state;
	const struct event gone = gone_of(1, 250, 2);

	begin_with_one(fixture, TCP_STATE_FIN_WAIT1);
	diag_looks_end(&fixture->looks, &gone);
	assert_int_equal(deliver(fixture), 5);
	assert_int_equal(fixture->events[0].kind, EVENT_RETRANS);
	assert_int_equal(fixture->events[1].kind, EVENT_RETRANS);
	assert_false(fixture->events[1].has & EVENT_HAS_TCP_STATE);
	expect_state(&fixture->events[2], 1, TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSE);
	expect_between(&fixture->events[2], 201, 250);
	assert_int_equal(fixture->events[3].kind, EVENT_DESTROY);
	assert_int_equal(fixture->events[4].kind, EVENT_GONE);
	begin(fixture, 300);
	end(fixture);
	begin(fixture, 400);
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
}

static void what_was_listed_before_its_end_does_not_come_back(void **state)
{
	struct fixture *fixture = *state;
	const struct event old = gone_of(1, 301, 0), young = gone_of(2, 301, 0);

	begin_with_one(fixture, TCP_STATE_ESTABLISHED);
	begin(fixture, 300);
	diag_looks_end(&fixture->looks, &old);
	diag_looks_end(&fixture->looks, &young);
	assert_int_equal(deliver(fixture), 6);
	show(fixture, 1, TCP_STATE_ESTABLISHED, NULL);
	show(fixture, 2, TCP_STATE_ESTABLISHED, NULL);
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
	assert_int_equal(fixture->looks.table.count, 0);
}

static void a_short_life_is_known_by_its_end(void **state)
{
	struct fixture *fixture = *state;
	const struct event gone = gone_of(7, 250, 0);
	struct event never = gone_of(8, 251, 0);

	begin_with_one(fixture, TCP_STATE_LISTEN);
	diag_looks_end(&fixture->looks, &gone);
	never.remote.port = 0;
	diag_looks_end(&fixture->looks, &never);
	assert_int_equal(deliver(fixture), 3);
	expect_state(&fixture->events[0], 7, TCP_STATE_UNKNOWN, TCP_STATE_CLOSE);
	expect_between(&fixture->events[0], 200, 250);
	assert_int_equal(fixture->events[2].kind, EVENT_GONE);
}

static void figures_that_rise_make_events(void **state)
{
	struct fixture *fixture = *state;
	struct tcp_info info = {
		.tcpi_ca_state = CONG_STATE_CWR, .tcpi_total_retrans = 7,
		.tcpi_segs_in = 10, .tcpi_rtt = 1500, .tcpi_snd_cwnd = 10,
	};

	begin(fixture, 100);
	show(fixture, 1, TCP_STATE_ESTABLISHED, &info);
	end(fixture);
	begin(fixture, 200);
	show(fixture, 1, TCP_STATE_ESTABLISHED, &info);
	end(fixture);
	assert_int_equal(deliver(fixture), 1);
	assert_true(fixture->events[0].seen.cong_known);
	assert_int_equal(fixture->events[0].seen.cong, CONG_STATE_CWR);

	info.tcpi_ca_state = CONG_STATE_LOSS;
	info.tcpi_total_retrans = 9;
	info.tcpi_segs_in = 12;
	begin(fixture, 300);
	show(fixture, 1, TCP_STATE_ESTABLISHED, &info);
	end(fixture);
	assert_int_equal(deliver(fixture), 4);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture->events[i].kind, EVENT_RETRANS);
		assert_int_equal(fixture->events[i].retrans.state,
				 TCP_STATE_ESTABLISHED);
		assert_int_equal(fixture->events[i].retrans.from_ns, 201);
	}
	assert_int_equal(fixture->events[2].kind, EVENT_CONG);
	assert_int_equal(fixture->events[2].cong.new_state, CONG_STATE_LOSS);
	assert_int_equal(fixture->events[2].cong.from_ns, 201);
	assert_int_equal(fixture->events[3].kind, EVENT_SAMPLE);
	assert_int_equal(fixture->events[3].sample.srtt_us, 1500);
}

static void nothing_is_left_of_a_socket_without_a_life(void **state)
{
	struct fixture *fixture = *state;
	const struct diag_socket mini = {
		.cookie = 5, .state = TCP_STATE_FIN_WAIT2, .mini = true
	};

	begin_with_one(fixture, TCP_STATE_LISTEN);
	begin(fixture, 300);
	show(fixture, 1, TCP_STATE_LISTEN, NULL);
	show(fixture, 2, TCP_STATE_TIME_WAIT, NULL);
	show(fixture, 3, TCP_STATE_SYN_RECV, NULL);
	show(fixture, 0, TCP_STATE_ESTABLISHED, NULL);
	diag_looks_take(&fixture->looks, &(struct diag_look){ .socket = &mini });
	end(fixture);
	assert_int_equal(deliver(fixture), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
		CASE(what_stays_makes_no_event),
		CASE(a_change_lies_between_two_looks),
		CASE(a_new_socket_began_after_the_look_before),
		CASE(a_look_that_failed_widens_the_bounds),
		CASE(what_is_missed_once_may_come_back),
		CASE(what_is_missed_twice_is_no_more),
		CASE(an_end_is_told_once),
		CASE(what_was_listed_before_its_end_does_not_come_back),
		CASE(a_short_life_is_known_by_its_end),
		CASE(figures_that_rise_make_events),
		CASE(nothing_is_left_of_a_socket_without_a_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

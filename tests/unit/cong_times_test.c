/* SPDX-License-Identifier: BSD-2-Clause */
/* Time in congestion states: none is lost at the edge of an interval, and none is
 * made up where nobody knows the state. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "view/cong_times.h"
#include "view_capture.h"

enum { LIMIT = 4 };

static struct cong_times times;
static struct cong_stay stay;

static int begin(void **state)
{
	(void)state;
	stay = (struct cong_stay){ 0 };
	return cong_times_init(&times, LIMIT);
}

static int end(void **state)
{
	(void)state;
	cong_times_done(&times);
	return 0;
}

static struct observation event(enum event_kind kind, uint64_t now_ns,
				uint64_t sock)
{
	struct observation observation =
		view_capture_event(kind, 70, "curl", 40000, "192.0.2.1", 80);

	observation.event.time_ns = now_ns;
	observation.sock = sock;
	return observation;
}

static bool set_cong(uint64_t now_ns, uint64_t sock, uint8_t before,
		     uint8_t now, struct span span)
{
	struct observation observation = event(EVENT_CONG, now_ns, sock);

	observation.cong = before;
	observation.event.cong.new_state = now;
	observation.span = span;
	return cong_times_take(&times, &observation, 0, &stay);
}

static bool set_state(uint64_t now_ns, uint64_t sock, uint8_t old_state,
		      uint8_t new_state, uint8_t cong, struct span span)
{
	struct observation observation =
		view_capture_state(event(EVENT_STATE, now_ns, sock),
				   old_state, new_state, span);

	observation.cong = cong;
	return cong_times_take(&times, &observation, 0, &stay);
}

static struct span exactly(uint64_t ns)
{
	return (struct span){ ns, ns };
}

static bool establish(uint64_t now_ns, uint64_t sock)
{
	return set_state(now_ns, sock, TCP_STATE_SYN_SENT,
			 TCP_STATE_ESTABLISHED, CONG_STATE_OPEN, exactly(10));
}

static const struct cong_time *only_one(void)
{
	assert_int_equal(cong_times_sort(&times), 1);
	return cong_times_at(&times, 0);
}

static void both_intervals_count_the_time_over_their_edge(void **state)
{
	(void)state;
	establish(100, 1);
	set_cong(150, 1, CONG_STATE_OPEN, CONG_STATE_LOSS, exactly(60));
	cong_times_count(&times, 200);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 60);
	assert_int_equal(only_one()->state_ns[CONG_STATE_LOSS], 50);
	assert_int_equal(only_one()->changes, 1);
	cong_times_clear(&times);
	assert_true(set_cong(230, 1, CONG_STATE_LOSS, CONG_STATE_OPEN,
			     exactly(80)));
	assert_int_equal(stay.state, CONG_STATE_LOSS);
	assert_int_equal(stay.ns, 80);
	cong_times_count(&times, 300);
	assert_int_equal(only_one()->state_ns[CONG_STATE_LOSS], 30);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 70);
	assert_int_equal(only_one()->changes, 1);
}

static void sockets_that_never_change_are_there(void **state)
{
	(void)state;
	establish(100, 1);
	cong_times_count(&times, 500);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 410);
	assert_int_equal(only_one()->changes, 0);
	cong_times_clear(&times);
	cong_times_count(&times, 700);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 200);
}

static void a_repeat_is_no_change(void **state)
{
	(void)state;
	set_cong(100, 1, CONG_STATE_OPEN, CONG_STATE_LOSS, exactly(50));
	assert_false(set_cong(200, 1, CONG_STATE_LOSS, CONG_STATE_LOSS,
			      exactly(100)));
	assert_true(set_cong(300, 1, CONG_STATE_LOSS, CONG_STATE_OPEN,
			     exactly(200)));
	assert_int_equal(stay.ns, 200);
	assert_int_equal(only_one()->changes, 2);
	assert_int_equal(only_one()->state_ns[CONG_STATE_LOSS], 200);
}

static void an_unknown_state_counts_nowhere(void **state)
{
	(void)state;
	set_state(100, 1, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT,
		  CONG_STATE_UNKNOWN, (struct span){ 90, SPAN_NO_LIMIT });
	cong_times_count(&times, 200);
	assert_false(only_one()->known);
	assert_false(set_cong(300, 1, CONG_STATE_UNKNOWN, CONG_STATE_CWR,
			      (struct span){ 290, SPAN_NO_LIMIT }));
	cong_times_count(&times, 400);
	assert_true(only_one()->known);
	assert_int_equal(only_one()->state_ns[CONG_STATE_CWR], 100);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 0);
}

static void a_closed_socket_stays_for_its_interval(void **state)
{
	(void)state;
	establish(100, 1);
	assert_true(set_state(190, 1, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE,
			      CONG_STATE_OPEN, exactly(90)));
	assert_int_equal(stay.ns, 100);
	cong_times_count(&times, 300);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 100);
	cong_times_clear(&times);
	assert_int_equal(cong_times_sort(&times), 0);
}

static void who_never_connected_is_not_there(void **state)
{
	(void)state;
	set_state(1, 1, TCP_STATE_CLOSE, TCP_STATE_LISTEN, CONG_STATE_OPEN,
		  SPAN_UNKNOWN);
	set_state(2, 2, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CONG_STATE_OPEN,
		  SPAN_UNKNOWN);
	set_state(3, 2, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, CONG_STATE_OPEN,
		  exactly(1));
	set_state(4, 0, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT,
		  CONG_STATE_OPEN, exactly(1));
	assert_int_equal(cong_times_sort(&times), 0);
}

static void the_same_ends_are_two_sockets(void **state)
{
	(void)state;
	establish(100, 1);
	establish(100, 2);
	assert_int_equal(cong_times_sort(&times), 2);
	assert_int_equal(cong_times_at(&times, 0)->sock, 1);
	assert_int_equal(cong_times_at(&times, 1)->sock, 2);
}

static void a_loss_makes_stays_uncertain(void **state)
{
	struct observation lost = view_capture_lost(7, 1);

	(void)state;
	establish(100, 1);
	cong_times_take(&times, &lost, 0, &stay);
	establish(180, 2);
	assert_false(set_state(190, 1, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE,
			       CONG_STATE_OPEN, exactly(90)));
	assert_true(set_state(290, 2, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE,
			      CONG_STATE_OPEN, exactly(110)));
}

/* What has changed since is known again. */
static void a_change_ends_the_uncertainty_of_a_loss(void **state)
{
	struct observation lost = view_capture_lost(7, 1);

	(void)state;
	establish(100, 1);
	cong_times_take(&times, &lost, 0, &stay);
	set_cong(200, 1, CONG_STATE_OPEN, CONG_STATE_CWR, SPAN_UNKNOWN);
	assert_true(set_state(250, 1, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE,
			      CONG_STATE_CWR, exactly(50)));
	assert_int_equal(stay.state, CONG_STATE_CWR);
	assert_int_equal(stay.ns, 50);
}

/* reno's way out of a state is not seen. */
static void a_way_in_alone_tells_no_stay(void **state)
{
	struct observation observation = event(EVENT_CONG, 200, 1);

	(void)state;
	establish(100, 1);
	observation.cong = CONG_STATE_OPEN;
	observation.span = exactly(110);
	observation.event.cong.new_state = CONG_STATE_LOSS;
	observation.event.cong.entry_only = true;
	assert_true(cong_times_take(&times, &observation, 0, &stay));
	assert_false(set_state(300, 1, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE,
			       CONG_STATE_LOSS, exactly(90)));
}

static void a_late_event_takes_no_time_back(void **state)
{
	(void)state;
	establish(100, 1);
	cong_times_count(&times, 200);
	set_cong(150, 1, CONG_STATE_OPEN, CONG_STATE_CWR, exactly(60));
	cong_times_count(&times, 300);
	assert_int_equal(only_one()->state_ns[CONG_STATE_OPEN], 110);
	assert_int_equal(only_one()->state_ns[CONG_STATE_CWR], 100);
}

static void closed_sockets_give_way_first(void **state)
{
	(void)state;
	for (uint64_t sock = 1; sock <= LIMIT; sock++)
		establish(100, sock);
	set_state(200, 3, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE,
		  CONG_STATE_OPEN, exactly(100));
	establish(300, 5);
	assert_int_equal(cong_times_sort(&times), LIMIT);
	for (size_t i = 0; i < LIMIT; i++)
		assert_int_not_equal(cong_times_at(&times, i)->sock, 3);
	assert_int_equal(times.others, 1);
	assert_int_equal(times.other.state_ns[CONG_STATE_OPEN], 110);
	establish(400, 6);
	assert_int_equal(times.others, 2);
	assert_int_equal(times.other.state_ns[CONG_STATE_OPEN], 110 + 310);
	cong_times_clear(&times);
	assert_int_equal(times.others, 0);
}

/* Also what grows while sockets come keeps its order. */
static void many_are_sorted_by_port(void **state)
{
	(void)state;
	cong_times_done(&times);
	assert_int_equal(cong_times_init(&times, 3000), 0);
	for (uint64_t sock = 1; sock <= 2000; sock++) {
		struct observation observation = event(EVENT_CONG, sock, sock);

		observation.event.local.port = (uint16_t)(5000 - sock);
		observation.event.cong.new_state = CONG_STATE_CWR;
		cong_times_take(&times, &observation, 0, &stay);
	}
	assert_int_equal(cong_times_sort(&times), 2000);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(cong_times_at(&times, i)->local.port, 3000 + i);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_intervals_count_the_time_over_their_edge),
		TEST(sockets_that_never_change_are_there),
		TEST(a_repeat_is_no_change),
		TEST(an_unknown_state_counts_nowhere),
		TEST(a_closed_socket_stays_for_its_interval),
		TEST(who_never_connected_is_not_there),
		TEST(the_same_ends_are_two_sockets),
		TEST(a_loss_makes_stays_uncertain),
		TEST(a_change_ends_the_uncertainty_of_a_loss),
		TEST(a_way_in_alone_tells_no_stay),
		TEST(a_late_event_takes_no_time_back),
		TEST(closed_sockets_give_way_first),
		TEST(many_are_sorted_by_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

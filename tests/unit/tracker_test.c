/* SPDX-License-Identifier: BSD-2-Clause */
/* Spans, lives, losses and waiting rows, event by event. */
#include "tracker_fixture.h"

enum { SOCKET = 0x100, OTHER = 0x200, WAIT_NS = 1000 };

#define S(name) TCP_STATE_##name
#define C(name) CONG_STATE_##name

static struct fixture fixture;

static void take(struct event event)
{
	fixture_take(&fixture, event);
}

static void take_unwanted(struct event event)
{
	tracker_take(fixture.tracker, &event, false);
}

static const struct observation *last(void)
{
	return fixture_last(&fixture);
}

static const struct tracker_counts *counts(void)
{
	return tracker_counts(fixture.tracker);
}

static int setup(void **state)
{
	(void)state;
	fixture_init(&fixture, 64, 64, 0);
	return 0;
}

static int setup_waiting(void **state)
{
	(void)state;
	fixture_init(&fixture, 64, 64, WAIT_NS);
	return 0;
}

static int setup_small(void **state)
{
	(void)state;
	fixture_init(&fixture, 2, 64, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_done(&fixture);
	return 0;
}

static void life_has_exact_spans(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(last()->sock, 1);
	assert_true(span_is_unknown(last()->span));
	assert_int_equal(last()->cong, C(OPEN));
	take(event_state(2500, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_int_equal(last()->sock, 1);
	assert_int_equal(last()->old_state, S(SYN_SENT));
	assert_exact(last()->span, 500);
	take(event_state(4000, SOCKET, S(ESTABLISHED), S(CLOSE)));
	assert_exact(last()->span, 1500);
	assert_int_equal(fixture.count, 3);
	assert_int_equal(counts()->events, 3);
}

static void child_has_no_time_in_listen(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(LISTEN), S(SYN_RECV)));
	assert_true(span_is_unknown(last()->span));
	take(event_state(2006, SOCKET, S(SYN_RECV), S(ESTABLISHED)));
	assert_exact(last()->span, 6);
}

static void older_than_the_watch_is_a_lower_bound(void **state)
{
	(void)state;
	take(event_state(WATCH_BEGIN + 700, SOCKET, S(ESTABLISHED),
			 S(CLOSE_WAIT)));
	assert_int_equal(last()->sock, 1);
	assert_at_least(last()->span, 700);
	assert_int_equal(last()->cong, C(UNKNOWN));
	take(event_state(WATCH_BEGIN + 900, SOCKET, S(CLOSE_WAIT),
			 S(LAST_ACK)));
	assert_exact(last()->span, 200);
}

static void nothing_is_known_at_the_very_beginning(void **state)
{
	(void)state;
	take(event_state(WATCH_BEGIN, SOCKET, S(ESTABLISHED), S(CLOSE_WAIT)));
	assert_true(span_is_unknown(last()->span));
	take(event_state(WATCH_BEGIN - 1, OTHER, S(ESTABLISHED),
			 S(CLOSE_WAIT)));
	assert_true(span_is_unknown(last()->span));
	assert_int_equal(counts()->late, 0);
}

static void loss_moves_the_lower_bound(void **state)
{
	(void)state;
	take(event_lost(3000, 5));
	take(event_state(3400, SOCKET, S(ESTABLISHED), S(CLOSE_WAIT)));
	assert_at_least(last()->span, 400);
}

static void broken_chain_is_unknown_and_goes_on(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_state(3000, SOCKET, S(ESTABLISHED), S(FIN_WAIT1)));
	assert_int_equal(last()->sock, 1);
	assert_true(span_is_unknown(last()->span));
	take(event_state(3100, SOCKET, S(FIN_WAIT1), S(FIN_WAIT2)));
	assert_exact(last()->span, 100);
}

static void no_op_is_ignored(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_state(2100, SOCKET, S(CLOSE), S(CLOSE)));
	assert_int_equal(fixture.count, 1);
	take(event_state(2200, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_exact(last()->span, 200);
}

static void tcp_span_survives_a_loss(void **state)
{
	(void)state;
	take(with_ports(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)),
			0, 80));
	take(event_lost(2100, 1));
	take(with_ports(event_state(2500, SOCKET, S(SYN_SENT), S(ESTABLISHED)),
			5000, 80));
	assert_exact(last()->span, 500);
	assert_int_equal(last()->sock, 1);
}

static void other_ports_after_a_loss_are_another_life(void **state)
{
	(void)state;
	take(with_ports(event_state(2000, SOCKET, S(SYN_SENT), S(ESTABLISHED)),
			5000, 80));
	take(event_lost(2100, 1));
	take(with_ports(event_state(2500, SOCKET, S(ESTABLISHED),
				    S(CLOSE_WAIT)), 5001, 80));
	assert_int_equal(last()->sock, 2);
	assert_true(span_is_unknown(last()->span));
	assert_int_equal(last()->cong, C(UNKNOWN));
}

static void destroy_ends_a_life(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_base(EVENT_DESTROY, 2100, SOCKET));
	assert_int_equal(fixture.count, 1);
	take(event_state(2500, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_int_equal(last()->sock, 2);
	assert_at_least(last()->span, 2500 - WATCH_BEGIN);
}

static void connecting_again_is_a_new_life(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_state(2100, SOCKET, S(SYN_SENT), S(CLOSE)));
	take(event_state(2200, SOCKET, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(last()->sock, 2);
	assert_true(span_is_unknown(last()->span));
	take(event_state(2300, SOCKET, S(LISTEN), S(SYN_RECV)));
	assert_int_equal(last()->sock, 3);
}

static void only_a_start_follows_close(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(SYN_SENT), S(CLOSE)));
	take(event_state(2500, SOCKET, S(ESTABLISHED), S(FIN_WAIT1)));
	assert_int_equal(last()->sock, 2);
	assert_true(span_is_unknown(last()->span));
}

static void cong_spans_and_repeats(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_cong(2300, SOCKET, C(LOSS)));
	assert_int_equal(last()->cong, C(OPEN));
	assert_exact(last()->span, 300);
	take(event_cong(2400, SOCKET, C(LOSS)));
	assert_int_equal(last()->cong, C(LOSS));
	assert_exact(last()->span, 100);
	take(event_cong(2900, SOCKET, C(OPEN)));
	assert_int_equal(last()->cong, C(LOSS));
	assert_exact(last()->span, 600);
	take(event_state(3000, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_int_equal(last()->cong, C(OPEN));
	assert_exact(last()->span, 1000);
}

static void cong_of_an_unknown_socket(void **state)
{
	(void)state;
	take(event_cong(1300, SOCKET, C(RECOVERY)));
	assert_int_equal(last()->sock, 1);
	assert_int_equal(last()->cong, C(UNKNOWN));
	assert_at_least(last()->span, 300);
	take(event_cong(1350, SOCKET, C(OPEN)));
	assert_exact(last()->span, 50);
	take(event_state(1400, SOCKET, S(ESTABLISHED), S(CLOSE_WAIT)));
	assert_int_equal(last()->sock, 1);
	assert_at_least(last()->span, 400);
}

static void first_loss_state_may_be_a_repeat(void **state)
{
	(void)state;
	take(event_cong(1300, SOCKET, C(LOSS)));
	take(event_cong(1350, SOCKET, C(OPEN)));
	assert_int_equal(last()->cong, C(LOSS));
	assert_at_least(last()->span, 50);
}

static void cong_span_across_a_loss_is_an_upper_bound(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_lost(2100, 1));
	take(event_cong(2300, SOCKET, C(DISORDER)));
	assert_int_equal(last()->span.min_ns, 0);
	assert_int_equal(last()->span.max_ns, 300);
	take(event_cong(2400, SOCKET, C(OPEN)));
	assert_exact(last()->span, 100);
}

/* By a probe on a way into the state; the kernel itself did not tell. */
static struct event event_entry(uint64_t time_ns, enum cong_state new)
{
	struct event event = event_cong(time_ns, SOCKET, new);

	event.cong.probed = true;
	event.cong.entry_only = true;
	return event;
}

static void cong_entered_may_have_been_left_unseen(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_entry(2100, C(RECOVERY)));
	assert_exact(last()->span, 100);
	take(event_entry(2300, C(LOSS)));
	assert_int_equal(last()->cong, C(RECOVERY));
	assert_int_equal(last()->span.min_ns, 0);
	assert_int_equal(last()->span.max_ns, 200);
}

static void cong_of_an_algorithm_that_tells_is_exact(void **state)
{
	struct event told = event_cong(2101, SOCKET, C(RECOVERY));

	(void)state;
	told.cong.probed = true;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_entry(2100, C(RECOVERY)));
	take(told);
	told.time_ns = 2300;
	told.cong.new_state = C(OPEN);
	take(told);
	assert_exact(last()->span, 200);
}

static void cwr_is_not_entered_from_above(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_entry(2100, C(LOSS)));
	assert_int_equal(fixture.count, 2);
	take(event_entry(2200, C(CWR)));
	assert_int_equal(fixture.count, 2);
	assert_int_equal(last()->event.cong.new_state, C(LOSS));
}

static void events_without_endpoints_take_their_sockets(void **state)
{
	struct event start = event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT));

	(void)state;
	start.has |= EVENT_HAS_ENDPOINTS;
	start.family = EVENT_FAMILY_IPV6;
	start.remote.port = 443;
	take(start);
	take(event_entry(2100, C(LOSS)));
	assert_true(last()->event.has & EVENT_HAS_ENDPOINTS);
	assert_int_equal(last()->event.family, EVENT_FAMILY_IPV6);
	assert_int_equal(last()->event.remote.port, 443);
}

static void cong_of_closed_sockets_and_listeners_is_nothing(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(SYN_SENT), S(CLOSE)));
	take(event_cong(2100, SOCKET, C(OPEN)));
	take(event_state(2200, OTHER, S(CLOSE), S(LISTEN)));
	take(event_cong(2300, OTHER, C(OPEN)));
	assert_int_equal(fixture.count, 2);
	take(event_state(2400, SOCKET, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(last()->sock, 3);
}

static void retrans_tells_the_state(void **state)
{
	(void)state;
	take(event_retrans(1200, SOCKET, S(ESTABLISHED)));
	assert_int_equal(last()->sock, 1);
	assert_int_equal(last()->old_state, S(ESTABLISHED));
	assert_int_equal(last()->cong, C(UNKNOWN));
	assert_true(span_is_unknown(last()->span));
	take(event_lost(1300, 1));
	take(event_state(1500, SOCKET, S(ESTABLISHED), S(FIN_WAIT1)));
	assert_int_equal(last()->sock, 1);
	assert_at_least(last()->span, 500);
}

static void state_not_told_is_bounded_by_a_loss(void **state)
{
	(void)state;
	take(event_cong(1200, SOCKET, C(OPEN)));
	take(event_lost(1300, 1));
	take(event_state(1500, SOCKET, S(ESTABLISHED), S(FIN_WAIT1)));
	assert_at_least(last()->span, 200);
}

static void retrans_carries_the_cong_state(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_cong(2100, SOCKET, C(LOSS)));
	take(event_retrans(2101, SOCKET, S(SYN_SENT)));
	assert_int_equal(last()->cong, C(LOSS));
	take(event_state(2200, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_exact(last()->span, 200);
}

static void synack_touches_no_socket(void **state)
{
	struct event synack = event_retrans(2100, SOCKET, S(NEW_SYN_RECV));

	(void)state;
	synack.retrans.synack = true;
	take(event_state(2000, SOCKET, S(CLOSE), S(LISTEN)));
	take(synack);
	assert_int_equal(last()->sock, 0);
	assert_int_equal(last()->cong, C(UNKNOWN));
	assert_int_equal(last()->owner.source, OWNER_UNKNOWN);
	take(event_state(2300, SOCKET, S(LISTEN), S(CLOSE)));
	assert_exact(last()->span, 300);
	take_unwanted(synack);
	assert_int_equal(fixture.count, 3);
}

static void losses_are_rows_and_counts(void **state)
{
	struct event unknown = event_lost(2200, 0);

	(void)state;
	take_unwanted(event_lost(2100, 159));
	assert_int_equal(last()->event.kind, EVENT_LOST);
	assert_int_equal(last()->sock, 0);
	assert_int_equal(counts()->lost, 159);
	assert_false(counts()->lost_unknown);
	unknown.has = 0;
	take(unknown);
	assert_true(counts()->lost_unknown);
	assert_int_equal(counts()->lost, 159);
	assert_int_equal(fixture.count, 2);
}

static void late_events_give_no_span(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_state(2500, SOCKET, S(ESTABLISHED), S(FIN_WAIT1)));
	take(event_state(2200, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_int_equal(last()->sock, 1);
	assert_true(span_is_unknown(last()->span));
	assert_int_equal(counts()->late, 1);
	take(event_state(2600, SOCKET, S(FIN_WAIT1), S(FIN_WAIT2)));
	assert_true(span_is_unknown(last()->span));
	take(marked_late(event_state(2700, SOCKET, S(FIN_WAIT2), S(CLOSE))));
	assert_true(span_is_unknown(last()->span));
	assert_int_equal(counts()->late, 2);
}

static void late_start_is_of_the_same_life(void **state)
{
	(void)state;
	take(event_state(2500, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	take(marked_late(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT))));
	assert_int_equal(last()->sock, 1);
	assert_int_equal(counts()->late, 1);
}

static void late_cong_does_not_make_up_a_span(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(event_cong(2500, SOCKET, C(RECOVERY)));
	take(event_cong(2300, SOCKET, C(DISORDER)));
	assert_true(span_is_unknown(last()->span));
	take(event_cong(2600, SOCKET, C(OPEN)));
	assert_int_equal(last()->cong, C(DISORDER));
	assert_true(span_is_unknown(last()->span));
}

static void late_destroy_is_of_the_life_before(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	take(marked_late(event_base(EVENT_DESTROY, 1900, SOCKET)));
	take(event_state(2500, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_int_equal(last()->sock, 1);
	assert_exact(last()->span, 500);
}

static void unwanted_sockets_are_followed_in_silence(void **state)
{
	(void)state;
	take_unwanted(event_state(2000, SOCKET, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(fixture.count, 0);
	take(event_state(2500, SOCKET, S(SYN_SENT), S(ESTABLISHED)));
	assert_int_equal(fixture.count, 1);
	assert_exact(last()->span, 500);
	take_unwanted(event_state(2600, SOCKET, S(ESTABLISHED), S(CLOSE)));
	assert_int_equal(fixture.count, 2);
	take_unwanted(event_state(2700, SOCKET, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(fixture.count, 2);
}

static void provisional_sockets_are_given_up_first(void **state)
{
	(void)state;
	take(event_state(2000, 1, S(CLOSE), S(SYN_SENT)));
	take_unwanted(event_state(2100, 2, S(CLOSE), S(SYN_SENT)));
	take_unwanted(event_state(2200, 3, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(counts()->evicted, 0);
	take(event_state(2300, 1, S(SYN_SENT), S(ESTABLISHED)));
	assert_exact(last()->span, 300);
	take(event_state(2400, 3, S(SYN_SENT), S(ESTABLISHED)));
	assert_exact(last()->span, 200);
	take(event_state(2500, 4, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(counts()->evicted, 1);
	take(event_state(2600, 1, S(ESTABLISHED), S(CLOSE_WAIT)));
	assert_at_least(last()->span, 100);
}

static void listeners_are_not_provisional(void **state)
{
	(void)state;
	take_unwanted(event_state(2000, 1, S(CLOSE), S(LISTEN)));
	take_unwanted(event_state(2100, 2, S(CLOSE), S(SYN_SENT)));
	take_unwanted(event_state(2200, 3, S(CLOSE), S(SYN_SENT)));
	take(event_state(2300, 1, S(LISTEN), S(CLOSE)));
	assert_exact(last()->span, 300);
}

static void close_waits_for_event_time(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(ESTABLISHED), S(CLOSE)));
	take(event_state(2100, OTHER, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(fixture.count, 0);
	take(event_base(EVENT_TICK, 2000 + WAIT_NS - 1, 0));
	assert_int_equal(fixture.count, 0);
	take(event_base(EVENT_TICK, 2000 + WAIT_NS, 0));
	assert_int_equal(fixture.count, 2);
	assert_int_equal(fixture.rows[0].event.socket_id, SOCKET);
	assert_int_equal(fixture.rows[1].event.socket_id, OTHER);
}

static void destroy_ends_the_wait(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(ESTABLISHED), S(CLOSE)));
	take(event_base(EVENT_DESTROY, 2001, OTHER));
	assert_int_equal(fixture.count, 0);
	take(event_base(EVENT_DESTROY, 2002, SOCKET));
	assert_int_equal(fixture.count, 1);
}

static void reuse_ends_the_wait(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(ESTABLISHED), S(CLOSE)));
	take(event_cong(2001, SOCKET, C(OPEN)));
	assert_int_equal(fixture.count, 0);
	take(event_state(2002, SOCKET, S(CLOSE), S(SYN_SENT)));
	assert_int_equal(fixture.count, 2);
	assert_int_equal(fixture.rows[0].sock, 1);
	assert_int_equal(fixture.rows[1].sock, 2);
}

static void losses_wait_in_their_place(void **state)
{
	(void)state;
	take(event_state(2000, SOCKET, S(ESTABLISHED), S(CLOSE)));
	take(event_lost(2100, 1));
	assert_int_equal(fixture.count, 0);
	tracker_finish(fixture.tracker);
	assert_int_equal(fixture.count, 2);
	assert_int_equal(last()->event.kind, EVENT_LOST);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
#define TEST_WAITING(function) \
	cmocka_unit_test_setup_teardown(function, setup_waiting, teardown)
#define TEST_SMALL(function) \
	cmocka_unit_test_setup_teardown(function, setup_small, teardown)

/* On a kernel that reports no congestion states, OPEN would be invented. */
static void congestion_stays_unknown_where_nobody_reports_it(void **state)
{
	struct fixture own = { 0 };
	const struct tracker_options options = {
		.max_sockets = 16,
		.max_tasks = 16,
		.since_ns = WATCH_BEGIN,
		.events = ~EVENT_BIT(EVENT_CONG),
		.sink = { fixture_keep, &own },
	};
	struct event event = {
		.time_ns = WATCH_BEGIN + 1,
		.kind = EVENT_STATE,
		.has = EVENT_HAS_SOCKET,
		.socket_id = 1,
		.state = { TCP_STATE_CLOSE, TCP_STATE_SYN_SENT },
	};

	(void)state;
	own.tracker = tracker_new(&options, NULL);
	assert_non_null(own.tracker);
	tracker_take(own.tracker, &event, true);
	assert_int_equal(own.count, 1);
	assert_int_equal(own.rows[0].cong, CONG_STATE_UNKNOWN);
	fixture_done(&own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cong_entered_may_have_been_left_unseen),
		TEST(cong_of_an_algorithm_that_tells_is_exact),
		TEST(cwr_is_not_entered_from_above),
		TEST(events_without_endpoints_take_their_sockets),
		cmocka_unit_test(congestion_stays_unknown_where_nobody_reports_it),
		TEST(life_has_exact_spans),
		TEST(child_has_no_time_in_listen),
		TEST(older_than_the_watch_is_a_lower_bound),
		TEST(nothing_is_known_at_the_very_beginning),
		TEST(loss_moves_the_lower_bound),
		TEST(broken_chain_is_unknown_and_goes_on),
		TEST(no_op_is_ignored),
		TEST(tcp_span_survives_a_loss),
		TEST(other_ports_after_a_loss_are_another_life),
		TEST(destroy_ends_a_life),
		TEST(connecting_again_is_a_new_life),
		TEST(only_a_start_follows_close),
		TEST(cong_spans_and_repeats),
		TEST(cong_of_an_unknown_socket),
		TEST(first_loss_state_may_be_a_repeat),
		TEST(cong_span_across_a_loss_is_an_upper_bound),
		TEST(cong_of_closed_sockets_and_listeners_is_nothing),
		TEST(retrans_tells_the_state),
		TEST(state_not_told_is_bounded_by_a_loss),
		TEST(retrans_carries_the_cong_state),
		TEST(synack_touches_no_socket),
		TEST(losses_are_rows_and_counts),
		TEST(late_events_give_no_span),
		TEST(late_start_is_of_the_same_life),
		TEST(late_cong_does_not_make_up_a_span),
		TEST(late_destroy_is_of_the_life_before),
		TEST(unwanted_sockets_are_followed_in_silence),
		TEST_SMALL(provisional_sockets_are_given_up_first),
		TEST_SMALL(listeners_are_not_provisional),
		TEST_WAITING(close_waits_for_event_time),
		TEST_WAITING(destroy_ends_the_wait),
		TEST_WAITING(reuse_ends_the_wait),
		TEST_WAITING(losses_wait_in_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

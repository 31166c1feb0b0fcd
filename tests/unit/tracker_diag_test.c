/* SPDX-License-Identifier: BSD-2-Clause */
/* The tracker on what sock_diag tells: listed sockets, the end of one, and its
 * last figures, as observations for those who ask. What follows for the rows of
 * events is in the golden cases seed*. */
#include "tracker_fixture.h"

enum { COOKIE = 7, SOCKET = 0x10, PID = 400 };

static void init(struct fixture *fixture, unsigned int shown)
{
	const struct tracker_options options = {
		.max_sockets = 64,
		.max_tasks = 64,
		.since_ns = WATCH_BEGIN,
		.events = ~0u,
		.shown = shown,
		.sink = { fixture_keep, fixture },
	};

	memset(fixture, 0, sizeof(*fixture));
	fixture->tracker = tracker_new(&options, NULL);
	assert_non_null(fixture->tracker);
	fixture_take(fixture, event_listed(PID, PID, "curl"));
}

static struct event event_seen(uint64_t time_ns, enum event_seen_part part)
{
	struct event event = event_base(EVENT_SEEN, time_ns, COOKIE);

	event.seen.part = (uint8_t)part;
	event.has = EVENT_HAS_COOKIE | EVENT_HAS_TGID;
	event.seen.state = TCP_STATE_ESTABLISHED;
	event.seen.tgid = PID;
	event.seen.from_ns = time_ns;
	return with_ports(event, 40000, 80);
}

static struct event event_destroy(uint64_t time_ns, uint64_t cookie)
{
	struct event event = event_base(EVENT_DESTROY, time_ns, SOCKET);

	event.has |= EVENT_HAS_COOKIE;
	event.destroy.cookie = cookie;
	return event;
}

static struct event event_gone(uint64_t time_ns, uint64_t cookie)
{
	struct event event = event_base(EVENT_GONE, time_ns, cookie);

	event.has = EVENT_HAS_COOKIE | EVENT_HAS_BYTES;
	event.gone.bytes_acked = 100;
	event.gone.bytes_received = 201;
	return event;
}

static void list_one(struct fixture *fixture)
{
	fixture_take(fixture, event_seen(1100, EVENT_SEEN_BEGIN));
	fixture_take(fixture, event_seen(1200, EVENT_SEEN_SOCKET));
	fixture_take(fixture, event_seen(1300, EVENT_SEEN_END));
}

static struct event closing(uint64_t time_ns, enum tcp_state old,
			    enum tcp_state new)
{
	return with_ports(event_state(time_ns, SOCKET, old, new), 40000, 80);
}

static void end_one(struct fixture *fixture)
{
	fixture_take(fixture, closing(2000, TCP_STATE_ESTABLISHED,
				      TCP_STATE_CLOSE_WAIT));
	fixture_take(fixture, closing(2100, TCP_STATE_CLOSE_WAIT,
				      TCP_STATE_LAST_ACK));
	fixture_take(fixture, closing(2200, TCP_STATE_LAST_ACK,
				      TCP_STATE_CLOSE));
	fixture_take(fixture, event_destroy(2200, COOKIE));
	fixture_take(fixture, event_gone(2300, COOKIE));
}

static void one_socket_has_one_number(void **state)
{
	const uint8_t kinds[] = {
		EVENT_SEEN, EVENT_STATE, EVENT_STATE, EVENT_STATE, EVENT_DESTROY,
		EVENT_GONE
	};
	struct fixture fixture;

	(void)state;
	init(&fixture, EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_DESTROY) |
		       EVENT_BIT(EVENT_GONE));
	list_one(&fixture);
	end_one(&fixture);
	assert_int_equal(fixture.count, sizeof(kinds));
	for (size_t i = 0; i < fixture.count; i++) {
		assert_int_equal(fixture.rows[i].event.kind, kinds[i]);
		assert_int_equal(fixture.rows[i].sock, 1);
		assert_int_equal(fixture.rows[i].owner.pid, PID);
		assert_int_equal(fixture.rows[i].owner.source, OWNER_SEED);
		assert_string_equal(fixture.rows[i].owner.comm, "curl");
	}
	assert_int_equal(fixture.rows[0].old_state, TCP_STATE_ESTABLISHED);
	assert_at_least(fixture.rows[1].span, 2000 - WATCH_BEGIN);
	assert_int_equal(fixture.rows[4].old_state, TCP_STATE_CLOSE);
	assert_int_equal(tracker_counts(fixture.tracker)->events, 4);
	fixture_done(&fixture);
}

/* Of a socket that is older than the watch and looked at: its congestion state is
 * known, but not since when. */
static void a_look_tells_the_congestion_state(void **state)
{
	struct event seen = event_seen(1200, EVENT_SEEN_SOCKET);
	struct event cong = event_base(EVENT_CONG, 2000, COOKIE);
	struct fixture fixture;

	(void)state;
	init(&fixture, EVENT_BIT(EVENT_SEEN));
	seen.socket_id = COOKIE;
	seen.has |= EVENT_HAS_SOCKET;
	seen.seen.cong = CONG_STATE_RECOVERY;
	seen.seen.cong_known = true;
	fixture_take(&fixture, seen);
	assert_int_equal(fixture_last(&fixture)->cong, CONG_STATE_RECOVERY);
	cong.has |= EVENT_HAS_BOUNDS;
	cong.cong.from_ns = 1900;
	cong.cong.new_state = CONG_STATE_OPEN;
	fixture_take(&fixture, cong);
	assert_int_equal(fixture_last(&fixture)->cong, CONG_STATE_RECOVERY);
	assert_true(span_is_unknown(fixture_last(&fixture)->span));
	fixture_done(&fixture);
}

static void a_fin_is_not_a_byte(void **state)
{
	struct fixture fixture;

	(void)state;
	init(&fixture, EVENT_BIT(EVENT_GONE));
	list_one(&fixture);
	end_one(&fixture);
	assert_int_equal(fixture_last(&fixture)->event.kind, EVENT_GONE);
	assert_int_equal(fixture_last(&fixture)->event.gone.bytes_received, 200);
	assert_int_equal(fixture_last(&fixture)->event.gone.bytes_acked, 100);
	/* An end without a FIN, and figures that come twice. */
	fixture_take(&fixture, closing(3000, TCP_STATE_CLOSE,
				       TCP_STATE_SYN_SENT));
	fixture_take(&fixture, closing(3100, TCP_STATE_SYN_SENT,
				       TCP_STATE_ESTABLISHED));
	fixture_take(&fixture, closing(3200, TCP_STATE_ESTABLISHED,
				       TCP_STATE_CLOSE));
	fixture_take(&fixture, event_destroy(3200, COOKIE + 1));
	fixture_take(&fixture, event_gone(3300, COOKIE + 1));
	assert_int_equal(fixture_last(&fixture)->event.gone.bytes_received, 201);
	assert_int_equal(fixture_last(&fixture)->sock, 2);
	assert_int_equal(fixture.count, 8);
	fixture_take(&fixture, event_gone(3400, COOKIE + 1));
	assert_int_equal(fixture.count, 8);
	fixture_done(&fixture);
}

/* One that its process closed first: only what is unread tells of the FIN. */
static uint64_t received_in_fin_wait2(uint32_t unread)
{
	struct fixture fixture;
	struct event gone = event_gone(2300, COOKIE);
	uint64_t received;

	gone.gone.unread = unread;
	init(&fixture, EVENT_BIT(EVENT_GONE));
	list_one(&fixture);
	fixture_take(&fixture, closing(2000, TCP_STATE_ESTABLISHED,
				       TCP_STATE_FIN_WAIT1));
	fixture_take(&fixture, closing(2100, TCP_STATE_FIN_WAIT1,
				       TCP_STATE_FIN_WAIT2));
	fixture_take(&fixture, closing(2100, TCP_STATE_FIN_WAIT2,
				       TCP_STATE_CLOSE));
	fixture_take(&fixture, event_destroy(2100, COOKIE));
	fixture_take(&fixture, gone);
	received = fixture_last(&fixture)->event.gone.bytes_received;
	fixture_done(&fixture);
	return received;
}

static void an_unread_fin_is_not_a_byte(void **state)
{
	(void)state;
	assert_int_equal(received_in_fin_wait2(0), 201);
	assert_int_equal(received_in_fin_wait2(1), 200);
}

static void only_who_asks_is_told(void **state)
{
	struct fixture fixture;

	(void)state;
	init(&fixture, 0);
	list_one(&fixture);
	end_one(&fixture);
	assert_int_equal(fixture.count, 3);
	fixture_done(&fixture);
}

/* Nothing but its end tells which of the listed ones an address was. */
static void an_end_ends_what_was_listed(void **state)
{
	struct fixture fixture;

	(void)state;
	init(&fixture, EVENT_BIT(EVENT_DESTROY));
	list_one(&fixture);
	fixture_take(&fixture, event_destroy(2000, COOKIE));
	assert_int_equal(fixture.count, 1);
	assert_int_equal(fixture_last(&fixture)->sock, 1);
	assert_int_equal(fixture_last(&fixture)->old_state,
			 TCP_STATE_ESTABLISHED);
	/* It is no more: nothing can be joined with it. */
	fixture_take(&fixture, closing(3000, TCP_STATE_ESTABLISHED,
				       TCP_STATE_CLOSE_WAIT));
	assert_int_equal(fixture_last(&fixture)->sock, 2);
	assert_int_equal(fixture_last(&fixture)->owner.source, OWNER_UNKNOWN);
	fixture_done(&fixture);
}

/* Of sockets in other network namespaces no figures ever come. */
static void old_ends_make_room(void **state)
{
	struct fixture fixture;

	(void)state;
	init(&fixture, EVENT_BIT(EVENT_GONE));
	for (uint64_t cookie = 1; cookie <= 5000; cookie++) {
		struct event event = closing(2000 + cookie, TCP_STATE_CLOSE,
					     TCP_STATE_SYN_SENT);

		tracker_take(fixture.tracker, &event, true);
		event = event_destroy(2000 + cookie, cookie);
		tracker_take(fixture.tracker, &event, true);
		fixture.count = 0;
	}
	fixture_take(&fixture, event_gone(9000, 5000 - 4096));
	assert_int_equal(fixture.count, 0);
	fixture_take(&fixture, event_gone(9000, 5000 - 4095));
	assert_int_equal(fixture.count, 1);
	fixture_done(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_socket_has_one_number),
		cmocka_unit_test(a_look_tells_the_congestion_state),
		cmocka_unit_test(a_fin_is_not_a_byte),
		cmocka_unit_test(an_unread_fin_is_not_a_byte),
		cmocka_unit_test(only_who_asks_is_told),
		cmocka_unit_test(an_end_ends_what_was_listed),
		cmocka_unit_test(old_ends_make_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

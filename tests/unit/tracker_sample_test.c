/* SPDX-License-Identifier: BSD-2-Clause */
/* Which socket a sample belongs to: by its address, by its cookie, or by its
 * endpoints. */
#include "tracker_fixture.h"

enum { COOKIE = 7, OTHER_COOKIE = 8, PORT = 40000 };

#define SOCKET UINT64_C(0xffff888012345678)
#define OTHER_SOCKET UINT64_C(0xffff888012345600)
#define S(name) TCP_STATE_##name

static struct fixture fixture;

/* As the fixture's, but samples are shown. */
static int set_up(void **state)
{
	const struct tracker_options options = {
		.max_sockets = 64,
		.max_tasks = 16,
		.since_ns = WATCH_BEGIN,
		.events = ~0u,
		.shown = EVENT_BIT(EVENT_SAMPLE),
		.sink = { fixture_keep, &fixture },
	};

	(void)state;
	memset(&fixture, 0, sizeof(fixture));
	fixture.tracker = tracker_new(&options, NULL);
	assert_non_null(fixture.tracker);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fixture_done(&fixture);
	return 0;
}

static struct event placed(struct event event)
{
	static const uint8_t local[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };
	static const uint8_t remote[16] = { [10] = 0xff, 0xff, 10, 0, 0, 2 };

	memcpy(event.local.address, local, sizeof(local));
	memcpy(event.remote.address, remote, sizeof(remote));
	return with_ports(event, PORT, 80);
}

/* socket: 0 where the kernel does not say it; cookie: likewise. */
static struct event sample(uint64_t time_ns, uint64_t socket, uint64_t cookie,
			   uint32_t srtt_us)
{
	struct event event = placed(event_base(EVENT_SAMPLE, time_ns, socket));

	if (!socket)
		event.has &= (uint16_t)~EVENT_HAS_SOCKET;
	if (cookie)
		event.has |= EVENT_HAS_COOKIE;
	event.sample.cookie = cookie;
	event.sample.every = 1;
	event.sample.srtt_us = srtt_us;
	event.sample.cwnd = 10;
	return event;
}

/* A connection of that address, up to ESTABLISHED; returns its number. */
static uint64_t connect_at(uint64_t time_ns, uint64_t socket)
{
	fixture_take(&fixture, with_ports(event_state(time_ns, socket, S(CLOSE),
						      S(SYN_SENT)), 0, 80));
	fixture_take(&fixture, placed(event_state(time_ns + 1, socket,
						  S(SYN_SENT), S(ESTABLISHED))));
	return fixture_last(&fixture)->sock;
}

static uint64_t sock_of(struct event event)
{
	fixture_take(&fixture, event);
	assert_int_equal(fixture_last(&fixture)->event.kind, EVENT_SAMPLE);
	return fixture_last(&fixture)->sock;
}

static void by_address(void **state)
{
	uint64_t sock = connect_at(2000, SOCKET);

	(void)state;
	assert_int_equal(sock_of(sample(3000, SOCKET, COOKIE, 150)), sock);
	assert_int_equal(fixture_last(&fixture)->srtt_us, 150);
	assert_int_equal(fixture_last(&fixture)->cwnd, 10);
	/* The endpoints say nothing where the address does. */
	assert_int_not_equal(sock_of(sample(3001, OTHER_SOCKET, COOKIE, 1)),
			     sock);
}

static void by_cookie_and_endpoints(void **state)
{
	uint64_t sock = connect_at(2000, SOCKET);
	struct event elsewhere = sample(3002, 0, COOKIE, 1);

	(void)state;
	assert_int_equal(sock_of(sample(3000, 0, COOKIE, 150)), sock);
	elsewhere.local.port++;
	assert_int_equal(sock_of(elsewhere), sock);
	elsewhere.sample.cookie = OTHER_COOKIE;
	assert_int_not_equal(sock_of(elsewhere), sock);
}

static void by_endpoints_alone(void **state)
{
	uint64_t sock = connect_at(2000, SOCKET);
	struct event elsewhere = sample(3001, 0, 0, 1);
	uint64_t other;

	(void)state;
	assert_int_equal(sock_of(sample(3000, 0, 0, 150)), sock);
	elsewhere.remote.port++;
	other = sock_of(elsewhere);
	assert_int_not_equal(other, sock);
	assert_int_equal(sock_of(elsewhere), other);
}

/* As in two network namespaces. */
static void two_sockets_of_one_place_are_kept_apart(void **state)
{
	uint64_t first = connect_at(2000, SOCKET);
	uint64_t second = connect_at(2100, OTHER_SOCKET);
	uint64_t a = sock_of(sample(3000, 0, COOKIE, 150));
	uint64_t b = sock_of(sample(3001, 0, OTHER_COOKIE, 150));

	(void)state;
	assert_int_not_equal(a, b);
	assert_true(a != first && a != second && b != first && b != second);
	assert_int_equal(sock_of(sample(3002, 0, COOKIE, 1)), a);
	assert_int_equal(sock_of(sample(3003, 0, OTHER_COOKIE, 1)), b);
}

/* One of them older than the watch: only its cookie gives it away. */
static void a_second_cookie_takes_the_first_back(void **state)
{
	uint64_t sock = connect_at(2000, SOCKET);
	uint64_t a = sock_of(sample(3000, 0, COOKIE, 150));
	uint64_t b = sock_of(sample(3001, 0, OTHER_COOKIE, 150));

	(void)state;
	assert_int_equal(a, sock);
	assert_int_not_equal(b, sock);
	a = sock_of(sample(3002, 0, COOKIE, 1));
	assert_true(a != sock && a != b);
	assert_int_equal(sock_of(sample(3003, 0, OTHER_COOKIE, 1)), b);
}

static void the_end_is_of_the_cookie_too(void **state)
{
	struct event destroy = event_base(EVENT_DESTROY, 4000, SOCKET);
	uint64_t a = sock_of(sample(3000, 0, COOKIE, 150));

	(void)state;
	assert_int_equal(sock_of(sample(3001, 0, COOKIE, 150)), a);
	destroy.has |= EVENT_HAS_COOKIE;
	destroy.destroy.cookie = COOKIE;
	fixture_take(&fixture, destroy);
	assert_int_not_equal(sock_of(sample(5000, 0, COOKIE, 150)), a);
}

static void a_new_life_has_no_sample_yet(void **state)
{
	uint64_t sock = connect_at(2000, SOCKET);

	(void)state;
	assert_int_equal(sock_of(sample(3000, 0, COOKIE, 150)), sock);
	fixture_take(&fixture, placed(event_state(4000, SOCKET, S(ESTABLISHED),
						  S(CLOSE))));
	assert_int_equal(fixture_last(&fixture)->srtt_us, 150);
	assert_int_not_equal(connect_at(5000, SOCKET), sock);
	assert_int_equal(fixture_last(&fixture)->srtt_us, 0);
	assert_int_equal(sock_of(sample(6000, 0, OTHER_COOKIE, 9)),
			 fixture_last(&fixture)->sock);
}

static void none_measured_keeps_the_last(void **state)
{
	(void)state;
	connect_at(2000, SOCKET);
	sock_of(sample(3000, SOCKET, COOKIE, 150));
	sock_of(sample(3001, SOCKET, COOKIE, 0));
	assert_int_equal(fixture_last(&fixture)->srtt_us, 150);
	assert_int_equal(fixture_last(&fixture)->event.sample.srtt_us, 0);
}

static void says_that_the_socket_is_established(void **state)
{
	struct event retrans = event_base(EVENT_RETRANS, 4000, SOCKET);

	(void)state;
	sock_of(sample(3000, SOCKET, COOKIE, 150));
	fixture_take(&fixture, retrans);
	fixture_take(&fixture, placed(event_state(5000, SOCKET, S(ESTABLISHED),
						  S(FIN_WAIT1))));
	assert_at_least(fixture_last(&fixture)->span, 5000 - WATCH_BEGIN);
	assert_int_equal(fixture_last(&fixture)->srtt_us, 150);
}

static void counts_what_a_sample_stands_for(void **state)
{
	struct event event = sample(3000, SOCKET, COOKIE, 150);

	(void)state;
	assert_int_equal(tracker_counts(fixture.tracker)->sampled, 0);
	sock_of(event);
	assert_int_equal(tracker_counts(fixture.tracker)->sampled, 1);
	event.sample.every = 4;
	sock_of(event);
	event.sample.every = 2;
	sock_of(event);
	assert_int_equal(tracker_counts(fixture.tracker)->sampled, 4);
}

/* More sockets than there is room for, of both sorts; the links must hold. */
static void eviction_leaves_no_trace(void **state)
{
	(void)state;
	for (unsigned int i = 1; i <= 200; i++) {
		struct event event = sample(3000 + i, 0, i, 150);

		event.local.port = (uint16_t)(i % 8);
		tracker_take(fixture.tracker, &event, i % 50 == 0);
		fixture_take(&fixture, with_ports(
			event_state(3000 + i, SOCKET + i, S(ESTABLISHED),
				    S(CLOSE_WAIT)), (uint16_t)(i % 8), 80));
	}
	assert_true(tracker_counts(fixture.tracker)->evicted > 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_address),
		TEST(by_cookie_and_endpoints),
		TEST(by_endpoints_alone),
		TEST(two_sockets_of_one_place_are_kept_apart),
		TEST(a_second_cookie_takes_the_first_back),
		TEST(the_end_is_of_the_cookie_too),
		TEST(a_new_life_has_no_sample_yet),
		TEST(none_measured_keeps_the_last),
		TEST(says_that_the_socket_is_established),
		TEST(counts_what_a_sample_stands_for),
		TEST(eviction_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What metrics count: groups that come and go without a jump, sockets that are
 * open, time in congestion states; addresses, files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "metrics/metrics.h"
#include "metrics/metrics_address.h"
#include "metrics/metrics_file.h"
#include "view_capture.h"

static struct metrics_groups groups;
static struct metrics metrics;

static int end(void **state)
{
	(void)state;
	metrics_groups_done(&groups);
	metrics_done(&metrics);
	return 0;
}

static struct metrics_membership member(uint64_t number)
{
	return (struct metrics_membership){ .key.number = number };
}

static void count(uint64_t number, int times)
{
	struct metrics_membership own = member(number);

	for (int i = 0; i < times; i++)
		metrics_groups_count(&groups, &own)->ends[0]++;
}

static uint64_t counted(uint64_t number)
{
	struct metrics_membership own = member(number);

	return metrics_groups_find(&groups, &own)->ends[0];
}

static uint64_t others(void)
{
	return groups.slots[METRICS_GROUPS_OTHER]->counts.ends[0];
}

static void the_first_groups_have_slots(void **state)
{
	(void)state;
	assert_int_equal(metrics_groups_init(&groups, 2), 0);
	count(1, 3);
	count(2, 2);
	count(3, 4);
	assert_int_equal(counted(1), 3);
	assert_int_equal(counted(2), 2);
	assert_int_equal(others(), 4);
	assert_int_equal(counted(3), 4);
}

/* What was counted elsewhere stays there: no series falls or jumps. */
static void busier_groups_take_slots_over(void **state)
{
	(void)state;
	assert_int_equal(metrics_groups_init(&groups, 2), 0);
	count(1, 3);
	count(2, 10);
	count(3, 7);
	metrics_groups_end_round(&groups);
	assert_int_equal(others(), 7);
	count(3, 5);
	assert_int_equal(others(), 7);
	assert_int_equal(counted(3), 5);
	assert_int_equal(counted(2), 10);
	count(1, 1);
	assert_int_equal(others(), 8);
}

static void equals_do_not_swap(void **state)
{
	(void)state;
	assert_int_equal(metrics_groups_init(&groups, 1), 0);
	count(1, 5);
	count(2, 10);
	metrics_groups_end_round(&groups);
	count(1, 1);
	assert_int_equal(counted(1), 6);
	assert_int_equal(others(), 10);
}

/* A socket remembers a slot that is another group's by now. */
static void members_notice_a_takeover(void **state)
{
	struct metrics_membership one = member(1);

	(void)state;
	assert_int_equal(metrics_groups_init(&groups, 1), 0);
	metrics_groups_count(&groups, &one)->ends[0]++;
	count(2, 9);
	metrics_groups_end_round(&groups);
	metrics_groups_count(&groups, &one)->ends[0]++;
	assert_int_equal(counted(2), 0);
	assert_int_equal(others(), 10);
	assert_ptr_equal(metrics_groups_find(&groups, &one),
			 &groups.slots[METRICS_GROUPS_OTHER]->counts);
}

static void many_groups_take_no_more_memory(void **state)
{
	(void)state;
	assert_int_equal(metrics_groups_init(&groups, 3), 0);
	for (uint64_t i = 1; i <= 100000; i++)
		count(i, 1);
	assert_int_equal(groups.used, 3);
	assert_int_equal(groups.waiting, groups.room);
	assert_int_equal(others(), 100000 - 3);
	metrics_groups_end_round(&groups);
	assert_int_equal(groups.waiting, 0);
}

static void a_process_called_other_is_one_of_them(void **state)
{
	struct metrics_membership own = { .key.bytes = "other" };

	(void)state;
	assert_int_equal(metrics_groups_init(&groups, 3), 0);
	metrics_groups_count(&groups, &own)->ends[0]++;
	assert_int_equal(others(), 1);
	assert_int_equal(groups.used, 0);
}

static void begin(enum rtt_by by, size_t max_sockets)
{
	const struct view_rtt_options options = { .by = (uint8_t)by, .top = 5 };

	assert_int_equal(metrics_init(&metrics, &options, max_sockets), 0);
}

static struct observation change(uint64_t sock, uint64_t time_ns,
				 enum tcp_state from, enum tcp_state to)
{
	struct observation observation = view_capture_state(
		view_capture_event(EVENT_STATE, 10, "me", 443, "192.0.2.1", 80),
		from, to, SPAN_UNKNOWN);

	observation.sock = sock;
	observation.event.socket_id = 0x1000 + sock;
	observation.event.time_ns = time_ns;
	observation.cong = CONG_STATE_OPEN;
	return observation;
}

static void take(uint64_t sock, uint64_t time_ns, enum tcp_state from,
		 enum tcp_state to)
{
	const struct observation observation = change(sock, time_ns, from, to);

	metrics_take(&metrics, &observation);
}

static uint64_t open_in(enum tcp_state state)
{
	uint64_t open = 0;

	metrics_settle(&metrics);
	for (uint32_t i = 0; i <= metrics.groups.used; i++)
		open += metrics.groups.slots[i]->counts.open[state];
	return open;
}

static void open_sockets_follow_their_states(void **state)
{
	(void)state;
	begin(RTT_BY_ALL, 100);
	take(1, 100, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED);
	take(2, 100, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED);
	take(2, 200, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT);
	assert_int_equal(open_in(TCP_STATE_ESTABLISHED), 1);
	assert_int_equal(open_in(TCP_STATE_CLOSE_WAIT), 1);
	take(2, 300, TCP_STATE_CLOSE_WAIT, TCP_STATE_CLOSE);
	assert_int_equal(open_in(TCP_STATE_CLOSE_WAIT), 0);
	assert_int_equal(open_in(TCP_STATE_CLOSE), 0);
}

static void a_destroyed_one_is_not_open(void **state)
{
	struct observation gone;

	(void)state;
	begin(RTT_BY_ALL, 100);
	take(1, 100, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED);
	gone = view_capture_event(EVENT_DESTROY, 10, "me", 443, "192.0.2.1", 80);
	gone.sock = 1;
	metrics_take(&metrics, &gone);
	assert_int_equal(open_in(TCP_STATE_ESTABLISHED), 0);
}

/* The end of the first owner of an address was lost. */
static void who_has_an_address_replaces_who_had_it(void **state)
{
	struct observation next = change(2, 200, TCP_STATE_CLOSE,
					 TCP_STATE_SYN_SENT);

	(void)state;
	begin(RTT_BY_ALL, 100);
	take(1, 100, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED);
	next.event.socket_id = 0x1001;
	metrics_take(&metrics, &next);
	assert_int_equal(open_in(TCP_STATE_ESTABLISHED), 0);
	assert_int_equal(open_in(TCP_STATE_SYN_SENT), 1);
}

static void the_oldest_makes_room(void **state)
{
	(void)state;
	begin(RTT_BY_COMM, 3);
	for (uint64_t sock = 1; sock <= 1000; sock++)
		take(sock, sock, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED);
	assert_int_equal(open_in(TCP_STATE_ESTABLISHED), 3);
}

static uint64_t cong_ns(enum cong_state state)
{
	metrics_settle(&metrics);
	return metrics.groups.slots[METRICS_GROUPS_OTHER]->counts.cong_ns[state];
}

static void time_in_congestion_states_goes_on(void **state)
{
	struct observation cong = view_capture_event(EVENT_CONG, 10, "me", 443,
						     "192.0.2.1", 80);

	(void)state;
	begin(RTT_BY_ALL, 100);
	take(1, 100, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED);
	cong.sock = 1;
	cong.event.time_ns = 250;
	cong.cong = CONG_STATE_OPEN;
	cong.event.cong.new_state = CONG_STATE_LOSS;
	metrics_take(&metrics, &cong);
	metrics.now_ns = 300;
	assert_int_equal(cong_ns(CONG_STATE_OPEN), 150);
	assert_int_equal(cong_ns(CONG_STATE_LOSS), 50);
	metrics.now_ns = 400;
	assert_int_equal(cong_ns(CONG_STATE_LOSS), 150);
	assert_int_equal(cong_ns(CONG_STATE_LOSS), 150);
}

static void stays_between_looks_count_as_their_middle(void **state)
{
	struct observation looked = change(1, 100, TCP_STATE_ESTABLISHED,
					   TCP_STATE_CLOSE_WAIT);

	(void)state;
	begin(RTT_BY_ALL, 100);
	looked.span = (struct span){ 1000000, 3000000 };
	metrics_take(&metrics, &looked);
	looked.span = (struct span){ 1000000, SPAN_NO_LIMIT };
	metrics_take(&metrics, &looked);
	assert_int_equal(metrics.stays[TCP_STATE_ESTABLISHED].count, 1);
	assert_int_equal(metrics.stays[TCP_STATE_ESTABLISHED].sum, 2000000);
	assert_int_equal(metrics.stays[TCP_STATE_ESTABLISHED].buckets[11], 1);
	assert_int_equal(metrics.unmeasured[TCP_STATE_ESTABLISHED], 1);
}

static void addresses_are_loopback_unless_said(void **state)
{
	static const struct {
		const char *text;
		const char *host;
	} right[] = {
		{ "9417", "127.0.0.1" }, { ":9417", "127.0.0.1" },
		{ "0.0.0.0:9417", "0.0.0.0" }, { "[::1]:9417", "::1" },
	};
	static const char *const wrong[] = {
		"", ":", "0", "65536", "localhost:9417", "1.2.3:9417", "::1:9417",
		"[::1]", "[]:9417", "9417x", "127.0.0.1:", "127.0.0.1:+1", "[::1:9417"
	};
	struct metrics_address address;
	char host[INET6_ADDRSTRLEN];

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct error err = { 0 };
		bool ipv6;

		assert_int_equal(metrics_address_parse(&address, right[i].text,
						       &err), 0);
		ipv6 = address.any.sa_family == AF_INET6;
		assert_non_null(inet_ntop(address.any.sa_family, ipv6 ?
					  (void *)&address.ipv6.sin6_addr :
					  (void *)&address.ipv4.sin_addr, host,
					  sizeof(host)));
		assert_string_equal(host, right[i].host);
		assert_int_equal(ntohs(ipv6 ? address.ipv6.sin6_port :
					      address.ipv4.sin_port), 9417);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err = { 0 };

		if (metrics_address_parse(&address, wrong[i], &err) != -EINVAL)
			fail_msg("'%s' was accepted", wrong[i]);
	}
}

static void expect_file(const char *path, const char *expected)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_string_equal(text, expected);
}

/* Who has the file open goes on with the old one. */
static void files_are_replaced_whole(void **state)
{
	char folder[] = "/tmp/tcpwatch-test-XXXXXX", path[64];
	struct error err = { 0 };
	struct stat before, after;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.prom", folder);
	assert_int_equal(metrics_file_check(path, &err), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(metrics_file_write(path, NULL, "one\n", 4, &err), 0);
	expect_file(path, "one\n");
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(metrics_file_write(path, NULL, "two\n", 4, &err), 0);
	expect_file(path, "two\n");
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	assert_int_equal(after.st_mode & 0444, 0444);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(metrics_file_write(path, NULL, "x", 1, &err), -ENOENT);
	assert_non_null(strstr(err.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_first_groups_have_slots, end),
		cmocka_unit_test_teardown(busier_groups_take_slots_over, end),
		cmocka_unit_test_teardown(equals_do_not_swap, end),
		cmocka_unit_test_teardown(members_notice_a_takeover, end),
		cmocka_unit_test_teardown(many_groups_take_no_more_memory, end),
		cmocka_unit_test_teardown(a_process_called_other_is_one_of_them,
					  end),
		cmocka_unit_test_teardown(open_sockets_follow_their_states, end),
		cmocka_unit_test_teardown(a_destroyed_one_is_not_open, end),
		cmocka_unit_test_teardown(who_has_an_address_replaces_who_had_it,
					  end),
		cmocka_unit_test_teardown(the_oldest_makes_room, end),
		cmocka_unit_test_teardown(time_in_congestion_states_goes_on, end),
		cmocka_unit_test_teardown(stays_between_looks_count_as_their_middle,
					  end),
		cmocka_unit_test(addresses_are_loopback_unless_said),
		cmocka_unit_test(files_are_replaced_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

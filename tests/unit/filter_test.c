/* SPDX-License-Identifier: BSD-2-Clause */
/* What passes the user's filters, before the tracker and behind it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "comm_bytes.h"
#include "filter/filter.h"
#include "tcpwatch/tcp_state.h"

static void add_range(struct match_ranges *ranges, const char *text)
{
	assert_int_equal(match_ranges_parse(ranges, text, 65535, NULL), 0);
}

static void add_prefix(struct match_prefixes *prefixes, const char *text)
{
	assert_int_equal(match_prefixes_parse(prefixes, text, NULL), 0);
}

static struct event connection(void)
{
	return (struct event){
		.kind = EVENT_STATE,
		.has = EVENT_HAS_ENDPOINTS,
		.family = EVENT_FAMILY_IPV4,
		.local = {
			.address = { [10] = 0xff, 0xff, 10, 0, 0, 1 },
			.port = 443,
		},
		.remote = {
			.address = { [10] = 0xff, 0xff, 192, 0, 2, 7 },
			.port = 50000,
		},
	};
}

static struct observation closing(int32_t pid, const char *comm)
{
	struct observation observation = {
		.event.kind = EVENT_STATE,
		.event.state = { TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1 },
		.old_state = TCP_STATE_ESTABLISHED,
		.owner.pid = pid,
	};

	comm_bytes(observation.owner.comm, comm);
	return observation;
}

static void ports_and_family(void **state)
{
	struct event event = connection();
	struct filter filter = { 0 };

	(void)state;
	assert_true(filter_event(&filter, &event));
	filter.endpoints.family = EVENT_FAMILY_IPV6;
	assert_false(filter_event(&filter, &event));
	filter.endpoints.family = EVENT_FAMILY_IPV4;
	add_range(&filter.endpoints.local_ports, "443");
	add_range(&filter.endpoints.remote_ports, "50000-50009");
	assert_true(filter_event(&filter, &event));
	event.remote.port = 50010;
	assert_false(filter_event(&filter, &event));
}

static void addresses(void **state)
{
	struct event event = connection();
	struct filter filter = { 0 };

	(void)state;
	add_prefix(&filter.endpoints.local_addresses, "10.0.0.0/8");
	add_prefix(&filter.endpoints.remote_addresses, "!192.0.2.8");
	assert_true(filter_event(&filter, &event));
	event.remote.address[15] = 8;
	assert_false(filter_event(&filter, &event));
	event.remote.address[15] = 7;
	event.local.address[12] = 11;
	assert_false(filter_event(&filter, &event));
}

static void local_port_zero_has_not_been_chosen(void **state)
{
	struct event event = connection();
	struct filter filter = { 0 };

	(void)state;
	event.local.port = 0;
	assert_true(filter_event(&filter, &event));
	add_range(&filter.endpoints.local_ports, "!22");
	assert_false(filter_event(&filter, &event));
	event.local.port = 443;
	event.remote.port = 0;
	add_range(&filter.endpoints.remote_ports, "!22");
	assert_true(filter_event(&filter, &event));
}

static void no_endpoints_pass_where_none_are_filtered(void **state)
{
	const struct event probed = { .kind = EVENT_CONG };
	struct filter filter = { .comm = "nginx" };

	(void)state;
	assert_true(filter_event(&filter, &probed));
	add_range(&filter.endpoints.local_ports, "443");
	assert_false(filter_event(&filter, &probed));
}

static void pids(void **state)
{
	struct observation row = closing(100, "curl");
	struct filter filter = { 0 };

	(void)state;
	add_range(&filter.endpoints.pids, "100-200");
	assert_true(filter_observation(&filter, &row));
	row.owner.pid = 99;
	assert_false(filter_observation(&filter, &row));
}

static void an_unknown_owner_is_none_of_those_named(void **state)
{
	struct observation row = closing(0, "");
	struct filter filter = { 0 };

	(void)state;
	assert_true(filter_observation(&filter, &row));
	add_range(&filter.endpoints.pids, "!100");
	assert_true(filter_observation(&filter, &row));
	add_range(&filter.endpoints.pids, "200");
	assert_false(filter_observation(&filter, &row));
}

static void names_by_pattern(void **state)
{
	struct observation row = closing(1, "nginx");
	struct observation nameless = closing(1, "");
	struct observation full = closing(1, "0123456789abcdef");
	struct filter filter = { .comm = "ng*" };

	(void)state;
	assert_true(filter_observation(&filter, &row));
	assert_false(filter_observation(&filter, &full));
	strcpy(filter.comm, "*");
	assert_false(filter_observation(&filter, &nameless));
	strcpy(filter.comm, "*abcdef");
	assert_true(filter_observation(&filter, &full));
}

static void followed_processes_only(void **state)
{
	struct observation row = closing(1, "sh");
	struct filter filter = { .followed_only = true };

	(void)state;
	assert_false(filter_observation(&filter, &row));
	row.owner.followed = true;
	assert_true(filter_observation(&filter, &row));
}

static void states_old_or_new(void **state)
{
	struct observation row = closing(1, "sh");
	struct filter filter = { .states = 1u << TCP_STATE_ESTABLISHED };

	(void)state;
	assert_true(filter_observation(&filter, &row));
	filter.states = 1u << TCP_STATE_FIN_WAIT1;
	assert_true(filter_observation(&filter, &row));
	filter.states = 1u << TCP_STATE_CLOSE;
	assert_false(filter_observation(&filter, &row));
	row.event.state.new_state = 200;
	assert_false(filter_observation(&filter, &row));
}

static void states_of_other_rows(void **state)
{
	struct observation row = {
		.event.kind = EVENT_RETRANS,
		.event.retrans.state = TCP_STATE_SYN_SENT,
	};
	struct filter filter = { .states = 1u << TCP_STATE_SYN_SENT };

	(void)state;
	assert_false(filter_observation(&filter, &row));
	row.event.has = EVENT_HAS_TCP_STATE;
	assert_true(filter_observation(&filter, &row));
	row.event.kind = EVENT_CONG;
	assert_false(filter_observation(&filter, &row));
}

static void losses_always_pass(void **state)
{
	const struct observation row = { .event.kind = EVENT_LOST };
	struct filter filter = {
		.comm = "x",
		.states = 1u << TCP_STATE_CLOSE,
		.followed_only = true,
	};

	(void)state;
	add_range(&filter.endpoints.pids, "1");
	assert_true(filter_observation(&filter, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_and_family),
		cmocka_unit_test(addresses),
		cmocka_unit_test(local_port_zero_has_not_been_chosen),
		cmocka_unit_test(no_endpoints_pass_where_none_are_filtered),
		cmocka_unit_test(pids),
		cmocka_unit_test(an_unknown_owner_is_none_of_those_named),
		cmocka_unit_test(names_by_pattern),
		cmocka_unit_test(followed_processes_only),
		cmocka_unit_test(states_old_or_new),
		cmocka_unit_test(states_of_other_rows),
		cmocka_unit_test(losses_always_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters by their names, whatever their order and company. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tcpwatch/tcp_counters.h"

static struct tcp_counters parse(const char *text)
{
	struct tcp_counters counters = { 0 };

	tcp_counters_parse(&counters, text);
	return counters;
}

static void expect(const struct tcp_counters *counters,
		   enum tcp_counter counter, uint64_t value)
{
	assert_true(tcp_counters_know(counters, counter));
	assert_int_equal(counters->values[counter], value);
}

static void names_lead_to_values(void **state)
{
	const struct tcp_counters counters = parse(
		"Ip: Forwarding OutSegs\nIp: 1 99\n"
		"Tcp: MaxConn OutSegs RetransSegs InCsumErrors\n"
		"Tcp: -1 18446744073709551615 7 0\n"
		"Udp: RetransSegs\nUdp: 13\n"
		"TcpExt: TCPLossUndo TCPTimeoutsOfTomorrow TCPTimeouts TCPTime\n"
		"TcpExt: 3 4 5 6\n");

	(void)state;
	expect(&counters, TCP_COUNTER_OUT_SEGS, UINT64_MAX);
	expect(&counters, TCP_COUNTER_RETRANS_SEGS, 7);
	expect(&counters, TCP_COUNTER_LOSS_UNDO, 3);
	expect(&counters, TCP_COUNTER_TIMEOUTS, 5);
	assert_int_equal(__builtin_popcountll(counters.known), 4);
}

static void what_has_no_value_is_not_known(void **state)
{
	static const char *const texts[] = {
		"", "Tcp: OutSegs", "Tcp: OutSegs\n", "Tcp: OutSegs\nTcp:\n",
		"Tcp: OutSegs\nTcpExt: 5\n", "Tcp: OutSegs\nTcp: -5\n",
		"Tcp: OutSegs\nTcp: x\n", "OutSegs\n5\n", "\n\n\n",
		"Tcp : OutSegs\nTcp : 5\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i]).known, 0);
}

static void more_names_than_values_do_no_harm(void **state)
{
	const struct tcp_counters counters =
		parse("Tcp: OutSegs RetransSegs OutRsts\nTcp: 1 2\n");

	(void)state;
	expect(&counters, TCP_COUNTER_RETRANS_SEGS, 2);
	assert_false(tcp_counters_know(&counters, TCP_COUNTER_OUT_RSTS));
}

static void growth_survives_a_small_counter_that_turns_over(void **state)
{
	struct tcp_counters before = parse("Tcp: OutSegs RetransSegs\n"
					   "Tcp: 4294967290 5\n");
	struct tcp_counters after = parse("Tcp: OutSegs RetransSegs OutRsts\n"
					  "Tcp: 4 12 9\n");
	struct tcp_counters grown;

	(void)state;
	after.at_ns = 77;
	after.netns = 78;
	grown = tcp_counters_grown(&before, &after);
	expect(&grown, TCP_COUNTER_OUT_SEGS, 10);
	expect(&grown, TCP_COUNTER_RETRANS_SEGS, 7);
	assert_false(tcp_counters_know(&grown, TCP_COUNTER_OUT_RSTS));
	assert_int_equal(grown.at_ns, 77);
	assert_int_equal(grown.netns, 78);
}

static void each_has_a_name_and_a_meaning_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < TCP_COUNTER_COUNT; i++) {
		enum tcp_counter counter = (enum tcp_counter)i;

		assert_in_range(strlen(tcp_counters_name(counter)), 1, 24);
		assert_in_range(strlen(tcp_counters_meaning(counter)), 1, 34);
		for (int other = 0; other < i; other++)
			assert_string_not_equal(
				tcp_counters_name(counter),
				tcp_counters_name((enum tcp_counter)other));
	}
}

static void this_kernel_has_them(void **state)
{
	struct tcp_counters_files files;
	struct tcp_counters counters, again;
	struct error err = { 0 };

	(void)state;
	if (tcp_counters_open(&files, &err) ||
	    tcp_counters_read(&files, &counters, &err)) {
		print_message("skip: %s\n", err.text);
		skip();
	}
	assert_int_equal(tcp_counters_read(&files, &again, &err), 0);
	assert_true(again.known == counters.known);
	assert_true(again.at_ns >= counters.at_ns);
	tcp_counters_close(&files);
	assert_true(tcp_counters_know(&counters, TCP_COUNTER_OUT_SEGS));
	assert_true(tcp_counters_know(&counters, TCP_COUNTER_TIMEOUTS));
	assert_true(counters.at_ns > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_lead_to_values),
		cmocka_unit_test(what_has_no_value_is_not_known),
		cmocka_unit_test(more_names_than_values_do_no_harm),
		cmocka_unit_test(growth_survives_a_small_counter_that_turns_over),
		cmocka_unit_test(each_has_a_name_and_a_meaning_of_its_own),
		cmocka_unit_test(this_kernel_has_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

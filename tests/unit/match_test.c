/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of ports, numbers and addresses: what they match, what they refuse. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "tcpwatch/match.h"

static struct match_ranges ports(const char *text)
{
	struct match_ranges ranges = { 0 };
	struct error err = { 0 };

	assert_int_equal(match_ranges_parse(&ranges, text, 65535, &err), 0);
	return ranges;
}

static struct match_prefixes prefixes(const char *text)
{
	struct match_prefixes list = { 0 };
	struct error err = { 0 };

	assert_int_equal(match_prefixes_parse(&list, text, &err), 0);
	return list;
}

static bool address_matches(const struct match_prefixes *list,
			    const char *text)
{
	uint8_t address[16] = { [10] = 0xff, 0xff };

	if (inet_pton(AF_INET, text, address + 12) != 1)
		assert_int_equal(inet_pton(AF_INET6, text, address), 1);
	return match_prefixes_has(list, address);
}

static void empty_lists_match_everything(void **state)
{
	const struct match_ranges ranges = { 0 };
	const struct match_prefixes list = { 0 };

	(void)state;
	assert_true(match_ranges_has(&ranges, 0));
	assert_true(address_matches(&list, "2001:db8::1"));
}

static void ranges_include_their_ends(void **state)
{
	struct match_ranges ranges = ports("80,8000-8099");

	(void)state;
	assert_int_equal(ranges.count, 2);
	assert_true(match_ranges_has(&ranges, 80));
	assert_true(match_ranges_has(&ranges, 8000));
	assert_true(match_ranges_has(&ranges, 8099));
	assert_false(match_ranges_has(&ranges, 7999));
	assert_false(match_ranges_has(&ranges, 8100));
}

static void negation_wins(void **state)
{
	struct match_ranges only = ports("!22");
	struct match_ranges both = ports("1-100,!20-30");

	(void)state;
	assert_false(match_ranges_has(&only, 22));
	assert_true(match_ranges_has(&only, 23));
	assert_false(match_ranges_has(&both, 25));
	assert_true(match_ranges_has(&both, 31));
	assert_false(match_ranges_has(&both, 101));
}

static void lists_are_appended_to(void **state)
{
	struct match_ranges ranges = ports("80");

	(void)state;
	assert_int_equal(match_ranges_parse(&ranges, "443", 65535, NULL), 0);
	assert_true(match_ranges_has(&ranges, 80));
	assert_true(match_ranges_has(&ranges, 443));
}

static void wrong_ranges_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", ",", "80,,81", "80,", "70000", "90-80", "80-", "-80", "!",
		"!!22", " 80", "80 ", "+80", "0x50", "http", "1-2-3",
		"18446744073709551617",
	};
	struct match_ranges before = ports("7"), ranges;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err = { 0 };

		ranges = before;
		assert_int_equal(match_ranges_parse(&ranges, wrong[i], 65535,
						    &err), -EINVAL);
		assert_int_equal(err.code, EINVAL);
		assert_memory_equal(&ranges, &before, sizeof(before));
	}
}

static void messages_name_the_piece(void **state)
{
	struct match_ranges ranges = { 0 };
	struct match_prefixes list = { 0 };
	struct error err = { 0 };

	(void)state;
	match_ranges_parse(&ranges, "80,70000,81", 65535, &err);
	assert_string_equal(err.text, "'70000' is not a port (0-65535) or a range like 8000-8099");
	err = (struct error){ 0 };
	match_ranges_parse(&ranges, "1x", 4194304, &err);
	assert_string_equal(err.text, "'1x' is not a number (0-4194304) or a range like 100-199");
	err = (struct error){ 0 };
	match_prefixes_parse(&list, "10.0.0.0/33", &err);
	assert_non_null(strstr(err.text, "'10.0.0.0/33'"));
}

static void lists_have_a_limit(void **state)
{
	struct match_ranges ranges = { 0 };
	struct match_prefixes list = { 0 };
	struct error err = { 0 };
	int i;

	(void)state;
	for (i = 0; i < MATCH_ITEMS_MAX; i++) {
		assert_int_equal(match_ranges_parse(&ranges, "1", 9, &err), 0);
		assert_int_equal(match_prefixes_parse(&list, "::1", &err), 0);
	}
	assert_int_equal(match_ranges_parse(&ranges, "1", 9, &err), -E2BIG);
	assert_int_equal(match_prefixes_parse(&list, "::1", NULL), -E2BIG);
	assert_int_equal(ranges.count, MATCH_ITEMS_MAX);
	assert_int_equal(err.code, E2BIG);
}

static void prefixes_match_by_their_bits(void **state)
{
	struct match_prefixes list =
		prefixes("10.0.0.0/8,192.168.3.128/25,2001:db8::/33,!10.1.2.3");

	(void)state;
	assert_true(address_matches(&list, "10.255.0.1"));
	assert_false(address_matches(&list, "11.0.0.1"));
	assert_false(address_matches(&list, "10.1.2.3"));
	assert_true(address_matches(&list, "192.168.3.200"));
	assert_false(address_matches(&list, "192.168.3.127"));
	assert_true(address_matches(&list, "2001:db8:7fff::1"));
	assert_false(address_matches(&list, "2001:db8:8000::1"));
}

static void addresses_are_taken_as_rows_show_them(void **state)
{
	struct match_prefixes list = prefixes("[2001:db8::]/32,![2001:db8::1]");

	(void)state;
	assert_true(address_matches(&list, "2001:db8::2"));
	assert_false(address_matches(&list, "2001:db8::1"));
	assert_false(address_matches(&list, "2001:db9::1"));
}

static void host_bits_are_masked(void **state)
{
	struct match_prefixes list = prefixes("10.1.2.3/8");

	(void)state;
	assert_int_equal(list.items[0].bits, 104);
	assert_int_equal(list.items[0].address[12], 10);
	assert_int_equal(list.items[0].address[15], 0);
	assert_true(address_matches(&list, "10.9.9.9"));
}

static void families_do_not_mix(void **state)
{
	struct match_prefixes ipv4 = prefixes("0.0.0.0/0");
	struct match_prefixes ipv6 = prefixes("::/0");
	struct match_prefixes no_ipv6 = prefixes("!::/0");

	(void)state;
	assert_true(address_matches(&ipv4, "1.2.3.4"));
	assert_false(address_matches(&ipv4, "2001:db8::1"));
	assert_true(address_matches(&ipv6, "::1"));
	assert_false(address_matches(&ipv6, "1.2.3.4"));
	assert_true(address_matches(&no_ipv6, "1.2.3.4"));
	assert_false(address_matches(&no_ipv6, "::1"));
}

static void mapped_addresses_are_ipv4(void **state)
{
	struct match_prefixes list = prefixes("::ffff:10.0.0.0/104");

	(void)state;
	assert_true(address_matches(&list, "10.1.1.1"));
	assert_false(address_matches(&list, "11.1.1.1"));
}

static void wrong_prefixes_are_refused(void **state)
{
	static const char *const wrong[] = {
		"[10.0.0.1]", "[", "[]", "[::1", "::1]", "[::1]:80",
		"", "10.1", "10.0.0.0/", "10.0.0.0/33", "::1/129", "/8",
		"10.0.0.0/8,,::1", " ::1", "fe80::1%eth0", "host",
		"10.0.0.0/8/8", "10.0.0.0/-1",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111",
	};
	struct match_prefixes before = prefixes("::1"), list;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err = { 0 };

		list = before;
		assert_int_equal(match_prefixes_parse(&list, wrong[i], &err),
				 -EINVAL);
		assert_int_equal(err.code, EINVAL);
		assert_memory_equal(&list, &before, sizeof(before));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_lists_match_everything),
		cmocka_unit_test(ranges_include_their_ends),
		cmocka_unit_test(negation_wins),
		cmocka_unit_test(lists_are_appended_to),
		cmocka_unit_test(wrong_ranges_are_refused),
		cmocka_unit_test(messages_name_the_piece),
		cmocka_unit_test(lists_have_a_limit),
		cmocka_unit_test(prefixes_match_by_their_bits),
		cmocka_unit_test(addresses_are_taken_as_rows_show_them),
		cmocka_unit_test(host_bits_are_masked),
		cmocka_unit_test(families_do_not_mix),
		cmocka_unit_test(mapped_addresses_are_ipv4),
		cmocka_unit_test(wrong_prefixes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers, addresses and times against what libc makes of the same values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/number_text.h"

static uint64_t seed = 88172645463325252u;

/* xorshift: the same values in every run. */
static uint64_t any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void assert_text(const char *text, size_t length, const char *expected)
{
	char terminated[64];

	assert_in_range(length, 0, sizeof(terminated) - 1);
	memcpy(terminated, text, length);
	terminated[length] = '\0';
	assert_string_equal(terminated, expected);
}

static void check_u64(uint64_t value)
{
	char text[NUMBER_TEXT_U64], expected[32];

	snprintf(expected, sizeof(expected), "%" PRIu64, value);
	assert_text(text, number_text_u64(text, value), expected);
	snprintf(expected, sizeof(expected), "%" PRId64, (int64_t)value);
	assert_text(text, number_text_i64(text, (int64_t)value), expected);
}

static void integers_are_printf_s(void **state)
{
	uint64_t power = 1;

	(void)state;
	check_u64(0);
	check_u64(UINT64_MAX);
	check_u64((uint64_t)INT64_MIN);
	for (int i = 0; i < 20; i++, power *= 10) {
		check_u64(power - 1);
		check_u64(power);
		check_u64(power + 1);
	}
	for (int i = 0; i < 20000; i++)
		check_u64(any() >> any() % 64);
}

static void hex_has_sixteen_digits(void **state)
{
	char text[NUMBER_TEXT_HEX];

	(void)state;
	assert_text(text, number_text_hex16(text, 0), "0000000000000000");
	assert_text(text, number_text_hex16(text, 0xffff8881deadbeefu),
		    "ffff8881deadbeef");
}

static void check_address(const char *input, const char *expected)
{
	char text[NUMBER_TEXT_ADDRESS];
	uint8_t address[16];

	assert_int_equal(inet_pton(AF_INET6, input, address), 1);
	assert_text(text, number_text_address(text, address, EVENT_FAMILY_IPV6),
		    expected);
}

static void ipv6_follows_rfc5952(void **state)
{
	(void)state;
	check_address("::", "::");
	check_address("::1", "::1");
	check_address("1::", "1::");
	check_address("2001:DB8::1", "2001:db8::1");
	check_address("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
	check_address("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	check_address("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
	check_address("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7");
	check_address("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::");
	check_address("0:0:3:4:5:6:7:8", "::3:4:5:6:7:8");
	check_address("::1.2.3.4", "::102:304");
	check_address("::ffff:1.2.3.4", "::ffff:102:304");
	check_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

/* glibc ends ::1.2.3.4 and ::ffff:1.2.3.4 in dots; those are tested above. */
static void ipv6_is_inet_ntop_s(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[NUMBER_TEXT_ADDRESS], expected[INET6_ADDRSTRLEN];
		uint64_t keep = any();
		uint8_t address[16];

		for (int i = 0; i < 16; i++)
			address[i] = keep >> i / 2 * 2 & 1 || keep >> (32 + i) & 1 ?
				(uint8_t)any() : 0;
		address[1] |= 1;
		inet_ntop(AF_INET6, address, expected, sizeof(expected));
		assert_text(text, number_text_address(text, address,
						      EVENT_FAMILY_IPV6),
			    expected);
	}
}

static void ipv4_is_inet_ntop_s(void **state)
{
	(void)state;
	for (int round = 0; round < 5000; round++) {
		char text[NUMBER_TEXT_IPV4], expected[INET_ADDRSTRLEN];
		uint8_t address[16] = { [10] = 0xff, [11] = 0xff };

		for (int i = 12; i < 16; i++)
			address[i] = (uint8_t)(any() >> any() % 8);
		inet_ntop(AF_INET, address + 12, expected, sizeof(expected));
		assert_text(text, number_text_address(text, address,
						      EVENT_FAMILY_IPV4),
			    expected);
	}
}

static void milliseconds_are_truncated(void **state)
{
	char text[NUMBER_TEXT_MS];

	(void)state;
	assert_text(text, number_text_ms_fit(text, 0, 5), "0.000");
	assert_text(text, number_text_ms_fit(text, 999, 9), "0.000");
	assert_text(text, number_text_ms_fit(text, 1373999, 9), "1.373");
	assert_text(text, number_text_ms_fit(text, 1002114000, 9), "1002.114");
	assert_text(text, number_text_ms_fit(text, UINT64_MAX, 18),
		    "18446744073709.551");
}

static void decimals_give_way_to_the_width(void **state)
{
	const uint64_t ns = UINT64_C(86211529999);
	char text[NUMBER_TEXT_MS];

	(void)state;
	assert_text(text, number_text_ms_fit(text, ns, 9), "86211.529");
	assert_text(text, number_text_ms_fit(text, ns, 8), "86211.52");
	assert_text(text, number_text_ms_fit(text, ns, 7), "86211.5");
	assert_text(text, number_text_ms_fit(text, ns, 6), "86211");
	assert_text(text, number_text_ms_fit(text, ns, 1), "86211");
}

static void full_milliseconds_end_in_no_zero(void **state)
{
	char text[NUMBER_TEXT_MS];

	(void)state;
	assert_text(text, number_text_ms_full(text, 0), "0");
	assert_text(text, number_text_ms_full(text, 1), "0.000001");
	assert_text(text, number_text_ms_full(text, 1250000), "1.25");
	assert_text(text, number_text_ms_full(text, 30000000), "30");
	assert_text(text, number_text_ms_full(text, UINT64_MAX),
		    "18446744073709.551615");
}

static void seconds_have_six_decimals(void **state)
{
	char text[NUMBER_TEXT_SECONDS];

	(void)state;
	assert_text(text, number_text_seconds(text, 0), "0.000000");
	assert_text(text, number_text_seconds(text, 12345678999u), "12.345678");
	assert_text(text, number_text_seconds(text, UINT64_MAX),
		    "18446744073.709551");
}

static void every_day_is_gmtime_s(void **state)
{
	(void)state;
	for (uint64_t day = 0; day < 213503; day++) {
		time_t second = (time_t)(day * 86400 + any() % 86400);
		char text[NUMBER_TEXT_RFC3339], expected[40];
		struct tm time;

		gmtime_r(&second, &time);
		strftime(expected, sizeof(expected),
			 "%Y-%m-%dT%H:%M:%S.000000789Z", &time);
		assert_text(text, number_text_rfc3339_utc(text,
				(uint64_t)second * 1000000000 + 789), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_printf_s),
		cmocka_unit_test(hex_has_sixteen_digits),
		cmocka_unit_test(ipv6_follows_rfc5952),
		cmocka_unit_test(ipv6_is_inet_ntop_s),
		cmocka_unit_test(ipv4_is_inet_ntop_s),
		cmocka_unit_test(milliseconds_are_truncated),
		cmocka_unit_test(decimals_give_way_to_the_width),
		cmocka_unit_test(full_milliseconds_end_in_no_zero),
		cmocka_unit_test(seconds_have_six_decimals),
		cmocka_unit_test(every_day_is_gmtime_s)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

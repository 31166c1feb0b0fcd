/* SPDX-License-Identifier: BSD-2-Clause */
/* Wall times in UTC and in zones east and west of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "common/wall_text.h"

#define WALL_NS UINT64_C(1795352646123456789) /* 2026-11-22T13:04:06Z */

static void check(const char *zone, bool iso, bool utc, uint64_t wall_ns,
		  const char *expected)
{
	struct wall_text wall;
	char text[WALL_TEXT_MAX + 1];

	setenv("TZ", zone, 1);
	wall_text_init(&wall, iso, utc);
	/* Twice: once from the calendar, once from what is kept. */
	for (int i = 0; i < 2; i++) {
		text[wall_text_write(&wall, text, wall_ns)] = '\0';
		assert_string_equal(text, expected);
	}
}

static void local_time_has_its_offset(void **state)
{
	(void)state;
	check("TST-5:30", true, false, WALL_NS,
	      "2026-11-22T18:34:06.123456+05:30");
	check("XXX8", true, false, WALL_NS, "2026-11-22T05:04:06.123456-08:00");
	check("XXX8", false, false, WALL_NS, "05:04:06");
}

static void utc_ends_in_z(void **state)
{
	(void)state;
	check("XXX8", true, true, WALL_NS, "2026-11-22T13:04:06.123456Z");
	check("XXX8", false, true, WALL_NS, "13:04:06");
}

static void the_longest_fits(void **state)
{
	(void)state;
	check("TST-14", true, false, UINT64_MAX - 1000000000,
	      "2554-07-22T13:34:32.709551+14:00");
}

static void the_kept_second_goes_with_it(void **state)
{
	struct wall_text wall;
	char text[WALL_TEXT_MAX + 1];

	(void)state;
	wall_text_init(&wall, true, true);
	text[wall_text_write(&wall, text, WALL_NS)] = '\0';
	text[wall_text_write(&wall, text, WALL_NS + 876543211)] = '\0';
	assert_string_equal(text, "2026-11-22T13:04:07.000000Z");
	text[wall_text_write(&wall, text, WALL_NS - 123456789)] = '\0';
	assert_string_equal(text, "2026-11-22T13:04:06.000000Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_time_has_its_offset),
		cmocka_unit_test(utc_ends_in_z),
		cmocka_unit_test(the_longest_fits),
		cmocka_unit_test(the_kept_second_goes_with_it)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

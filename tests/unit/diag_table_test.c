/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of sockets beside a plain array, through many changes; and when to
 * look again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "diag/diag_clock.h"
#include "diag/diag_table.h"

enum { COOKIES = 2000, CHANGES = 40000 };

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void every_socket_is_found_again(void **state)
{
	static bool there[COOKIES];
	struct diag_table table = { 0 };
	uint32_t seed = 1;
	size_t count = 0;

	(void)state;
	memset(there, 0, sizeof(there));
	for (int i = 0; i < CHANGES; i++) {
		uint32_t cookie = next_random(&seed) % COOKIES;
		struct diag_known *known = diag_table_find(&table, cookie);

		assert_int_equal(!!known, there[cookie]);
		if (known) {
			assert_int_equal(known->inode, cookie * 3);
			diag_table_remove(&table, known);
			count--;
		} else {
			known = diag_table_add(&table, cookie);
			assert_non_null(known);
			known->inode = cookie * 3;
			count++;
		}
		there[cookie] = !there[cookie];
		assert_int_equal(table.count, count);
	}
	for (uint32_t cookie = 0; cookie < COOKIES; cookie++)
		assert_int_equal(!!diag_table_find(&table, cookie), there[cookie]);
	diag_table_done(&table);
	diag_table_done(&table);
}

#define MS UINT64_C(1000000)

static void a_cheap_look_keeps_the_wish(void **state)
{
	struct diag_clock clock;

	(void)state;
	diag_clock_init(&clock, 1000 * MS);
	assert_false(diag_clock_set(&clock, 5000 * MS, 10 * MS));
	assert_int_equal(clock.next_ns, 6000 * MS);
}

static void a_dear_look_is_done_less_often(void **state)
{
	struct diag_clock clock;

	(void)state;
	diag_clock_init(&clock, 1000 * MS);
	assert_true(diag_clock_set(&clock, 0, 201 * MS));
	assert_int_equal(clock.period_ns, 5100 * MS);
	/* A little less does not change it, half does. */
	assert_false(diag_clock_set(&clock, 0, 150 * MS));
	assert_true(diag_clock_set(&clock, 0, 80 * MS));
	assert_int_equal(clock.period_ns, 2000 * MS);
	assert_true(diag_clock_set(&clock, 0, 1 * MS));
	assert_int_equal(clock.period_ns, 1000 * MS);
}

static void haste_has_its_price(void **state)
{
	struct diag_clock clock;

	(void)state;
	diag_clock_init(&clock, 1000 * MS);
	diag_clock_set(&clock, 5000 * MS, 10 * MS);
	diag_clock_hurry(&clock, 10 * MS);
	assert_int_equal(clock.next_ns, 5250 * MS);
	diag_clock_set(&clock, 5000 * MS, 400 * MS);
	diag_clock_hurry(&clock, 400 * MS);
	assert_int_equal(clock.next_ns, 15000 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_socket_is_found_again),
		cmocka_unit_test(a_cheap_look_keeps_the_wish),
		cmocka_unit_test(a_dear_look_is_done_less_often),
		cmocka_unit_test(haste_has_its_price),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The map keeps what was set through growth, collisions and removal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/id_map.h"

enum { IDS = 500, STEPS = 20000 };

static uint64_t id_of(unsigned int number)
{
	return UINT64_C(0xffff888000000000) + number * 64;
}

static void finds_what_was_set(void **state)
{
	struct id_map map = { 0 };

	(void)state;
	assert_int_equal(id_map_reserve(&map, 2), 0);
	id_map_set(&map, 0, 7);
	id_map_set(&map, UINT64_MAX, 8);
	assert_int_equal(id_map_get(&map, 0), 7);
	assert_int_equal(id_map_get(&map, UINT64_MAX), 8);
	assert_int_equal(id_map_get(&map, 1), 0);
	id_map_remove(&map, 1);
	id_map_remove(&map, 0);
	assert_int_equal(id_map_get(&map, 0), 0);
	id_map_done(&map);
}

static void growing_keeps_everything(void **state)
{
	struct id_map map = { 0 };
	unsigned int i, j;

	(void)state;
	for (i = 0; i < IDS; i++) {
		assert_int_equal(id_map_reserve(&map, i + 1), 0);
		id_map_set(&map, id_of(i), i + 1);
	}
	for (j = 0; j < IDS; j++)
		assert_int_equal(id_map_get(&map, id_of(j)), j + 1);
	id_map_done(&map);
}

/* Against a plain array, in an order that fills and empties the same runs. */
static void agrees_with_an_array(void **state)
{
	struct id_map map = { 0 };
	uint32_t expected[IDS] = { 0 };
	uint32_t random = 1;
	unsigned int i, step;

	(void)state;
	assert_int_equal(id_map_reserve(&map, IDS), 0);
	for (step = 1; step <= STEPS; step++) {
		random = random * 1664525 + 1013904223;
		i = (random >> 8) % IDS;
		if (expected[i])
			id_map_remove(&map, id_of(i));
		else
			id_map_set(&map, id_of(i), step);
		expected[i] = expected[i] ? 0 : step;
		i = (random >> 16) % IDS;
		assert_int_equal(id_map_get(&map, id_of(i)), expected[i]);
	}
	for (i = 0; i < IDS; i++)
		assert_int_equal(id_map_get(&map, id_of(i)), expected[i]);
	id_map_done(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_set),
		cmocka_unit_test(growing_keeps_everything),
		cmocka_unit_test(agrees_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

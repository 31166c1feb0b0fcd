/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool grows to its limit, keeps what is in it, and reuses what it gets
 * back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/pool.h"

static void grows_to_its_limit_and_keeps_its_entries(void **state)
{
	enum { LIMIT = 1000 };
	struct pool pool;

	(void)state;
	assert_int_equal(pool_init(&pool, LIMIT, sizeof(uint64_t)), 0);
	for (uint32_t expected = 1; expected <= LIMIT; expected++) {
		assert_true(pool_has_room(&pool));
		assert_int_equal(pool_take(&pool), expected);
		((uint64_t *)pool.entries)[expected] = expected * 3;
		pool.links[expected].newer = expected;
	}
	assert_false(pool_has_room(&pool));
	for (uint32_t index = 1; index <= LIMIT; index++) {
		assert_int_equal(((uint64_t *)pool.entries)[index], index * 3);
		assert_int_equal(pool.links[index].newer, index);
	}
	pool_done(&pool);
}

static void reuses_what_was_given_back(void **state)
{
	struct pool pool;

	(void)state;
	assert_int_equal(pool_init(&pool, 3, 1), 0);
	for (int i = 0; i < 3; i++)
		pool_take(&pool);
	assert_false(pool_has_room(&pool));
	pool_give_back(&pool, 1);
	pool_give_back(&pool, 3);
	assert_true(pool_has_room(&pool));
	assert_int_equal(pool_take(&pool), 3);
	assert_int_equal(pool_take(&pool), 1);
	assert_false(pool_has_room(&pool));
	pool_done(&pool);
	pool_done(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_to_its_limit_and_keeps_its_entries),
		cmocka_unit_test(reuses_what_was_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

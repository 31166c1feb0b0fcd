/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups of round trips beyond what there is room for: bounded, and the sum is
 * always whole. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/rtt_groups.h"

enum { TOP = 20 };

static struct rtt_key numbered(uint64_t number)
{
	return (struct rtt_key){ .number = number };
}

static void add(struct rtt_groups *groups, uint64_t number, uint32_t srtt_us)
{
	const struct rtt_key key = numbered(number);

	rtt_group_add(rtt_groups_get(groups, &key), srtt_us, 1);
}

static uint64_t total(const struct rtt_groups *groups)
{
	uint64_t sum = groups->other.log2.count;

	for (size_t i = 0; i < groups->count; i++)
		sum += groups->groups[i]->log2.count;
	return sum;
}

static void keeps_to_its_limit_and_the_sum(void **state)
{
	struct rtt_groups groups;

	(void)state;
	assert_int_equal(rtt_groups_init(&groups, TOP), 0);
	for (uint64_t i = 0; i < 100000; i++)
		add(&groups, i * 7919, (uint32_t)(i % 1000));
	assert_true(groups.count <= groups.limit);
	assert_int_equal(groups.limit, 2 * TOP);
	assert_int_equal(total(&groups), 100000);
	rtt_groups_rank(&groups);
	assert_int_equal(groups.count, TOP);
	assert_int_equal(total(&groups), 100000);
	assert_int_equal(groups.other.members, 100000 - TOP);
	assert_int_equal(groups.other.exact.count, 100000 - TOP);
	rtt_groups_done(&groups);
}

/* Also when they come last. */
static void the_largest_stay(void **state)
{
	struct rtt_groups groups;

	(void)state;
	assert_int_equal(rtt_groups_init(&groups, TOP), 0);
	for (uint64_t i = 0; i < 50000; i++)
		add(&groups, i + 1000, 1);
	for (uint64_t i = 0; i < 50000; i++) {
		add(&groups, i + 100000, 1);
		add(&groups, i % 3, 5);
	}
	rtt_groups_rank(&groups);
	for (uint64_t i = 0; i < 3; i++) {
		assert_true(groups.groups[i]->key.number < 3);
		assert_true(groups.groups[i]->log2.count >= 50000 / 3);
	}
	rtt_groups_done(&groups);
}

static void equal_ones_stand_in_their_order(void **state)
{
	struct rtt_groups groups;

	(void)state;
	assert_int_equal(rtt_groups_init(&groups, TOP), 0);
	for (uint64_t i = 0; i < 10; i++)
		add(&groups, 100 - i, 1);
	add(&groups, 95, 1);
	rtt_groups_rank(&groups);
	assert_int_equal(groups.groups[0]->key.number, 95);
	assert_int_equal(groups.groups[1]->key.number, 100);
	assert_int_equal(groups.groups[9]->key.number, 91);
	rtt_groups_done(&groups);
}

static void cleared_is_empty(void **state)
{
	struct rtt_groups groups;

	(void)state;
	assert_int_equal(rtt_groups_init(&groups, 1), 0);
	for (uint64_t i = 0; i < 1000; i++)
		add(&groups, i, 1);
	rtt_groups_clear(&groups);
	assert_int_equal(total(&groups), 0);
	add(&groups, 7, 9);
	assert_int_equal(groups.count, 1);
	assert_int_equal(groups.groups[0]->log2.count, 1);
	assert_int_equal(groups.groups[0]->exact.max, 9);
	rtt_groups_done(&groups);
}

/* A key is all of its parts. */
static void keys_differ_in_every_part(void **state)
{
	struct rtt_key keys[4] = { { .number = 0 } };
	struct rtt_groups groups;

	(void)state;
	keys[1].number = 1;
	keys[2].bytes[15] = 1;
	keys[3].family = EVENT_FAMILY_IPV6;
	assert_int_equal(rtt_groups_init(&groups, TOP), 0);
	for (size_t i = 0; i < 4; i++)
		rtt_groups_get(&groups, &keys[i]);
	assert_int_equal(groups.count, 4);
	rtt_groups_done(&groups);
}

static void one_may_stand_for_many(void **state)
{
	static struct rtt_group group;

	(void)state;
	rtt_group_add(&group, 100, 3);
	rtt_group_add(&group, 500, 1);
	assert_int_equal(group.log2.count, 4);
	assert_int_equal(group.log2.sum, 800);
	assert_int_equal(group.log2.buckets[7], 3);
	assert_int_equal(group.exact.count, 4);
	assert_in_range(histogram_percentile(&group.exact, 750), 98, 102);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_to_its_limit_and_the_sum),
		cmocka_unit_test(the_largest_stay),
		cmocka_unit_test(equal_ones_stand_in_their_order),
		cmocka_unit_test(cleared_is_empty),
		cmocka_unit_test(keys_differ_in_every_part),
		cmocka_unit_test(one_may_stand_for_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Percentiles stay within their precision over the whole range of values, and
 * the log2 buckets have the kernel's edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/histogram.h"

static void is_near(uint64_t value, uint64_t right)
{
	uint64_t off = value > right ? value - right : right - value;

	assert_true(off <= right / 64);
}

static void an_empty_one_is_zero(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	assert_int_equal(histogram_percentile(&histogram, 500), 0);
	assert_int_equal(histogram.count, 0);
}

static void one_value_is_every_percentile(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	histogram_add(&histogram, 123456789);
	assert_int_equal(histogram_percentile(&histogram, 1), 123456789);
	assert_int_equal(histogram_percentile(&histogram, 500), 123456789);
	assert_int_equal(histogram_percentile(&histogram, 1000), 123456789);
	assert_int_equal(histogram.min, 123456789);
	assert_int_equal(histogram.max, 123456789);
	assert_int_equal(histogram.sum, 123456789);
}

static void small_values_are_exact(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	for (uint64_t value = 0; value < 64; value++)
		histogram_add(&histogram, value);
	assert_int_equal(histogram_percentile(&histogram, 500), 31);
	assert_int_equal(histogram_percentile(&histogram, 990), 63);
	assert_int_equal(histogram_percentile(&histogram, 1), 0);
}

static void percentiles_are_near(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	for (uint64_t value = 1; value <= 100000; value++)
		histogram_add(&histogram, value * 1000);
	is_near(histogram_percentile(&histogram, 10), 1000 * 1000);
	is_near(histogram_percentile(&histogram, 500), 50000 * 1000);
	is_near(histogram_percentile(&histogram, 900), 90000 * 1000);
	is_near(histogram_percentile(&histogram, 990), 99000 * 1000);
	assert_int_equal(histogram.count, 100000);
	assert_int_equal(histogram.sum, UINT64_C(5000050000) * 1000);
	assert_true(histogram_percentile(&histogram, 1000) <= histogram.max);
}

/* The middle one of three values, in and at the edges of each power of two. */
static void every_magnitude_is_near(void **state)
{
	(void)state;
	for (unsigned int bit = 1; bit < HISTOGRAM_VALUE_BITS; bit++) {
		for (int around = -1; around <= 1; around++) {
			struct histogram histogram = { 0 };
			uint64_t value = (UINT64_C(1) << bit) + (uint64_t)around;

			histogram_add(&histogram, 0);
			histogram_add(&histogram, value);
			histogram_add(&histogram, UINT64_C(1) << 47);
			is_near(histogram_percentile(&histogram, 500), value);
		}
	}
}

static void what_is_too_large_is_the_largest(void **state)
{
	struct histogram histogram = { 0 };

	(void)state;
	histogram_add(&histogram, 1);
	histogram_add(&histogram, UINT64_MAX);
	histogram_add(&histogram, UINT64_MAX);
	assert_int_equal(histogram_percentile(&histogram, 990), UINT64_MAX);
	assert_int_equal(histogram.sum, UINT64_MAX);
	assert_int_equal(histogram_percentile(&histogram, 1), 1);
}

static void a_merged_one_is_the_same(void **state)
{
	struct histogram all = { 0 }, even = { 0 }, odd = { 0 };

	(void)state;
	for (uint64_t value = 0; value < 10000; value++) {
		histogram_add(&all, value * value);
		histogram_add(value % 2 ? &odd : &even, value * value);
	}
	histogram_merge(&odd, &even);
	assert_memory_equal(&odd, &all, sizeof(all));
	histogram_merge(&odd, &(struct histogram){ 0 });
	assert_memory_equal(&odd, &all, sizeof(all));
}

static void log2_edges_are_the_kernels(void **state)
{
	static const struct { uint64_t value; unsigned int bucket; } cases[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 1 }, { 3, 2 }, { 4, 2 }, { 5, 3 },
		{ 16, 4 }, { 17, 5 }, { 32, 5 }, { 33, 6 },
		{ UINT64_C(1) << 63, 63 }, { UINT64_MAX, 64 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(histogram_log2_bucket(cases[i].value),
				 cases[i].bucket);
}

static void log2_buckets_hold_what_is_between_their_edges(void **state)
{
	(void)state;
	for (unsigned int bucket = 0; bucket < HISTOGRAM_LOG2_BUCKETS; bucket++) {
		uint64_t gt, le;

		histogram_log2_edges(bucket, &gt, &le);
		assert_int_equal(histogram_log2_bucket(le), bucket);
		assert_int_equal(histogram_log2_bucket(gt + 1), bucket);
		if (bucket)
			assert_int_equal(histogram_log2_bucket(gt), bucket - 1);
	}
}

static void log2_counts_add_up(void **state)
{
	struct histogram_log2 one = { 0 }, two = { 0 };

	(void)state;
	histogram_log2_add(&one, 17);
	histogram_log2_add(&one, 32);
	histogram_log2_add_bucket(&two, 5, 3, 60);
	histogram_log2_add(&two, 0);
	histogram_log2_merge(&one, &two);
	assert_int_equal(one.count, 6);
	assert_int_equal(one.sum, 109);
	assert_int_equal(one.buckets[5], 5);
	assert_int_equal(one.buckets[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_is_zero),
		cmocka_unit_test(one_value_is_every_percentile),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(percentiles_are_near),
		cmocka_unit_test(every_magnitude_is_near),
		cmocka_unit_test(what_is_too_large_is_the_largest),
		cmocka_unit_test(a_merged_one_is_the_same),
		cmocka_unit_test(log2_edges_are_the_kernels),
		cmocka_unit_test(log2_buckets_hold_what_is_between_their_edges),
		cmocka_unit_test(log2_counts_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Log-linear and log2 histograms; see histogram.h. */
#include "histogram.h"

enum {
	STEPS = 1 << HISTOGRAM_STEP_BITS,
	EXACT = 2 * STEPS       /* smaller values have a bucket each */
};

static unsigned int highest_bit(uint64_t value)
{
	return 63 - (unsigned int)__builtin_clzll(value);
}

static void add_to_sum(uint64_t *sum, uint64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = UINT64_MAX;
}

static size_t bucket_of(uint64_t value)
{
	unsigned int shift;

	if (value < EXACT)
		return (size_t)value;
	if (value >> HISTOGRAM_VALUE_BITS)
		return HISTOGRAM_BUCKETS - 1;
	shift = highest_bit(value) - HISTOGRAM_STEP_BITS;
	return ((size_t)shift << HISTOGRAM_STEP_BITS) + (size_t)(value >> shift);
}

static uint64_t middle_of(size_t bucket)
{
	unsigned int shift;

	if (bucket < EXACT)
		return bucket;
	shift = (unsigned int)(bucket >> HISTOGRAM_STEP_BITS) - 1;
	return ((STEPS + (uint64_t)bucket % STEPS) << shift) +
	       (UINT64_C(1) << shift) / 2;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
	histogram_add_many(histogram, value, 1);
}

void histogram_add_many(struct histogram *histogram, uint64_t value,
			uint64_t count)
{
	uint64_t sum;

	if (!histogram->count || value < histogram->min)
		histogram->min = value;
	if (value > histogram->max)
		histogram->max = value;
	histogram->count += count;
	if (__builtin_mul_overflow(value, count, &sum))
		sum = UINT64_MAX;
	add_to_sum(&histogram->sum, sum);
	histogram->buckets[bucket_of(value)] += count;
}

void histogram_merge(struct histogram *histogram, const struct histogram *from)
{
	if (!from->count)
		return;
	if (!histogram->count || from->min < histogram->min)
		histogram->min = from->min;
	if (from->max > histogram->max)
		histogram->max = from->max;
	histogram->count += from->count;
	add_to_sum(&histogram->sum, from->sum);
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		histogram->buckets[i] += from->buckets[i];
}

/* How many of count values are per_mille of them, rounded up; count may be too
 * large to be multiplied. */
static uint64_t rank_of(uint64_t count, unsigned int per_mille)
{
	uint64_t rank = count / 1000 * per_mille +
			(count % 1000 * per_mille + 999) / 1000;

	return rank ? rank : 1;
}

uint64_t histogram_percentile(const struct histogram *histogram,
			      unsigned int per_mille)
{
	uint64_t rank = rank_of(histogram->count, per_mille);
	uint64_t passed = 0, value = 0;

	if (!histogram->count)
		return 0;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS && passed < rank; i++) {
		passed += histogram->buckets[i];
		if (histogram->buckets[i])
			value = middle_of(i);
	}
	/* Of the last bucket no more is known than the largest value. */
	if (value > histogram->max || value == middle_of(HISTOGRAM_BUCKETS - 1))
		return histogram->max;
	return value < histogram->min ? histogram->min : value;
}

unsigned int histogram_log2_bucket(uint64_t value)
{
	return value > 1 ? highest_bit(value - 1) + 1 : 0;
}

void histogram_log2_add(struct histogram_log2 *histogram, uint64_t value)
{
	histogram_log2_add_bucket(histogram, histogram_log2_bucket(value), 1,
				  value);
}

void histogram_log2_add_bucket(struct histogram_log2 *histogram,
			       unsigned int bucket, uint64_t count,
			       uint64_t sum)
{
	histogram->buckets[bucket] += count;
	histogram->count += count;
	add_to_sum(&histogram->sum, sum);
}

void histogram_log2_merge(struct histogram_log2 *histogram,
			  const struct histogram_log2 *from)
{
	for (size_t i = 0; i < HISTOGRAM_LOG2_BUCKETS; i++)
		histogram->buckets[i] += from->buckets[i];
	histogram->count += from->count;
	add_to_sum(&histogram->sum, from->sum);
}

void histogram_log2_edges(unsigned int bucket, uint64_t *gt, uint64_t *le)
{
	*gt = bucket ? UINT64_C(1) << (bucket - 1) : 0;
	*le = bucket < 64 ? UINT64_C(1) << bucket : UINT64_MAX;
}

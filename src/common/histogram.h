/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts of values in a fixed amount of memory: one kind for percentiles, the
 * other with the powers of two that the kernel's own histograms have. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_STEP_BITS = 5, /* buckets to a power of two, as a power: each is
	                          * 1/32 of what it counts wide */
	HISTOGRAM_VALUE_BITS = 48, /* values from 2^48 on share the last bucket */
	HISTOGRAM_BUCKETS = (HISTOGRAM_VALUE_BITS - HISTOGRAM_STEP_BITS + 1) <<
			    HISTOGRAM_STEP_BITS,
	HISTOGRAM_LOG2_BUCKETS = 65 /* le = 2^0 ... 2^64 */
};

/* Values of any unit, exact up to 63. Zero-initialised = empty. 11 KiB. */
struct histogram {
	uint64_t count;
	uint64_t sum;           /* of the values; stays at UINT64_MAX when more */
	uint64_t min, max;      /* exact; 0 while empty */
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* The same value count times. */
void histogram_add_many(struct histogram *histogram, uint64_t value,
			uint64_t count);

/* As if all that was added to from had been added here. */
void histogram_merge(struct histogram *histogram, const struct histogram *from);

/*
 * The value that per_mille (1 to 1000) of 1000 values do not exceed, at most
 * 1/64 off: 500 is the median, 990 the 99th percentile. 0 when empty.
 */
uint64_t histogram_percentile(const struct histogram *histogram,
			      unsigned int per_mille);

/* Bucket n counts the values in (2^(n-1), 2^n], and bucket 0 both 0 and 1.
 * Zero-initialised = empty. */
struct histogram_log2 {
	uint64_t count;
	uint64_t sum;           /* as above */
	uint64_t buckets[HISTOGRAM_LOG2_BUCKETS];
};

void histogram_log2_add(struct histogram_log2 *histogram, uint64_t value);

/* As above, for count values that add up to sum: what the kernel has counted
 * in the bucket whose upper edge is 2^bucket. */
void histogram_log2_add_bucket(struct histogram_log2 *histogram,
			       unsigned int bucket, uint64_t count,
			       uint64_t sum);

void histogram_log2_merge(struct histogram_log2 *histogram,
			  const struct histogram_log2 *from);

/* The bucket of that value. */
unsigned int histogram_log2_bucket(uint64_t value);

/* What the bucket's values exceed, and what they do not: *le stops at
 * UINT64_MAX. 0 itself is in bucket 0, although its *gt is 0. */
void histogram_log2_edges(unsigned int bucket, uint64_t *gt, uint64_t *le);

#endif

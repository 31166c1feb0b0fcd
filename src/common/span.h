/* SPDX-License-Identifier: BSD-2-Clause */
/* How long something lasted, as bounds: the honest form of a duration. */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * min_ns == max_ns: exact. max_ns == SPAN_NO_LIMIT: at least min_ns. Both at
 * their extremes (0, SPAN_NO_LIMIT): unknown, or nothing to measure.
 */
struct span {
	uint64_t min_ns;
	uint64_t max_ns;
};

#define SPAN_NO_LIMIT UINT64_MAX
#define SPAN_UNKNOWN ((struct span){ 0, SPAN_NO_LIMIT })

static inline bool span_is_unknown(struct span span)
{
	return span.min_ns == 0 && span.max_ns == SPAN_NO_LIMIT;
}

static inline bool span_is_exact(struct span span)
{
	return span.min_ns == span.max_ns;
}

#endif

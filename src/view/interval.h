/* SPDX-License-Identifier: BSD-2-Clause */
/* Intervals of event time, for views that sum up. */
#ifndef INTERVAL_H
#define INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

struct interval {
	uint64_t period_ns;     /* 0 = one interval, the whole run */
	uint64_t wanted;        /* intervals; 0 = no limit */
	uint64_t begin_ns;      /* of the one that runs; 0 = none does yet */
	uint64_t ended;         /* intervals up to now */
};

/*
 * Has the interval that runs ended by now_ns? Then it is that from
 * interval->begin_ns to the *end_ns it returns, and interval_next() begins the
 * one behind it: ask again, events may be far apart. The first call begins the
 * first interval.
 */
bool interval_has_ended(struct interval *interval, uint64_t now_ns,
			uint64_t *end_ns);
void interval_next(struct interval *interval);

/* All that are wanted have ended. */
static inline bool interval_is_last(const struct interval *interval)
{
	return interval->wanted && interval->ended >= interval->wanted;
}

#endif

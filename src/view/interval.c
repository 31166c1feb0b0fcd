/* SPDX-License-Identifier: BSD-2-Clause */
/* Edges of intervals; see interval.h. */
#include "interval.h"

bool interval_has_ended(struct interval *interval, uint64_t now_ns,
			uint64_t *end_ns)
{
	if (!interval->begin_ns)
		interval->begin_ns = now_ns;
	if (!interval->period_ns || interval_is_last(interval) ||
	    now_ns < interval->begin_ns ||
	    now_ns - interval->begin_ns < interval->period_ns)
		return false;
	*end_ns = interval->begin_ns + interval->period_ns;
	return true;
}

void interval_next(struct interval *interval)
{
	interval->begin_ns += interval->period_ns;
	interval->ended++;
}

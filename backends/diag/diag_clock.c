/* SPDX-License-Identifier: BSD-2-Clause */
/* Longer at once when a look is dear; shorter only when it would be by much, so
 * that the period does not change with every look. */
#include "diag_clock.h"

#define STEP_NS UINT64_C(100000000)

void diag_clock_init(struct diag_clock *clock, uint64_t wished_ns)
{
	*clock = (struct diag_clock){
		.wished_ns = wished_ns, .period_ns = wished_ns
	};
}

bool diag_clock_set(struct diag_clock *clock, uint64_t began_ns,
		    uint64_t cost_ns)
{
	const uint64_t before_ns = clock->period_ns;
	uint64_t needed_ns = cost_ns * DIAG_CLOCK_SHARE;

	needed_ns += STEP_NS - 1;
	needed_ns -= needed_ns % STEP_NS;
	if (needed_ns < clock->wished_ns)
		needed_ns = clock->wished_ns;
	if (needed_ns > clock->period_ns || needed_ns <= clock->period_ns / 2)
		clock->period_ns = needed_ns;
	clock->next_ns = began_ns + clock->period_ns;
	return clock->period_ns != before_ns;
}

void diag_clock_hurry(struct diag_clock *clock, uint64_t cost_ns)
{
	const uint64_t began_ns = clock->next_ns - clock->period_ns;
	const uint64_t soon_ns = began_ns + cost_ns * DIAG_CLOCK_SHARE;

	if (soon_ns < clock->next_ns)
		clock->next_ns = soon_ns;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* When to look next: as often as is wished for, unless that costs too much. */
#ifndef DIAG_CLOCK_H
#define DIAG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct diag_clock {
	uint64_t wished_ns;             /* period */
	uint64_t period_ns;             /* period now */
	uint64_t next_ns;               /* of the next look */
};

/* A look may take one part in so many of a CPU. */
enum { DIAG_CLOCK_SHARE = 25 };

void diag_clock_init(struct diag_clock *clock, uint64_t wished_ns);

/* A look that began then has taken so much CPU time. Returns true when the period
 * is another than before. */
bool diag_clock_set(struct diag_clock *clock, uint64_t began_ns,
		    uint64_t cost_ns);

/* The next look is to be as soon as what one costs allows. */
void diag_clock_hurry(struct diag_clock *clock, uint64_t cost_ns);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the clocks; see clock.h. */
#include "clock.h"

#include <time.h>

enum {
	TRIES = 3,
	SKEW_NS = 1000          /* two clocks are read within this */
};

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t clock_monotonic_ns(void)
{
	return now_ns(CLOCK_MONOTONIC);
}

/* The two clocks cannot be read at once: the reading that was interrupted least
 * counts, so that a batch is not shifted by a lost processor. */
int64_t clock_wall_offset_ns(void)
{
	uint64_t least_ns = UINT64_MAX;
	int64_t offset_ns = 0;

	for (int i = 0; i < TRIES && least_ns > SKEW_NS; i++) {
		uint64_t before_ns = now_ns(CLOCK_MONOTONIC);
		uint64_t wall_ns = now_ns(CLOCK_REALTIME);
		uint64_t took_ns = now_ns(CLOCK_MONOTONIC) - before_ns;

		if (took_ns >= least_ns)
			continue;
		least_ns = took_ns;
		offset_ns = (int64_t)(wall_ns - before_ns - took_ns / 2);
	}
	return offset_ns;
}

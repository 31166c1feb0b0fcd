/* SPDX-License-Identifier: BSD-2-Clause */
/* From the time of events to that on the wall, as far as their source knows. */
#ifndef WALL_CLOCK_H
#define WALL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/backend.h"

struct wall_clock {             /* zero-initialise: it is not known */
	int64_t offset_ns;      /* event time + offset = ns since 1970 ... */
	bool known;             /* ... if this is true */
};

/* As it stands by now: it may follow steps, so that rows to come have another one
 * than rows before. */
static inline struct wall_clock wall_clock_of(const struct backend_facts *facts)
{
	return (struct wall_clock){
		.offset_ns = facts->wall_offset_ns,
		.known = facts->wall_offset_known
	};
}

/* Nanoseconds since 1970, of a clock that is known. */
static inline uint64_t wall_clock_ns(const struct wall_clock *clock,
				     uint64_t time_ns)
{
	return time_ns + (uint64_t)clock->offset_ns;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of many CPUs into one time order. Each lane (one CPU) is sorted in
 * itself; merge only compares the lanes' next times and says from which lane
 * to take, and how long a run may be taken before another lane is due. The
 * events themselves stay where the owner of the lanes has them.
 */
#ifndef MERGE_H
#define MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERGE_EMPTY UINT64_MAX          /* next time of a lane without events */
#define MERGE_NO_LANE SIZE_MAX

struct merge {
	size_t lanes;
	uint64_t *next_ns;              /* by lane; set by the owner */
	uint64_t newest_ns;             /* of the events delivered so far */
};

/* All lanes empty. 0 or -ENOMEM. */
int merge_init(struct merge *merge, size_t lanes);
void merge_done(struct merge *merge);   /* accepts a zeroed object */

/*
 * The lane with the smallest next time (the lowest lane among equals), or
 * MERGE_NO_LANE when none is below before_ns. *run_until_ns: this lane may
 * deliver events up to and including that time without asking again, as long
 * as no other lane's next_ns is changed; it is below before_ns.
 */
size_t merge_pick(const struct merge *merge, uint64_t before_ns,
		  uint64_t *run_until_ns);

/* Notes that an event of that time is delivered now. True when it is late:
 * an event with a later time has been delivered before it. */
bool merge_deliver(struct merge *merge, uint64_t time_ns);

#endif

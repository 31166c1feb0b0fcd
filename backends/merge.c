/* SPDX-License-Identifier: BSD-2-Clause */
/* Picks the lane whose next event is the oldest; see merge.h. */
#include "merge.h"

#include <errno.h>
#include <stdlib.h>

int merge_init(struct merge *merge, size_t lanes)
{
	uint64_t *next_ns = malloc((lanes ? lanes : 1) * sizeof(*next_ns));

	if (!next_ns)
		return -ENOMEM;
	for (size_t lane = 0; lane < lanes; lane++)
		next_ns[lane] = MERGE_EMPTY;
	*merge = (struct merge){ .lanes = lanes, .next_ns = next_ns };
	return 0;
}

void merge_done(struct merge *merge)
{
	free(merge->next_ns);
	*merge = (struct merge){ 0 };
}

/*
 * A linear scan once a run, not a heap operation once an event: one CPU's
 * events come in runs, and a few hundred adjacent numbers are read faster than
 * a heap of them is kept in order.
 */
size_t merge_pick(const struct merge *merge, uint64_t before_ns,
		  uint64_t *run_until_ns)
{
	uint64_t first = MERGE_EMPTY;
	uint64_t second = MERGE_EMPTY;
	size_t picked = MERGE_NO_LANE;

	for (size_t lane = 0; lane < merge->lanes; lane++) {
		uint64_t next_ns = merge->next_ns[lane];

		if (next_ns < first) {
			second = first;
			first = next_ns;
			picked = lane;
		} else if (next_ns < second) {
			second = next_ns;
		}
	}
	if (picked == MERGE_NO_LANE || first >= before_ns)
		return MERGE_NO_LANE;
	*run_until_ns = second < before_ns ? second : before_ns - 1;
	return picked;
}

bool merge_deliver(struct merge *merge, uint64_t time_ns)
{
	if (time_ns < merge->newest_ns)
		return true;
	merge->newest_ns = time_ns;
	return false;
}

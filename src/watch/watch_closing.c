/* SPDX-License-Identifier: BSD-2-Clause */
/* The closing line; see watch_closing.h. */
#include "watch_closing.h"

#include <inttypes.h>

#include "common/diagnostics.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void watch_closing_tell(const struct tracker_counts *counts, uint64_t rows,
			uint64_t dropped, const struct command *command)
{
	diagnostics_note("%" PRIu64 " event%s, %" PRIu64 " row%s, %s%" PRIu64
			 " lost, %" PRIu64 " evicted, %" PRIu64 " late",
			 counts->events, plural(counts->events), rows,
			 plural(rows), counts->lost_unknown ? "at least " : "",
			 counts->lost, counts->evicted, counts->late);
	if (counts->tasks_evicted)
		diagnostics_note("%" PRIu64 " thread%s forgotten for lack of room: "
				 "owners may be missing", counts->tasks_evicted,
				 plural(counts->tasks_evicted));
	if (dropped)
		diagnostics_note("%" PRIu64 " row%s that the journal did not take",
				 dropped, plural(dropped));
	diagnostics_detail("%" PRIu64 " row%s to CLOSE shown before their reason "
			   "could come", counts->hurried, plural(counts->hurried));
	if (command->pid && !command->ended)
		diagnostics_note("the command goes on as process %d",
				 (int)command->pid);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Round trips that the kernel counts itself, by a hist trigger in our instance:
 * no record is written, and only the result is read. */
#ifndef TRACE_HIST_H
#define TRACE_HIST_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "trace/hist_text.h"
#include "trace/trace_record.h"
#include "trace_instance.h"

struct trace_hist {             /* zero-initialise */
	const struct trace_instance *instance;  /* NULL = nothing is counted */
	int fd;                 /* what was counted; when one is */
	char *trigger;          /* as written, with room for '!' in front */
	struct backend_samples samples;
	uint64_t next_ns;       /* reading */
	bool told_first;
	struct hist_table before;
};

/*
 * Begins to count. layout: of tcp_probe. 0; or -errno and *err with nothing
 * left behind: this kernel has no hist triggers, or the filter is none that it
 * can apply by itself.
 */
int trace_hist_open(struct trace_hist *hist,
		    const struct trace_instance *instance,
		    const struct trace_layout *layout,
		    const struct backend_samples *samples,
		    const struct backend_filter *filter, struct error *err);

/* Stops to look at it; the trigger is left to another process that has this. Accepts
 * a zeroed object. */
void trace_hist_release(struct trace_hist *hist);

/* Before the instance is closed. Accepts a zeroed object. */
void trace_hist_close(struct trace_hist *hist);

static inline bool trace_hist_is_used(const struct trace_hist *hist)
{
	return hist->instance != NULL;
}

/* Is it time for a reading? The first call makes the first period begin. */
bool trace_hist_is_due(struct trace_hist *hist, uint64_t now_ns);

/* Delivers what was counted since the reading before, stamped with time_ns.
 * whole: at the end of a period. 0 or -errno and *err. */
int trace_hist_read(struct trace_hist *hist, uint64_t time_ns, bool whole,
		    const struct event_sink *sink, struct error *err);

#endif

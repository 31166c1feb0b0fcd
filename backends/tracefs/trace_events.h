/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace events of an instance: which of ours this kernel has, what stands
 * in for those that it lacks, what is filtered, and switching them on. */
#ifndef TRACE_EVENTS_H
#define TRACE_EVENTS_H

#include <stdint.h>

#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "trace/trace_record.h"
#include "trace_instance.h"
#include "trace_probes.h"

struct trace_events {
	struct trace_format format;     /* how the records look */
	struct trace_probes probes;
	uint32_t older;                 /* events found by their older name, as bits */
	uint32_t off;                   /* events that are not switched on, as bits */
	char note[256];                 /* what the user should know; "" = nothing */
};

/*
 * Reads the format of each trace event of these kinds (EVENT_BIT set), by its
 * older name where the kernel lacks the other. One that this kernel lacks is left
 * out and named in the note, since the watch can go on without it; without state
 * changes there is no watch. Congestion states are then probed. 0, or -errno and
 * *err with nothing left behind.
 */
int trace_events_open(struct trace_events *events,
		      const struct trace_instance *instance,
		      const char *tracing_dir, unsigned int kinds,
		      struct error *err);

/*
 * Reads the format of one event that the kernel may have (trace_events[].system),
 * by its older name where it lacks the other. events: zeroed, but for what was
 * read before. 0, or -errno and *err; -ENOENT when the kernel has neither.
 */
int trace_events_read(struct trace_events *events,
		      const struct trace_instance *instance,
		      enum trace_event which, struct error *err);

/* Sets the kernel's filters and enables all events. filter: NULL = none. 0 or
 * -errno and *err. */
int trace_events_enable(const struct trace_events *events,
			const struct trace_instance *instance,
			const struct backend_filter *filter, struct error *err);

/* The trace system that one of the events is in; valid until close. */
const char *trace_events_system(const struct trace_events *events,
				enum trace_event which);

/* The kernel's description of one that is present, terminated, as
 * trace_instance_read(). */
int trace_events_read_format(const struct trace_events *events,
			     const struct trace_instance *instance,
			     enum trace_event which, char *text, size_t size);

/* Only after the instance is closed. Accepts a zeroed object. */
void trace_events_close(struct trace_events *events);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace events of an instance: which of ours this kernel has, how their
 * records look, what is filtered, and switching them on. */
#ifndef TRACE_EVENTS_H
#define TRACE_EVENTS_H

#include <stddef.h>

#include "trace_instance.h"
#include "trace_record.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"

/*
 * Reads the format of each trace event of these kinds (EVENT_BIT set). One that
 * this kernel lacks is left out and named in lacking (room bytes), since the
 * watch can go on without it; without state changes there is no watch. 0 or
 * -errno and *err.
 */
int trace_events_read(const struct trace_instance *instance, unsigned int kinds,
		      struct trace_format *format, char *lacking, size_t room,
		      struct error *err);

/* Sets the kernel's filters and enables every event present in format.
 * filter: NULL = none. 0 or -errno and *err. */
int trace_events_enable(const struct trace_instance *instance,
			const struct trace_format *format,
			const struct backend_filter *filter, struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring buffers of an instance: their CPUs, size, clock and page layout. */
#ifndef TRACE_BUFFERS_H
#define TRACE_BUFFERS_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/error.h"
#include "trace/trace_page.h"
#include "trace_instance.h"

enum { TRACE_BUFFERS_CPUS_MAX = 8192 }; /* NR_CPUS of the largest kernels */

/* The numbers of the CPUs that have a buffer, at most room; returns how many. */
size_t trace_buffers_list_cpus(const struct trace_instance *instance,
			       unsigned int *numbers, size_t room);

/* What suits this host for a CPU's buffer where samples are taken, or stacks. */
size_t trace_buffers_for_floods(size_t cpu_count);

/*
 * Sets size, clock and wake-up of the buffers and reads how their pages look.
 * *bytes: a CPU's buffer as asked for, 0 = what suits this host; becomes what
 * it is. *wakes: poll() on a buffer reports its first event. 0 or -errno and
 * *err.
 */
int trace_buffers_set_up(const struct trace_instance *instance,
			 size_t cpu_count, size_t *bytes, bool *wakes,
			 struct trace_page_layout *layout, struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* One walk over the running processes and their threads, step by step, for the
 * names of those that began before the watch. */
#ifndef PROCESS_WALK_H
#define PROCESS_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/event.h"

struct process_walk;

/*
 * NULL when there is nothing to walk: memory is short, /proc cannot be read, or
 * we are in a PID namespace, whose process ids are not those of trace events
 * (common_pid is an id of the initial one).
 */
struct process_walk *process_walk_new(void);
void process_walk_free(struct process_walk *walk);      /* accepts NULL */

/*
 * The next thread as an EVENT_TASK_LISTED event of that time; a process's first
 * thread, its leader, comes first and alone has the name. False at the end.
 * Processes that end meanwhile are passed over.
 */
bool process_walk_next(struct process_walk *walk, uint64_t time_ns,
		       struct event *event);

#endif

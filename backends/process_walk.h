/* SPDX-License-Identifier: BSD-2-Clause */
/* One walk over the running processes and their threads, step by step, for the
 * names of those that began before the watch. */
#ifndef PROCESS_WALK_H
#define PROCESS_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/backend.h"
#include "tcpwatch/event.h"

struct process_walk;

/* True in the initial PID namespace: trace events carry its ids
 * (common_pid), and only there does /proc name the same processes. */
bool process_walk_is_possible(void);

/* NULL when memory is short or /proc cannot be read. */
struct process_walk *process_walk_new(void);

/* A walk that has not begun is the keeper's from now on; *walk becomes NULL where
 * memory is short. Accepts a NULL walk. */
void process_walk_confine(struct process_walk **walk,
			  const struct keeper *keeper);
void process_walk_free(struct process_walk *walk);      /* accepts NULL */

/*
 * The next thread as an EVENT_TASK_LISTED event of that time; a process's first
 * thread, its leader, comes first and alone has the name. False at the end.
 * Processes that end meanwhile are passed over.
 */
bool process_walk_next(struct process_walk *walk, uint64_t time_ns,
		       struct event *event);

/* Hands over the next ones, budget of them at most and until CLOCK_MONOTONIC is
 * until_ns; returns how many. At the end *walk is freed and becomes NULL. */
size_t process_walk_deliver(struct process_walk **walk, size_t budget,
			    uint64_t until_ns, uint64_t time_ns,
			    const struct event_sink *sink);

#endif

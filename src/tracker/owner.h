/* SPDX-License-Identifier: BSD-2-Clause */
/* Who owns a socket: which events may say so, and what is then known of the
 * process. */
#ifndef OWNER_H
#define OWNER_H

#include <stdbool.h>

#include "task_table.h"
#include "tracker.h"
#include "tcpwatch/event.h"

/*
 * Takes the process that acts in a STATE event as the socket's owner, unless
 * an event has named one before, or this one cannot tell who acts, or the
 * acting thread's process is not known.
 */
void owner_learn(struct owner *owner, struct task_table *tasks,
		 const struct event *event);

/* Takes the process that an EVENT_SEEN names, unless the socket's own event has
 * named one. */
void owner_learn_seen(struct owner *owner, struct task_table *tasks,
		      const struct event *event);

/* Nothing can be added: all is known, or not even the pid. */
static inline bool owner_is_complete(const struct owner *owner)
{
	return !owner->pid || owner->comm[0];
}

/* Looks for the name of an owner whose pid alone is known. */
void owner_complete(struct owner *owner, struct task_table *tasks);

#endif

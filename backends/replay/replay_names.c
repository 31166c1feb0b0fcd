/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads "PID NAME" lines and start-up dumps; see replay_names.h. */
#include "replay_names.h"

#include <stdlib.h>
#include <string.h>

void replay_names_open(struct replay_names *names, const struct dat *dat)
{
	*names = (struct replay_names){
		.has_start = dat->start &&
			     recording_start_open(&names->start, dat->start,
						  dat->start_length),
	};
	if (names->has_start)
		recording_start_open(&names->start, dat->start,
				     dat->start_length);
	else
		names->next = dat->names;
}

/*
 * The kernel lists threads and does not say to which process they belong: each
 * stands for itself then, since most threads are their process's only one.
 */
static bool take_line(const char *line, size_t length, struct event *event)
{
	char *name;
	long tid = strtol(line, &name, 10);
	size_t left;

	/* strtol() would look for a number on the next line. */
	if (*line < '1' || *line > '9' || tid > INT32_MAX || *name != ' ')
		return false;
	left = (size_t)(line + length - ++name);
	event->task.tid = event->task.tgid = (int32_t)tid;
	event->has = EVENT_HAS_TGID;
	/* The kernel's word for "no longer known". */
	if (!left || (left == 5 && !memcmp(name, "<...>", 5)))
		return true;
	memcpy(event->task.comm, name, left < EVENT_COMM_BYTES ?
				       left : EVENT_COMM_BYTES - 1);
	event->has |= EVENT_HAS_COMM;
	return true;
}

bool replay_names_next(struct replay_names *names, uint64_t time_ns,
		       struct event *event)
{
	if (names->has_start)
		return recording_start_next_task(&names->start, time_ns, event);
	*event = (struct event){ .time_ns = time_ns, .kind = EVENT_TASK };
	event->task.change = EVENT_TASK_LISTED;
	while (names->next && *names->next) {
		const char *line = names->next;
		size_t length = strcspn(line, "\n");

		names->next = line[length] ? line + length + 1 : NULL;
		if (take_line(line, length, event))
			return true;
	}
	return false;
}

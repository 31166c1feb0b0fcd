/* SPDX-License-Identifier: BSD-2-Clause */
/* Who was there when a recording began: from our own start-up dump, else from
 * the names that trace-cmd saves. */
#ifndef REPLAY_NAMES_H
#define REPLAY_NAMES_H

#include <stdbool.h>

#include "dat.h"
#include "recording_start.h"

struct replay_names {
	bool has_start;                 /* the recording is one of ours */
	struct recording_start start;
	const char *next;               /* of saved_cmdlines; NULL = no more */
};

/* dat is borrowed. */
void replay_names_open(struct replay_names *names, const struct dat *dat);

/* The next one as EVENT_TASK_LISTED of that time; false at the end. */
bool replay_names_next(struct replay_names *names, uint64_t time_ns,
		       struct event *event);

#endif

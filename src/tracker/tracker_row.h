/* SPDX-License-Identifier: BSD-2-Clause */
/* What a tracker is made of, and how its rows begin and leave: for tracker*.c
 * alone. Inline is what runs once an event. */
#ifndef TRACKER_ROW_H
#define TRACKER_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "ended_table.h"
#include "owner.h"
#include "reason_rows.h"
#include "socket_lives.h"
#include "stay.h"
#include "stuck.h"
#include "task_table.h"
#include "tracker.h"

struct tracker {
	struct tracker_counts counts;
	struct socket_lives lives;
	struct task_table tasks;
	struct ended_table ended;       /* where GONE is shown */
	struct reason_rows rows;
	struct stuck stuck;
	unsigned int shown;     /* EVENT_BIT set, as in struct tracker_options */
};

static inline bool tracker_row_is_shown(const struct tracker *tracker,
					enum event_kind kind)
{
	return tracker->shown & EVENT_BIT(kind);
}

/* Events that the backend marked were counted on arrival. */
static inline void tracker_row_count_late(struct tracker *tracker,
					  const struct event *event,
					  const struct stay *stay)
{
	if (!event->late && stay_is_older(stay, event))
		tracker->counts.late++;
}

/* Notes that the socket was seen; true when its rows are to be shown. */
static inline bool tracker_row_see(struct tracker *tracker,
				   struct socket_entry *entry, bool wanted)
{
	/* A row to CLOSE waits no longer than its address is unused. */
	reason_rows_release(&tracker->rows, entry);
	socket_lives_touch(&tracker->lives, entry, wanted);
	return entry->wanted;
}

/* Begins the row that an event of the socket makes, in the place where the
 * queue has it: it is large. The states are the caller's, and the push. */
static inline struct observation *tracker_row_begin(struct tracker *tracker,
						    struct socket_entry *entry,
						    const struct event *event,
						    struct span span)
{
	struct observation *row = reason_queue_next(&tracker->rows.queue);

	if (!owner_is_complete(&entry->owner))
		owner_complete(&entry->owner, &tracker->tasks);
	row->event = *event;
	row->sock = entry->sock;
	row->owner = entry->owner;
	row->span = span;
	row->why = REASON_UNKNOWN;
	row->trigger = REASON_TRIGGER_UNKNOWN;
	row->class = REASON_CLASS_UNKNOWN;
	row->inferred = false;
	row->srtt_us = entry->srtt_us;
	row->cwnd = entry->cwnd;
	return row;
}

/* The same for an event that is of no socket that is followed; both states are
 * unknown. */
struct observation *tracker_row_begin_alone(struct tracker *tracker,
					    const struct event *event);

/* The row that was begun goes on its way: it waits for nothing of its own. */
static inline void tracker_row_push(struct tracker *tracker,
				    struct observation *row)
{
	reason_queue_push(&tracker->rows.queue, row, false);
}

/* A whole row about a socket in the states that it is in, which it does not
 * leave. */
void tracker_row_push_as_it_is(struct tracker *tracker,
			       struct socket_entry *entry,
			       const struct event *event, struct span span);

#endif

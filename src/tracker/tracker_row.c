/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows that are made less often than once an event; see tracker_row.h. */
#include "tracker_row.h"

struct observation *tracker_row_begin_alone(struct tracker *tracker,
					    const struct event *event)
{
	struct observation *row = reason_queue_next(&tracker->rows.queue);

	*row = (struct observation){
		.event = *event,
		.span = SPAN_UNKNOWN,
		.cong = CONG_STATE_UNKNOWN,
	};
	return row;
}

void tracker_row_push_as_it_is(struct tracker *tracker,
			       struct socket_entry *entry,
			       const struct event *event, struct span span)
{
	struct observation *row = tracker_row_begin(tracker, entry, event, span);

	row->old_state = entry->tcp.state;
	row->cong = entry->cong.state;
	tracker_row_push(tracker, row);
}

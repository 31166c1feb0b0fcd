/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets and error reports; see tracker_failure.h. */
#include "tracker_failure.h"

#include "reason_rows.h"
#include "socket_lives.h"
#include "tracker_row.h"
#include "tcpwatch/tcp_state.h"

/* A time-wait socket or a request has an address of its own, and no life. */
static bool is_of_full_socket(const struct event *event)
{
	return !(event->has & EVENT_HAS_TCP_STATE) ||
	       (event->reset.state != TCP_STATE_TIME_WAIT &&
		event->reset.state != TCP_STATE_NEW_SYN_RECV);
}

static bool is_of_closed(const struct event *event)
{
	return event->has & EVENT_HAS_TCP_STATE &&
	       event->reset.state == TCP_STATE_CLOSE;
}

static struct socket_entry *life_of_reset(struct tracker *tracker,
					  const struct event *event)
{
	struct socket_entry *entry;

	if (!(event->has & EVENT_HAS_SOCKET) || !is_of_full_socket(event))
		return NULL;
	entry = socket_lives_find(&tracker->lives, event->socket_id);
	/* One behind the end of a life begins no other. */
	if (entry ? entry->tcp.state == TCP_STATE_CLOSE : is_of_closed(event))
		return entry;
	return socket_lives_of(&tracker->lives, entry, event);
}

void tracker_failure_take_reset(struct tracker *tracker,
				const struct event *event, bool wanted)
{
	struct socket_entry *entry = life_of_reset(tracker, event);
	struct observation *row;

	if (entry) {
		reason_rows_take_reset(&tracker->rows, entry, event);
		wanted = tracker_row_see(tracker, entry, wanted);
	}
	if (!wanted || !tracker_row_is_shown(tracker, EVENT_RESET))
		return;
	row = entry ? tracker_row_begin(tracker, entry, event, SPAN_UNKNOWN) :
		      tracker_row_begin_alone(tracker, event);
	row->old_state = event->has & EVENT_HAS_TCP_STATE ? event->reset.state :
							    TCP_STATE_UNKNOWN;
	row->cong = CONG_STATE_UNKNOWN;
	tracker_row_push(tracker, row);
}

void tracker_failure_take_error(struct tracker *tracker,
				const struct event *event, bool wanted)
{
	struct socket_entry *entry;
	struct observation *row;

	if (!event->error.number)       /* the error queue has something to read */
		return;
	entry = socket_lives_find(&tracker->lives,
				  reason_rows_socket_of_error(&tracker->rows, event));
	reason_rows_take_error(&tracker->rows, entry, event);
	if (entry ? !entry->wanted : !wanted)
		return;
	if (!tracker_row_is_shown(tracker, EVENT_ERROR))
		return;
	row = entry ? tracker_row_begin(tracker, entry, event, SPAN_UNKNOWN) :
		      tracker_row_begin_alone(tracker, event);
	row->old_state = TCP_STATE_UNKNOWN;
	row->cong = CONG_STATE_UNKNOWN;
	tracker_row_push(tracker, row);
}

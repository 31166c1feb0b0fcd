/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of retransmissions; see tracker_retrans.h. */
#include "tracker_retrans.h"

#include "listener_table.h"
#include "owner.h"
#include "reason.h"
#include "socket_lives.h"
#include "stay.h"
#include "tracker_row.h"
#include "tcpwatch/tcp_state.h"

static uint8_t said_state(const struct event *event)
{
	return event->has & EVENT_HAS_TCP_STATE ? event->retrans.state
						: TCP_STATE_UNKNOWN;
}

/* The class is settled before it is known whether the row is shown. */
static void classify(struct socket_entry *entry, struct observation *row)
{
	const struct reason_sending sending = {
		.state = row->old_state,
		.cong = row->cong,
		.timed_out = entry->timed_out,
	};

	row->class = (uint8_t)reason_of_retransmission(&row->event, &sending,
						       &row->inferred);
	entry->reset_seen = false;      /* whatever that was, it did not end it */
	if (row->class != REASON_CLASS_FAILED)
		entry->timed_out = false;
	if (row->class == REASON_CLASS_SYN && entry->syns_again < UINT8_MAX)
		entry->syns_again++;
}

static void take_retrans(struct tracker *tracker, const struct event *event,
			 bool wanted)
{
	struct socket_entry *entry =
		socket_lives_find(&tracker->lives, event->socket_id);
	struct observation *row;

	entry = socket_lives_of(&tracker->lives, entry, event);
	if (entry->tcp.state == TCP_STATE_UNKNOWN)
		stay_adopt(&entry->tcp, said_state(event),
			   &tracker->lives.losses);
	if (!tracker_row_see(tracker, entry, wanted))
		return;
	row = tracker_row_begin(tracker, entry, event, SPAN_UNKNOWN);
	row->old_state = said_state(event);
	row->cong = entry->cong.state;
	classify(entry, row);
	tracker_row_push(tracker, row);
}

/* Of the listener that the event is about, or that it must be by its address:
 * one that is older than the watch has no event of its own until it closes. */
static struct owner listening_owner(struct tracker *tracker,
				    const struct event *event)
{
	struct socket_lives *lives = &tracker->lives;
	struct socket_entry *listener =
		socket_lives_find(lives, event->socket_id);
	struct owner owner = { 0 };

	if (listener && listener->listening)
		owner = listener->owner;
	else if (!listener && event->has & EVENT_HAS_ENDPOINTS)
		owner = listener_table_owner(&lives->listeners, &lives->sockets,
					     &event->local);
	owner.source = owner.pid ? OWNER_LISTENER : OWNER_UNKNOWN;
	owner_complete(&owner, &tracker->tasks);
	return owner;
}

/* A request is no socket yet: all it has is its listener's owner. */
static void take_synack(struct tracker *tracker, const struct event *event,
			bool wanted)
{
	struct observation *row;

	if (!wanted)
		return;
	row = tracker_row_begin_alone(tracker, event);
	row->old_state = said_state(event);
	row->owner = listening_owner(tracker, event);
	row->class = REASON_CLASS_SYNACK;
	tracker_row_push(tracker, row);
}

void tracker_retrans_take(struct tracker *tracker, const struct event *event,
			  bool wanted)
{
	if (event->retrans.synack)
		take_synack(tracker, event, wanted);
	else
		take_retrans(tracker, event, wanted);
}

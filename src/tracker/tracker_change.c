/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of changes, with the stay before; see tracker_change.h. */
#include "tracker_change.h"

#include "owner.h"
#include "reason_rows.h"
#include "socket_lives.h"
#include "stay.h"
#include "tracker_row.h"
#include "tcpwatch/tcp_state.h"

/* A socket whose process has closed it leaves FIN_WAIT2 at once, be it with the
 * peer's FIN or without. Not inlined: few views ask for it. */
__attribute__((noinline))
static void note_fin(struct socket_entry *entry, const struct event *event)
{
	switch (event->state.new_state) {
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSING:
		entry->fin = ENDED_FIN_YES;
		break;
	case TCP_STATE_CLOSE:
		if (event->state.old_state == TCP_STATE_LAST_ACK ||
		    event->state.old_state == TCP_STATE_CLOSING)
			entry->fin = ENDED_FIN_YES;
		if (event->state.old_state == TCP_STATE_FIN_WAIT2)
			entry->fin = ENDED_FIN_PERHAPS;
		break;
	}
}

void tracker_change_take_state(struct tracker *tracker,
			       const struct event *event, bool wanted)
{
	struct socket_entry *entry =
		socket_lives_of_state(&tracker->lives, event);
	struct observation *row;
	struct span span;

	tracker_row_count_late(tracker, event, &entry->tcp);
	span = stay_change_tcp(&entry->tcp, event, &tracker->lives.losses);
	socket_lives_place(&tracker->lives, entry, event);
	owner_learn(&entry->owner, &tracker->tasks, event);
	if (tracker_row_is_shown(tracker, EVENT_GONE))
		note_fin(entry, event);
	if (!tracker_row_see(tracker, entry, wanted))
		return;
	row = tracker_row_begin(tracker, entry, event, span);
	row->old_state = event->state.old_state;
	row->cong = entry->cong.state;
	reason_rows_push(&tracker->rows, entry, row);
}

/* tcp_enter_cwr() was called and did nothing. */
static bool is_void_entry(const struct socket_entry *entry,
			  const struct event *event)
{
	return event->cong.entry_only &&
	       event->cong.new_state == CONG_STATE_CWR &&
	       entry->cong.state != CONG_STATE_UNKNOWN &&
	       entry->cong.state >= CONG_STATE_CWR;
}

void tracker_change_take_cong(struct tracker *tracker,
			      const struct event *event, bool wanted)
{
	struct socket_entry *entry =
		socket_lives_find(&tracker->lives, event->socket_id);
	struct observation *row;
	struct event placed;    /* a probe's, where its socket is known */
	struct span span;
	uint8_t before;

	/* tcp_disconnect() sets OPEN on the socket that it has closed. */
	if (entry && (entry->tcp.state == TCP_STATE_CLOSE ||
		      entry->tcp.state == TCP_STATE_LISTEN))
		return;
	entry = socket_lives_of(&tracker->lives, entry, event);
	if (is_void_entry(entry, event))
		return;
	if (entry->family && !(event->has & EVENT_HAS_ENDPOINTS)) {
		placed = *event;
		placed.has |= EVENT_HAS_ENDPOINTS;
		placed.family = entry->family;
		placed.local = entry->local;
		placed.remote = entry->remote;
		event = &placed;
	}
	before = entry->cong.state;
	entry->timed_out |= event->cong.new_state == CONG_STATE_LOSS;
	tracker_row_count_late(tracker, event, &entry->cong);
	span = stay_change_cong(&entry->cong, event, &tracker->lives.losses);
	if (!tracker_row_see(tracker, entry, wanted))
		return;
	row = tracker_row_begin(tracker, entry, event, span);
	row->old_state = 0;
	row->cong = before;
	tracker_row_push(tracker, row);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of lives, and what comes after it; see tracker_end.h. */
#include "tracker_end.h"

#include "ended_table.h"
#include "reason_rows.h"
#include "socket_lives.h"
#include "stay.h"
#include "tracker_row.h"

/* What is known of it beside its row; it goes away. */
static void show_end(struct tracker *tracker, struct socket_entry *entry,
		     const struct event *event)
{
	if (!entry->wanted)
		return;
	if (tracker_row_is_shown(tracker, EVENT_GONE) &&
	    event->has & EVENT_HAS_COOKIE)
		ended_table_add(&tracker->ended, &(struct ended_life){
			.cookie = event->destroy.cookie,
			.sock = entry->sock,
			.owner = entry->owner,
			.fin = entry->fin,
		});
	if (tracker_row_is_shown(tracker, EVENT_DESTROY))
		tracker_row_push_as_it_is(tracker, entry, event, SPAN_UNKNOWN);
}

/* The entry that goes away: of several seeds with the same ends, or where the
 * last events were lost, the cookie is the first to tell which one it is. */
static struct socket_entry *find_destroyed(struct tracker *tracker,
					   const struct event *event)
{
	struct socket_entry *entry =
		socket_lives_find(&tracker->lives, event->socket_id);
	struct socket_entry *seed = NULL;

	if (event->has & EVENT_HAS_COOKIE)
		seed = socket_lives_find_seed(&tracker->lives,
					      event->destroy.cookie);
	if (!entry || !seed)
		return entry ? entry : seed;
	/* One and the same: the entry has the rows. */
	socket_lives_end(&tracker->lives, seed);
	return entry;
}

void tracker_end_take_destroy(struct tracker *tracker,
			      const struct event *event)
{
	struct socket_entry *entry = find_destroyed(tracker, event);

	if (event->has & EVENT_HAS_COOKIE)
		socket_lives_end_cookie(&tracker->lives, event->destroy.cookie);
	if (!entry)
		return;
	tracker_row_count_late(tracker, event, &entry->tcp);
	/* An older one ended the life before, not the one on its address now. */
	if (stay_is_older(&entry->tcp, event))
		return;
	reason_rows_take_destroy(&tracker->rows, entry, event);
	if (tracker->shown)
		show_end(tracker, entry, event);
	socket_lives_end(&tracker->lives, entry);
}

static bool has_fin(const struct ended_life *life, const struct event *event)
{
	return life->fin == ENDED_FIN_YES ||
	       (life->fin == ENDED_FIN_PERHAPS && event->gone.unread == 1);
}

/* Of a life that is not known there is nothing to add figures to. */
void tracker_end_take_gone(struct tracker *tracker, const struct event *event)
{
	struct ended_life life;
	struct observation *row;

	if (!tracker_row_is_shown(tracker, EVENT_GONE) ||
	    !(event->has & EVENT_HAS_COOKIE) ||
	    !ended_table_take(&tracker->ended, event->cookie, &life))
		return;
	row = tracker_row_begin_alone(tracker, event);
	row->sock = life.sock;
	row->owner = life.owner;
	if (has_fin(&life, event) && event->gone.bytes_received)
		row->event.gone.bytes_received--;
	tracker_row_push(tracker, row);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that a list shows: those that are older than the watch, and those of a
 * source that does nothing but list. */
#include "socket_lives_seen.h"

#include "listener_table.h"
#include "socket_seeds.h"
#include "tcpwatch/tcp_state.h"

/* A socket that neither an event nor the list has shown before. */
static struct socket_entry *begin_seed(struct socket_lives *lives,
				       const struct event *event)
{
	const struct stay older_than_us = {
		.since_ns = lives->complete_since_ns,
		.certainty = STAY_AT_LEAST,
	};
	struct socket_entry *entry =
		socket_table_add(&lives->sockets, socket_seeds_id(event->cookie));

	socket_lives_begin_unseen(lives, entry, event, older_than_us);
	entry->seed_cookie = event->cookie;
	entry->tcp.state = event->seen.state;
	if (!socket_seeds_add(&lives->seeds, &lives->sockets, entry)) {
		socket_table_remove(&lives->sockets, entry);
		return NULL;
	}
	if (event->seen.state == TCP_STATE_LISTEN)
		listener_table_add(&lives->listeners, &lives->sockets, entry);
	return entry;
}

/* Of a source that lists all sockets again and again, by the id that it has for
 * them: it surely has been in this state since it was looked at. */
static struct socket_entry *take_sampled(struct socket_lives *lives,
					 const struct event *event, bool wanted)
{
	struct socket_entry *entry = socket_lives_find(lives, event->socket_id);

	if (entry)
		return entry;
	if (!wanted && event->seen.state != TCP_STATE_LISTEN)
		return NULL;
	if (!socket_table_has_room(&lives->sockets)) {
		lives->evicted += wanted;
		return NULL;
	}
	entry = socket_table_add(&lives->sockets, event->socket_id);
	socket_lives_begin_unseen(lives, entry, event, (struct stay){
		.since_ns = event->time_ns, .certainty = STAY_AT_LEAST
	});
	entry->tcp.state = event->seen.state;
	/* It may have been left since, and entered again. */
	entry->cong.certainty = STAY_UNKNOWN;
	if (event->seen.cong_known)
		entry->cong.state = event->seen.cong;
	if (event->seen.state == TCP_STATE_LISTEN)
		listener_table_add(&lives->listeners, &lives->sockets, entry);
	return entry;
}

static struct socket_entry *take_listed(struct socket_lives *lives,
					const struct event *event, bool wanted)
{
	struct socket_entry *entry = NULL;

	if (socket_lives_find_seed(lives, event->cookie))
		return NULL;
	switch (socket_seeds_match(&lives->seeds, &lives->sockets, event, &entry)) {
	case SEEDS_MATCH_ENTRY:
		entry->seed_cookie = event->cookie;
		return entry;
	case SEEDS_MATCH_UNSURE:
		return NULL;
	case SEEDS_MATCH_NONE:
		break;
	}
	/* It has both its ends: no event of it will pass the filter later. */
	if (!wanted && event->seen.state != TCP_STATE_LISTEN)
		return NULL;
	/* Those that do something now are worth more. */
	if (!socket_table_has_room(&lives->sockets)) {
		lives->evicted += wanted;
		return NULL;
	}
	return begin_seed(lives, event);
}

struct socket_entry *socket_lives_seen(struct socket_lives *lives,
				       const struct event *event, bool wanted)
{
	switch (event->seen.part) {
	case EVENT_SEEN_BEGIN:
		socket_seeds_begin(&lives->seeds, &lives->sockets);
		return NULL;
	case EVENT_SEEN_END:
		socket_seeds_end(&lives->seeds);
		return NULL;
	default:
		return event->has & EVENT_HAS_SOCKET ?
			take_sampled(lives, event, wanted) :
			take_listed(lives, event, wanted);
	}
}

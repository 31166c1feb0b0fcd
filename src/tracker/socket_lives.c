/* SPDX-License-Identifier: BSD-2-Clause */
/* Begins lives, seen or unseen, and ends them. */
#include "socket_lives.h"

#include <errno.h>

#include "tcpwatch/tcp_state.h"

static uint64_t later_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void make_room(struct socket_lives *lives, uint64_t now_ns)
{
	struct socket_entry *oldest;

	if (socket_table_has_room(&lives->sockets))
		return;
	oldest = socket_table_oldest(&lives->sockets);
	if (oldest->wanted)
		lives->evicted++;
	socket_lives_end(lives, oldest);
	lives->complete_since_ns = later_of(lives->complete_since_ns, now_ns);
}

static struct socket_entry *add(struct socket_lives *lives,
				const struct event *event)
{
	make_room(lives, event->time_ns);
	return socket_table_add(&lives->sockets, event->socket_id);
}

static void note_endpoints(struct socket_lives *lives,
			   struct socket_entry *entry,
			   const struct event *event)
{
	if (!(event->has & EVENT_HAS_ENDPOINTS))
		return;
	if (socket_cookies_are_used(&lives->cookies))
		socket_cookies_remove(&lives->cookies, &lives->sockets, entry);
	entry->local = event->local;
	entry->remote = event->remote;
	entry->family = event->family;
	if (socket_cookies_are_used(&lives->cookies))
		socket_cookies_add(&lives->cookies, &lives->sockets, entry);
}

static void begin(struct socket_lives *lives, struct socket_entry *entry,
		  const struct event *event)
{
	listener_table_remove(&lives->listeners, &lives->sockets, entry);
	if (lives->seeds.watching)
		socket_seeds_forget(&lives->seeds, &lives->sockets, entry);
	entry->sock = ++lives->last_sock;
	entry->seed_cookie = 0;
	entry->fin = 0;
	entry->owner = (struct owner){ 0 };
	entry->wanted = false;
	entry->reset_seen = false;
	entry->timed_out = false;
	entry->syns_again = 0;
	entry->srtt_us = entry->cwnd = 0;
	if (socket_cookies_are_used(&lives->cookies)) {
		socket_cookies_unbind(&lives->cookies, entry);
		entry->cookie_doubted = false;
	}
	note_endpoints(lives, entry, event);
}

/* The event is the start of the life. */
static void begin_seen(struct socket_lives *lives, struct socket_entry *entry,
		       const struct event *event)
{
	bool sampled = event->has & EVENT_HAS_BOUNDS;

	begin(lives, entry, event);
	entry->tcp = (struct stay){
		.losses = lives->losses.count,
		.state = event->state.old_state,
		.certainty = STAY_UNKNOWN,
	};
	entry->cong = (struct stay){
		.since_ns = sampled ? event->state.from_ns : event->time_ns,
		.losses = lives->losses.count,
		.state = lives->cong_told ? CONG_STATE_OPEN :
					    CONG_STATE_UNKNOWN,
		.certainty = STAY_UNKNOWN,
	};
	if (lives->cong_told)
		entry->cong.certainty = sampled ? STAY_AT_MOST : STAY_EXACT;
}

/* Not inlined, nor is begin_older(): most events belong to the life that is
 * known, and finding that shall be all that they pay for. */
__attribute__((noinline))
static struct socket_entry *begin_other(struct socket_lives *lives,
					struct socket_entry *entry,
					const struct event *event)
{
	socket_lives_begin_unseen(lives, entry, event,
				  (struct stay){ .certainty = STAY_UNKNOWN });
	socket_seeds_note(&lives->seeds, &lives->sockets, entry);
	return entry;
}

/* The first event of a socket that the list showed. */
static struct socket_entry *bind_seed(struct socket_lives *lives,
				      const struct event *event)
{
	struct socket_entry *entry;

	/* A sample may have none: then the address is still to come. */
	if (!(event->has & EVENT_HAS_SOCKET))
		return NULL;
	entry = socket_seeds_find(&lives->seeds, &lives->sockets, event,
				  lives->losses.count);
	if (!entry)
		return NULL;
	socket_seeds_bind(&lives->seeds, &lives->sockets, entry,
			  event->socket_id);
	/* It has left that state since, and nobody told. */
	if (event->kind == EVENT_STATE &&
	    entry->tcp.state != event->state.old_state)
		entry->tcp.state = TCP_STATE_UNKNOWN;
	return entry;
}

/* A socket of which no event has come. */
__attribute__((noinline))
static struct socket_entry *begin_older(struct socket_lives *lives,
					const struct event *event)
{
	/* As it is before adding, which may give up another socket. Who looks
	 * now and then cannot tell what it was before the last look. */
	const struct stay older_than_us = {
		.since_ns = event->has & EVENT_HAS_BOUNDS ? event->time_ns :
							    lives->complete_since_ns,
		.certainty = event->has & EVENT_HAS_BOUNDS ? STAY_UNKNOWN :
							     STAY_AT_LEAST,
	};
	struct socket_entry *entry = bind_seed(lives, event);

	if (entry)
		return entry;
	entry = add(lives, event);
	socket_lives_begin_unseen(lives, entry, event, older_than_us);
	if (event->has & EVENT_HAS_ENDPOINTS)
		socket_seeds_note(&lives->seeds, &lives->sockets, entry);
	else
		socket_seeds_miss_place(&lives->seeds);
	return entry;
}

static bool has_other_port(uint16_t before, uint16_t now)
{
	return before && before != now;
}

/* Whether the start of a new life on this address was lost: nothing but a
 * start follows CLOSE, and a life does not change its ports. */
static bool is_other_life(const struct socket_lives *lives,
			  const struct socket_entry *entry,
			  const struct event *event)
{
	if (event->late || stay_is_older(&entry->tcp, event))
		return false;
	if (entry->tcp.state == TCP_STATE_CLOSE)
		return true;
	return entry->tcp.losses != lives->losses.count &&
	       (event->has & EVENT_HAS_ENDPOINTS) &&
	       (has_other_port(entry->local.port, event->local.port) ||
		has_other_port(entry->remote.port, event->remote.port));
}

/* LISTEN->SYN_RECV is reported on the child's address. */
static bool is_child(const struct event *event)
{
	return event->state.old_state == TCP_STATE_LISTEN &&
	       event->state.new_state == TCP_STATE_SYN_RECV;
}

static bool is_start(const struct event *event)
{
	return event->state.old_state == TCP_STATE_CLOSE || is_child(event) ||
	       (event->has & EVENT_HAS_BOUNDS &&
		event->state.old_state == TCP_STATE_UNKNOWN);
}

/* One that was found between two looks may be a child, too. */
static bool may_be_child(const struct event *event)
{
	return is_child(event) ||
	       (is_start(event) && event->has & EVENT_HAS_BOUNDS &&
		event->state.new_state != TCP_STATE_SYN_SENT);
}

/* Not inlined: one event in many is of a child. */
__attribute__((noinline))
static void inherit_owner(struct socket_lives *lives,
			  struct socket_entry *entry)
{
	entry->owner = listener_table_owner(&lives->listeners, &lives->sockets,
					    &entry->local);
}

/* Its first event had no ends (a kernel probe's): now it can be told which of
 * the older sockets it is. */
static void merge_seed(struct socket_lives *lives, struct socket_entry *entry,
		       const struct event *event)
{
	struct socket_entry *seed =
		socket_seeds_find(&lives->seeds, &lives->sockets, event,
				  lives->losses.count);

	if (!seed)
		return;
	entry->seed_cookie = seed->seed_cookie;
	if (entry->owner.source < seed->owner.source)
		entry->owner = seed->owner;
	socket_lives_end(lives, seed);
}

/* Not inlined: only while older sockets are looked for. */
__attribute__((noinline))
static void watch_place(struct socket_lives *lives, struct socket_entry *entry,
			const struct event *event, bool first)
{
	if (first)
		merge_seed(lives, entry, event);
	socket_seeds_note(&lives->seeds, &lives->sockets, entry);
}

int socket_lives_init(struct socket_lives *lives, size_t max_sockets,
		      uint64_t since_ns, unsigned int events)
{
	*lives = (struct socket_lives){
		.complete_since_ns = since_ns,
		.cong_told = events & EVENT_BIT(EVENT_CONG),
	};
	if (!socket_table_init(&lives->sockets, max_sockets) &&
	    !listener_table_init(&lives->listeners))
		return 0;
	socket_lives_done(lives);
	return -ENOMEM;
}

void socket_lives_done(struct socket_lives *lives)
{
	socket_cookies_done(&lives->cookies);
	listener_table_done(&lives->listeners);
	socket_seeds_done(&lives->seeds);
	socket_table_done(&lives->sockets);
}

void socket_lives_begin_unseen(struct socket_lives *lives,
			       struct socket_entry *entry,
			       const struct event *event, struct stay stay)
{
	begin(lives, entry, event);
	stay.losses = lives->losses.count;
	stay.state = TCP_STATE_UNKNOWN;
	entry->tcp = stay;
	stay.state = CONG_STATE_UNKNOWN;
	entry->cong = stay;
}

struct socket_entry *socket_lives_find(const struct socket_lives *lives,
				       uint64_t socket_id)
{
	return socket_table_find(&lives->sockets, socket_id);
}

struct socket_entry *socket_lives_of(struct socket_lives *lives,
				     struct socket_entry *entry,
				     const struct event *event)
{
	if (!entry)
		return begin_older(lives, event);
	if (is_other_life(lives, entry, event))
		return begin_other(lives, entry, event);
	return entry;
}

struct socket_entry *socket_lives_of_state(struct socket_lives *lives,
					   const struct event *event)
{
	struct socket_entry *entry = socket_lives_find(lives, event->socket_id);

	/* A start older than what is known of the socket is of this life. */
	if (!is_start(event) || (entry && stay_is_older(&entry->tcp, event)))
		return socket_lives_of(lives, entry, event);
	if (!entry)
		entry = add(lives, event);
	begin_seen(lives, entry, event);
	return entry;
}

/* Not inlined: on newer kernels no sample needs it. */
__attribute__((noinline))
static struct socket_entry *of_cookie(struct socket_lives *lives,
				      const struct event *event)
{
	struct socket_entry *entry;
	struct event named = *event;

	if (socket_cookies_use(&lives->cookies, &lives->sockets))
		return NULL;
	entry = socket_cookies_find(&lives->cookies, &lives->sockets, event);
	if (entry)
		return entry;
	named.socket_id = socket_cookies_id(event);
	entry = socket_lives_find(lives, named.socket_id);
	if (entry)
		return entry;
	entry = begin_older(lives, &named);
	socket_cookies_bind(&lives->cookies, &lives->sockets, entry,
			    socket_cookies_of(event));
	return entry;
}

struct socket_entry *socket_lives_of_sample(struct socket_lives *lives,
					    const struct event *event)
{
	if (!(event->has & EVENT_HAS_SOCKET))
		return of_cookie(lives, event);
	return socket_lives_of(lives, socket_lives_find(lives, event->socket_id),
			       event);
}

void socket_lives_place(struct socket_lives *lives, struct socket_entry *entry,
			const struct event *event)
{
	bool first = !entry->family;

	/* Under the port that it has been taken up by. */
	if (entry->listening)
		listener_table_remove(&lives->listeners, &lives->sockets, entry);
	note_endpoints(lives, entry, event);
	if (lives->seeds.watching)
		watch_place(lives, entry, event, first);
	if (event->state.new_state == TCP_STATE_LISTEN)
		listener_table_add(&lives->listeners, &lives->sockets, entry);
	else if (entry->owner.source == OWNER_UNKNOWN && may_be_child(event))
		inherit_owner(lives, entry);
}

struct socket_entry *socket_lives_find_seed(const struct socket_lives *lives,
					    uint64_t cookie)
{
	if (!lives->seeds.unbound.count)
		return NULL;
	return socket_lives_find(lives, socket_seeds_id(cookie));
}

void socket_lives_touch(struct socket_lives *lives, struct socket_entry *entry,
			bool wanted)
{
	enum socket_list list = SOCKET_PROVISIONAL;

	entry->wanted |= wanted;
	if (entry->wanted || entry->listening)
		list = SOCKET_KEPT;
	socket_table_touch(&lives->sockets, entry, list);
}

void socket_lives_end(struct socket_lives *lives, struct socket_entry *entry)
{
	if (entry->seed_cookie || lives->seeds.watching)
		socket_seeds_forget(&lives->seeds, &lives->sockets, entry);
	listener_table_remove(&lives->listeners, &lives->sockets, entry);
	if (socket_cookies_are_used(&lives->cookies)) {
		socket_cookies_unbind(&lives->cookies, entry);
		socket_cookies_remove(&lives->cookies, &lives->sockets, entry);
	}
	socket_table_remove(&lives->sockets, entry);
}

void socket_lives_end_cookie(struct socket_lives *lives, uint64_t cookie)
{
	struct socket_entry *entry;

	if (!socket_cookies_are_used(&lives->cookies))
		return;
	entry = socket_lives_find(lives, socket_cookies_id_of(cookie));
	if (entry)
		socket_lives_end(lives, entry);
}

void socket_lives_lose(struct socket_lives *lives, uint64_t time_ns)
{
	lives->losses.latest_ns = later_of(lives->losses.latest_ns, time_ns);
	lives->losses.count++;
	lives->complete_since_ns = later_of(lives->complete_since_ns, time_ns);
}

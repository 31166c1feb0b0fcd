/* SPDX-License-Identifier: BSD-2-Clause */
/* Observations to counts; a small entry a socket knows its state and group. */
#include "metrics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "ns.h"
#include "rtt_key.h"
#include "safe_text.h"

enum { PORT_WORDS = (UINT16_MAX + 1) / 64 };

struct metrics_socket {
	uint64_t sock;          /* 0 = the entry is free */
	uint64_t id;            /* event.socket_id; 0 = not known yet */
	uint64_t counted_ns;    /* time in cong is counted up to here */
	struct metrics_membership membership;
	uint8_t state;          /* enum tcp_state, TCP_STATE_UNKNOWN beyond */
	uint8_t cong;           /* enum cong_state */
	uint8_t why;            /* enum reason: what began its end */
};

static struct metrics_socket *at(const struct metrics *metrics, uint32_t index)
{
	return (struct metrics_socket *)metrics->sockets.entries + index;
}

int metrics_init(struct metrics *metrics, const struct view_rtt_options *by,
		 size_t max_sockets)
{
	*metrics = (struct metrics){ .by = *by };
	metrics->listening = calloc(PORT_WORDS, sizeof(*metrics->listening));
	if (metrics->listening &&
	    !metrics_groups_init(&metrics->groups,
				 by->by == RTT_BY_ALL ? 0 : by->top) &&
	    !pool_init(&metrics->sockets, max_sockets,
		       sizeof(struct metrics_socket)) &&
	    !id_map_reserve(&metrics->ids, metrics->sockets.capacity))
		return 0;
	metrics_done(metrics);
	return -ENOMEM;
}

void metrics_done(struct metrics *metrics)
{
	metrics_groups_done(&metrics->groups);
	pool_done(&metrics->sockets);
	id_map_done(&metrics->ids);
	free(metrics->listening);
	*metrics = (struct metrics){ 0 };
}

static uint8_t known_state(uint8_t state)
{
	return state < TCP_STATE_COUNT ? state : TCP_STATE_UNKNOWN;
}

/* Only connections are in a congestion state. */
static bool is_connected(uint8_t state)
{
	switch (state) {
	case TCP_STATE_ESTABLISHED:
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSING:
		return true;
	default:
		return false;
	}
}

static void note_listener(struct metrics *metrics, const struct event *event)
{
	uint8_t state = event->kind == EVENT_SEEN ? event->seen.state :
						    event->state.new_state;
	bool taken_in = event->kind == EVENT_STATE &&
			state == TCP_STATE_SYN_RECV &&
			event->state.old_state == TCP_STATE_LISTEN;

	if (event->has & EVENT_HAS_ENDPOINTS &&
	    (taken_in || state == TCP_STATE_LISTEN))
		metrics->listening[event->local.port / 64] |=
			UINT64_C(1) << event->local.port % 64;
}

static bool is_listening(const struct metrics *metrics, uint64_t port)
{
	return metrics->listening[port / 64] >> port % 64 & 1;
}

/* As it will be shown, so that no two groups look the same. */
static void make_printable(struct rtt_key *key)
{
	char name[sizeof(key->bytes)] = "";

	safe_text_terminal(name, (const char *)key->bytes, sizeof(key->bytes),
			   NULL);
	memcpy(key->bytes, name, sizeof(name));
	if (!name[0])
		key->bytes[0] = '-';
}

static struct rtt_key key_of(const struct metrics *metrics,
			     const struct observation *observation)
{
	struct rtt_key key = rtt_key_of(&metrics->by, observation);

	if (metrics->by.by == RTT_BY_COMM)
		make_printable(&key);
	else if (metrics->by.by == RTT_BY_LPORT &&
		 !is_listening(metrics, key.number))
		key.number = 0;
	return key;
}

void metrics_group_text(const struct metrics *metrics,
			const struct metrics_group *group, char *text,
			size_t size)
{
	const struct rtt_group named = { .key = group->key };
	char name[RTT_KEY_TEXT];

	if (group == metrics->groups.slots[METRICS_GROUPS_OTHER])
		snprintf(name, sizeof(name), "other");
	else if (metrics->by.by == RTT_BY_LPORT && !group->key.number)
		snprintf(name, sizeof(name), "ephemeral");
	else
		rtt_key_text(&metrics->by, &named, name);
	snprintf(text, size, "%s", name);
}

/* At the end a socket's addresses may have been wiped. */
static bool is_end(const struct event *event)
{
	return event->kind == EVENT_DESTROY ||
	       (event->kind == EVENT_STATE &&
		event->state.new_state == TCP_STATE_CLOSE);
}

static bool tells_group(const struct metrics *metrics,
			const struct observation *observation)
{
	if (metrics->by.by == RTT_BY_COMM)
		return observation->owner.comm[0];
	return observation->event.has & EVENT_HAS_ENDPOINTS &&
	       !is_end(&observation->event);
}

static void join(const struct metrics *metrics,
		 struct metrics_membership *membership,
		 const struct observation *observation)
{
	struct rtt_key key = key_of(metrics, observation);

	if (memcmp(&membership->key, &key, sizeof(key)))
		*membership = (struct metrics_membership){ .key = key };
}

static void count_time(struct metrics *metrics, struct metrics_socket *socket,
		       uint64_t now_ns)
{
	if (now_ns <= socket->counted_ns)
		return;
	if (is_connected(socket->state) && socket->cong < CONG_STATE_COUNT)
		metrics_groups_find(&metrics->groups, &socket->membership)
			->cong_ns[socket->cong] += now_ns - socket->counted_ns;
	socket->counted_ns = now_ns;
}

static void forget(struct metrics *metrics, uint32_t index)
{
	struct metrics_socket *socket = at(metrics, index);

	lru_remove(&metrics->order, metrics->sockets.links, index);
	id_map_remove(&metrics->sockets.map, socket->sock);
	if (socket->id)
		id_map_remove(&metrics->ids, socket->id);
	socket->sock = 0;
	pool_give_back(&metrics->sockets, index);
}

static bool has_room(struct metrics *metrics)
{
	return pool_has_room(&metrics->sockets) &&
	       !id_map_reserve(&metrics->ids, metrics->sockets.capacity);
}

/* Of one that neither a change nor the list has told of yet. */
static uint8_t implied_state(const struct event *event)
{
	if (event->kind == EVENT_SAMPLE)
		return TCP_STATE_ESTABLISHED;
	return event->kind == EVENT_RETRANS && event->has & EVENT_HAS_TCP_STATE ?
	       known_state(event->retrans.state) : TCP_STATE_UNKNOWN;
}

static uint32_t add(struct metrics *metrics, const struct observation *observation)
{
	uint32_t index;

	if (!has_room(metrics))
		forget(metrics, metrics->order.oldest);
	index = pool_take(&metrics->sockets);
	id_map_set(&metrics->sockets.map, observation->sock, index);
	lru_add(&metrics->order, metrics->sockets.links, index);
	*at(metrics, index) = (struct metrics_socket){
		.sock = observation->sock,
		.counted_ns = observation->event.time_ns,
		.state = implied_state(&observation->event),
		.cong = CONG_STATE_UNKNOWN,
	};
	join(metrics, &at(metrics, index)->membership, observation);
	return index;
}

/* Whoever had the address before has gone, if nothing has told so. */
static void note_id(struct metrics *metrics, uint32_t index,
		    const struct event *event)
{
	struct metrics_socket *socket = at(metrics, index);
	uint32_t before;

	if (socket->id || !(event->has & EVENT_HAS_SOCKET) || !event->socket_id)
		return;
	before = id_map_get(&metrics->ids, event->socket_id);
	if (before)
		forget(metrics, before);
	socket->id = event->socket_id;
	id_map_set(&metrics->ids, socket->id, index);
}

/* The socket of the observation, or NULL: it is about none. */
static struct metrics_socket *socket_of(struct metrics *metrics,
					const struct observation *observation)
{
	uint32_t index;

	if (!observation->sock)
		return NULL;
	index = id_map_get(&metrics->sockets.map, observation->sock);
	if (!index)
		index = add(metrics, observation);
	else
		lru_touch(&metrics->order, metrics->sockets.links, index);
	note_id(metrics, index, &observation->event);
	count_time(metrics, at(metrics, index), observation->event.time_ns);
	return at(metrics, index);
}

static void forget_socket(struct metrics *metrics, uint64_t sock)
{
	uint32_t index = id_map_get(&metrics->sockets.map, sock);

	if (index)
		forget(metrics, index);
}

/* The counts that an event belongs to. socket: NULL = it is about none. */
static struct metrics_counts *counts_of(struct metrics *metrics,
					struct metrics_socket *socket,
					const struct observation *observation)
{
	struct metrics_membership alone = { 0 };

	if (metrics->by.by != RTT_BY_ALL) {
		struct metrics_membership *own =
			socket ? &socket->membership : &alone;

		if (!socket || tells_group(metrics, observation))
			join(metrics, own, observation);
		return metrics_groups_count(&metrics->groups, own);
	}
	return metrics_groups_count(&metrics->groups, &alone);
}

/* Of one between two looks the middle; rounded up, so that it lies between the
 * bounds of the bucket. */
static void count_stay(struct metrics *metrics, uint8_t state, struct span span)
{
	uint64_t ns = span.min_ns + (span.max_ns - span.min_ns) / 2;

	if (span.max_ns == SPAN_NO_LIMIT) {
		metrics->unmeasured[state]++;
		return;
	}
	histogram_log2_add_bucket(&metrics->stays[state],
				  histogram_log2_bucket(ns / NS_PER_US +
							(ns % NS_PER_US != 0)),
				  1, ns);
}

/* What began the socket's end, as far as is known now. */
static enum reason note_reason(struct metrics_socket *socket,
			       const struct observation *observation)
{
	enum reason known = socket ? socket->why : REASON_UNKNOWN;

	if (life_reason_is_better(observation->why, known))
		known = observation->why;
	if (socket)
		socket->why = (uint8_t)known;
	return known;
}

static void take_state(struct metrics *metrics,
		       const struct observation *observation)
{
	const struct event *event = &observation->event;
	uint8_t before = known_state(observation->old_state);
	uint8_t now = known_state(event->state.new_state);
	struct metrics_socket *socket;
	struct metrics_counts *counts;
	enum reason why;

	note_listener(metrics, event);
	socket = socket_of(metrics, observation);
	counts = counts_of(metrics, socket, observation);
	counts->transitions[before][now]++;
	/* What a closed socket was in, and a child under its listener's name, is
	 * no stay. */
	if (before != TCP_STATE_CLOSE && before != TCP_STATE_UNKNOWN &&
	    !(before == TCP_STATE_LISTEN && now == TCP_STATE_SYN_RECV))
		count_stay(metrics, before, observation->span);
	why = note_reason(socket, observation);
	if (now == TCP_STATE_CLOSE && before != TCP_STATE_LISTEN)
		counts->ends[why]++;
	if (now == TCP_STATE_CLOSE) {
		forget_socket(metrics, observation->sock);
	} else if (socket) {
		socket->state = now;
		socket->cong = observation->cong;
	}
}

/* Of a socket older than the watch: it has been in that state all along. */
static void take_cong(struct metrics *metrics,
		      const struct observation *observation)
{
	struct metrics_socket *socket = socket_of(metrics, observation);

	if (!socket)
		return;
	if (socket->cong == CONG_STATE_UNKNOWN && is_connected(socket->state) &&
	    observation->cong < CONG_STATE_COUNT)
		metrics_groups_find(&metrics->groups, &socket->membership)
			->cong_ns[observation->cong] += observation->span.min_ns;
	socket->cong = observation->event.cong.new_state;
}

/* A SYN-ACK's socket is the listener, but its ends are the connection's. */
static void take_retrans(struct metrics *metrics,
			 const struct observation *observation)
{
	struct metrics_socket *socket = observation->event.retrans.synack ? NULL :
					socket_of(metrics, observation);

	counts_of(metrics, socket, observation)
		->retransmissions[observation->class]++;
}

static void take_sample(struct metrics *metrics,
			const struct observation *observation)
{
	const struct event_sample *sample = &observation->event.sample;
	struct metrics_socket *socket;

	if (!sample->srtt_us)
		return;         /* none has been measured yet */
	socket = socket_of(metrics, observation);
	histogram_log2_add_bucket(&counts_of(metrics, socket, observation)->srtt,
				  histogram_log2_bucket(sample->srtt_us),
				  sample->every,
				  (uint64_t)sample->srtt_us * NS_PER_US *
				  sample->every);
}

/* TIME_WAIT has no socket of its own, and no event ends it, where events come
 * from the kernel's tracepoints. */
static void take_seen(struct metrics *metrics,
		      const struct observation *observation)
{
	const struct event *event = &observation->event;
	struct metrics_socket *socket;

	if (!observation->sock ||
	    (!(event->has & EVENT_HAS_SOCKET) &&
	     (event->seen.state == TCP_STATE_TIME_WAIT ||
	      event->seen.state == TCP_STATE_NEW_SYN_RECV)))
		return;
	note_listener(metrics, event);
	socket = socket_of(metrics, observation);
	if (socket && socket->state == TCP_STATE_UNKNOWN)
		socket->state = known_state(event->seen.state);
	/* Its group is worth a slot even if nothing happens there. */
	counts_of(metrics, socket, observation);
}

void metrics_take(struct metrics *metrics, const struct observation *observation)
{
	if (observation->event.time_ns > metrics->now_ns)
		metrics->now_ns = observation->event.time_ns;
	switch (observation->event.kind) {
	case EVENT_STATE:
		take_state(metrics, observation);
		break;
	case EVENT_CONG:
		take_cong(metrics, observation);
		break;
	case EVENT_RETRANS:
		take_retrans(metrics, observation);
		break;
	case EVENT_SAMPLE:
		take_sample(metrics, observation);
		break;
	case EVENT_SEEN:
		take_seen(metrics, observation);
		break;
	case EVENT_DESTROY:
		forget_socket(metrics, observation->sock);
		break;
	}
}

void metrics_settle(struct metrics *metrics)
{
	uint32_t index;

	for (uint32_t i = 0; i <= metrics->groups.used; i++)
		memset(metrics->groups.slots[i]->counts.open, 0,
		       sizeof(metrics->groups.slots[i]->counts.open));
	for (index = metrics->order.newest; index;
	     index = metrics->sockets.links[index].older) {
		struct metrics_socket *socket = at(metrics, index);

		count_time(metrics, socket, metrics->now_ns);
		metrics_groups_find(&metrics->groups, &socket->membership)
			->open[socket->state]++;
	}
}

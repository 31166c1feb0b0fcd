/* SPDX-License-Identifier: BSD-2-Clause */
/* Observations to counts. */
#include "metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/ns.h"
#include "metrics_key.h"
#include "metrics_sockets.h"
#include "view/life.h"

enum { PORT_WORDS = (UINT16_MAX + 1) / 64 };

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

/* The counts that an event belongs to. socket: NULL = it is about none. */
static struct metrics_counts *counts_of(struct metrics *metrics,
					struct metrics_socket *socket,
					const struct observation *observation)
{
	struct metrics_membership alone = { 0 };

	if (metrics->by.by != RTT_BY_ALL) {
		struct metrics_membership *own =
			socket ? &socket->membership : &alone;

		if (!socket || metrics_key_is_told(metrics, observation))
			metrics_key_join(metrics, own, observation);
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
	uint8_t before = metrics_sockets_known_state(observation->old_state);
	uint8_t now = metrics_sockets_known_state(event->state.new_state);
	struct metrics_socket *socket;
	struct metrics_counts *counts;
	enum reason why;

	metrics_key_note_listener(metrics, event);
	socket = metrics_sockets_get(metrics, observation);
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
		metrics_sockets_forget(metrics, observation->sock);
	} else if (socket) {
		socket->state = now;
		socket->cong = observation->cong;
	}
}

/* Of a socket older than the watch: it has been in that state all along. */
static void take_cong(struct metrics *metrics,
		      const struct observation *observation)
{
	struct metrics_socket *socket = metrics_sockets_get(metrics, observation);

	if (!socket)
		return;
	if (socket->cong == CONG_STATE_UNKNOWN &&
	    metrics_sockets_is_connected(socket->state) &&
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
					metrics_sockets_get(metrics, observation);

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
	socket = metrics_sockets_get(metrics, observation);
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
	metrics_key_note_listener(metrics, event);
	socket = metrics_sockets_get(metrics, observation);
	if (socket && socket->state == TCP_STATE_UNKNOWN)
		socket->state = metrics_sockets_known_state(event->seen.state);
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
		metrics_sockets_forget(metrics, observation->sock);
		break;
	}
}

void metrics_settle(struct metrics *metrics)
{
	for (uint32_t i = 0; i <= metrics->groups.used; i++)
		memset(metrics->groups.slots[i]->counts.open, 0,
		       sizeof(metrics->groups.slots[i]->counts.open));
	metrics_sockets_count(metrics);
}

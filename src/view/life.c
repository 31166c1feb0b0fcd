/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums up a socket's life; see life.h. */
#include "life.h"

#include <stddef.h>

static const char *const how_names[LIFE_HOW_COUNT] = {
	[LIFE_BEFORE_US] = "before",
	[LIFE_ACTIVE] = "active",
	[LIFE_PASSIVE] = "passive",
	[LIFE_LISTENER] = "listen",
};

static const char *const ender_names[LIFE_ENDER_COUNT] = {
	[LIFE_ENDER_US] = "us",
	[LIFE_ENDER_PEER] = "peer",
	[LIFE_ENDER_TIMER] = "timer",
	[LIFE_ENDER_NETWORK] = "network",
};

/* Who ends a socket by that; UNKNOWN also for what ends none. */
static enum life_ender ender_of(enum reason why)
{
	switch (why) {
	case REASON_CLOSED_BY_US:
	case REASON_ABORTED_BY_US:
	case REASON_LISTENER_CLOSED:
	case REASON_GAVE_UP:
	case REASON_KILLED:
		return LIFE_ENDER_US;
	case REASON_CLOSED_BY_PEER:
	case REASON_REFUSED:
	case REASON_RESET_BY_PEER:
		return LIFE_ENDER_PEER;
	case REASON_TIMED_OUT:
	case REASON_KEEPALIVE_TIMED_OUT:
		return LIFE_ENDER_TIMER;
	case REASON_HOST_UNREACHABLE:
	case REASON_NET_UNREACHABLE:
		return LIFE_ENDER_NETWORK;
	default:
		return LIFE_ENDER_UNKNOWN;
	}
}

static bool is_failure(enum reason why)
{
	return why != REASON_CLOSED_BY_US && why != REASON_CLOSED_BY_PEER &&
	       why != REASON_LISTENER_CLOSED &&
	       ender_of(why) != LIFE_ENDER_UNKNOWN;
}

static enum life_how how_of(const struct event *event)
{
	if (event->kind != EVENT_STATE)
		return LIFE_BEFORE_US;
	if (event->state.new_state == TCP_STATE_SYN_SENT)
		return LIFE_ACTIVE;
	if (event->state.new_state == TCP_STATE_LISTEN)
		return LIFE_LISTENER;
	if (event->has & EVENT_HAS_BOUNDS &&
	    event->state.old_state == TCP_STATE_UNKNOWN)
		return LIFE_UNSEEN;
	return event->state.old_state == TCP_STATE_LISTEN ? LIFE_PASSIVE :
							    LIFE_BEFORE_US;
}

bool life_reason_ends(enum reason why)
{
	return ender_of(why) != LIFE_ENDER_UNKNOWN;
}

bool life_reason_is_better(enum reason why, enum reason known)
{
	return life_reason_ends(why) &&
	       (!life_reason_ends(known) || is_failure(why));
}

static void note_reason(struct life *life, const struct observation *observation)
{
	if (!life_reason_is_better(observation->why, life->why))
		return;
	life->why = observation->why;
	life->inferred = observation->inferred;
	life->ended_by = (uint8_t)ender_of(observation->why);
}

/* Of a state change: when it may have happened. */
static uint64_t earliest(const struct event *event)
{
	return event->has & EVENT_HAS_BOUNDS ? event->state.from_ns :
					       event->time_ns;
}

static void leave_state(struct life *life, const struct observation *observation)
{
	uint8_t state = observation->old_state;

	if (state >= TCP_STATE_COUNT || state == TCP_STATE_UNKNOWN ||
	    state == TCP_STATE_CLOSE || (state == TCP_STATE_LISTEN &&
					 life->how != LIFE_LISTENER))
		return;
	life->states |= (uint16_t)(1u << state);
	life->state_ns[state] += observation->span.min_ns;
	if (!span_is_exact(observation->span))
		life->states_at_least |= (uint16_t)(1u << state);
}

static void take_state(struct life *life, const struct observation *observation)
{
	const struct event *event = &observation->event;

	leave_state(life, observation);
	note_reason(life, observation);
	life->state = event->state.new_state;
	life->state_since_ns = event->time_ns;
	if (event->state.new_state == TCP_STATE_CLOSE) {
		life->end_ns = event->time_ns;
		life->end_from_ns = earliest(event);
	} else if (event->state.new_state < TCP_STATE_COUNT)
		life->states |= (uint16_t)(1u << event->state.new_state);
}

/* Repeats add up to the same: each ends a part of the stay. */
static void take_cong(struct life *life, const struct observation *observation)
{
	const struct event *event = &observation->event;

	if (event->has & EVENT_HAS_BOUNDS)
		return;                 /* it may have been in others meanwhile */
	if (event->time_ns < life->cong_since_ns)
		return;                 /* late: its time is counted already */
	if (life->cong < CONG_STATE_COUNT)
		life->cong_ns[life->cong] += event->time_ns - life->cong_since_ns;
	life->cong = event->cong.new_state;
	life->cong_since_ns = event->time_ns;
	if (life->cong < CONG_STATE_COUNT)
		life->congs |= (uint8_t)(1u << life->cong);
}

static void note_sample(struct life *life, const struct observation *observation)
{
	if (observation->srtt_us)
		life->srtt_us = observation->srtt_us;
	if (observation->cwnd)
		life->cwnd = observation->cwnd;
}

/* Where the kernel has wiped them it has not said them. */
static void take_gone(struct life *life, const struct event *event)
{
	if (event->has & EVENT_HAS_BYTES) {
		life->tx_bytes = event->gone.bytes_acked;
		life->rx_bytes = event->gone.bytes_received;
		life->figures_known = true;
	}
	if (event->has & EVENT_HAS_RTT)
		life->srtt_us = event->gone.srtt_us;
}

static void take_seen(struct life *life, const struct event *event)
{
	if (life->states)
		return;                 /* its own events know better */
	life->state = event->seen.state;
	life->state_since_ns = life->begin_ns;
	if (life->state < TCP_STATE_COUNT) {
		life->states = (uint16_t)(1u << life->state);
		life->states_at_least = life->states;
	}
	if (life->state == TCP_STATE_LISTEN)
		life->how = LIFE_LISTENER;
}

static void note_place(struct life *life, const struct event *event)
{
	if (!(event->has & EVENT_HAS_ENDPOINTS) || event->kind == EVENT_GONE)
		return;
	/* After tcp_disconnect() the ends may be gone. */
	if (life->family && !event->remote.port && life->remote.port)
		return;
	life->family = event->family;
	life->local = event->local;
	life->remote = event->remote;
}

static void note_owner(struct life *life, const struct owner *owner)
{
	if (owner->pid)
		life->owner = *owner;
}

void life_begin(struct life *life, const struct observation *observation)
{
	const struct event *event = &observation->event;

	*life = (struct life){
		.sock = observation->sock,
		.begin_ns = event->time_ns,
		.begin_from_ns = event->kind == EVENT_STATE ? earliest(event) :
							      event->time_ns,
		.state_since_ns = event->time_ns,
		.cong_since_ns = event->time_ns,
		.how = (uint8_t)how_of(event),
		.cong = CONG_STATE_UNKNOWN,
	};
	if ((life->how != LIFE_ACTIVE && life->how != LIFE_PASSIVE) ||
	    event->has & EVENT_HAS_BOUNDS)
		return;
	life->cong = CONG_STATE_OPEN;
	life->congs = 1u << CONG_STATE_OPEN;
}

void life_take(struct life *life, const struct observation *observation)
{
	const struct event *event = &observation->event;

	note_place(life, event);
	note_sample(life, observation);
	note_owner(life, &observation->owner);
	switch (event->kind) {
	case EVENT_STATE:
		take_state(life, observation);
		break;
	case EVENT_CONG:
		take_cong(life, observation);
		break;
	case EVENT_RETRANS:
		if (!event->retrans.synack)
			life->retrans[observation->class]++;
		break;
	case EVENT_SEEN:
		take_seen(life, event);
		break;
	case EVENT_GONE:
		take_gone(life, event);
		break;
	}
}

void life_destroy(struct life *life, uint64_t time_ns)
{
	if (life->end_ns)
		return;
	life->end_ns = life->end_from_ns = time_ns;
	life->end_unseen = true;
	life->states_at_least |= (uint16_t)(1u << life->state);
}

static uint64_t since(uint64_t begin_ns, uint64_t now_ns)
{
	return now_ns > begin_ns ? now_ns - begin_ns : 0;
}

struct span life_span(const struct life *life, uint64_t now_ns)
{
	uint64_t ns = since(life->begin_ns,
			    life->end_ns ? life->end_from_ns : now_ns);

	if (life->end_unseen)
		ns = since(life->begin_ns, life->state_since_ns);
	if (life->end_unseen || life->how == LIFE_BEFORE_US)
		return (struct span){ ns, SPAN_NO_LIMIT };
	return (struct span){
		ns, since(life->begin_from_ns, life->end_ns ? life->end_ns : now_ns)
	};
}

uint64_t life_state_ns(const struct life *life, unsigned int state,
		       uint64_t now_ns)
{
	uint64_t ns = life->state_ns[state];

	if (!life->end_ns && state == life->state)
		ns += since(life->state_since_ns, now_ns);
	return ns;
}

uint64_t life_cong_ns(const struct life *life, unsigned int state,
		      uint64_t now_ns)
{
	uint64_t ns = life->cong_ns[state];

	if (state == life->cong)
		ns += since(life->cong_since_ns,
			    life->end_ns ? life->end_ns : now_ns);
	return ns;
}

bool life_failed(const struct life *life)
{
	return is_failure(life->why);
}

uint64_t life_retransmissions(const struct life *life)
{
	uint64_t count = 0;

	for (unsigned int class = 0; class < REASON_CLASS_COUNT; class++)
		if (class != REASON_CLASS_FAILED)
			count += life->retrans[class];
	return count;
}

const char *life_how_name(unsigned int how)
{
	return how < LIFE_HOW_COUNT ? how_names[how] : NULL;
}

const char *life_ender_name(unsigned int ender)
{
	return ender < LIFE_ENDER_COUNT ? ender_names[ender] : NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded table of sockets; those that are closed lose their place first. */
#include "cong_times.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct cong_time *at(const struct cong_times *times, uint32_t index)
{
	return (struct cong_time *)times->sockets.entries + index;
}

static uint32_t index_of(const struct cong_times *times,
			 const struct cong_time *time)
{
	return (uint32_t)(time - (struct cong_time *)times->sockets.entries);
}

static void remove_from_table(struct cong_times *times, struct cong_time *time)
{
	uint32_t index = index_of(times, time);

	lru_remove(&times->lists[time->closed ? CONG_TIMES_CLOSED :
						CONG_TIMES_LIVE],
		   times->sockets.links, index);
	id_map_remove(&times->sockets.map, time->sock);
	time->sock = 0;
	pool_give_back(&times->sockets, index);
}

/* An event may be older than what has been counted. */
static void count_until(struct cong_time *time, uint64_t now_ns)
{
	uint64_t passed_ns;

	if (now_ns < time->counted_ns)
		return;
	passed_ns = now_ns - time->counted_ns;
	time->counted_ns = now_ns;
	if (time->state >= CONG_STATE_COUNT)
		return;
	time->state_ns[time->state] += passed_ns;
	time->known = true;
	if (span_is_exact(time->stay)) {
		time->stay.min_ns += passed_ns;
		time->stay.max_ns += passed_ns;
	}
}

static void add_to_other(struct cong_time *other, const struct cong_time *time)
{
	for (size_t i = 0; i < CONG_STATE_COUNT; i++)
		other->state_ns[i] += time->state_ns[i];
	other->changes += time->changes;
	other->known |= time->known;
}

static void make_room(struct cong_times *times, uint64_t now_ns)
{
	uint32_t oldest = times->lists[CONG_TIMES_CLOSED].oldest;
	struct cong_time *time;

	if (!oldest)
		oldest = times->lists[CONG_TIMES_LIVE].oldest;
	time = at(times, oldest);
	if (!time->closed)
		count_until(time, now_ns);
	add_to_other(&times->other, time);
	times->others++;
	remove_from_table(times, time);
}

/* There is always room to sort what there is room for. */
static bool has_room(struct cong_times *times)
{
	uint32_t *order;

	if (!pool_has_room(&times->sockets))
		return false;
	if (times->order_capacity >= times->sockets.capacity)
		return true;
	order = realloc(times->order,
			times->sockets.capacity * sizeof(*times->order));
	if (!order)
		return times->sockets.free != 0;
	times->order = order;
	times->order_capacity = times->sockets.capacity;
	return true;
}

static struct cong_time *add(struct cong_times *times,
			     const struct observation *observation)
{
	struct cong_time *time;
	uint32_t index;

	if (!has_room(times))
		make_room(times, observation->event.time_ns);
	index = pool_take(&times->sockets);
	id_map_set(&times->sockets.map, observation->sock, index);
	lru_add(&times->lists[CONG_TIMES_LIVE], times->sockets.links, index);
	time = at(times, index);
	*time = (struct cong_time){
		.sock = observation->sock,
		.counted_ns = observation->event.time_ns,
		.state = observation->cong,
		.stay = SPAN_UNKNOWN,
		.losses = times->losses,
	};
	return time;
}

/* Is the span how long the socket has been in the congestion state in which it
 * is found? A connection has been in OPEN since it was begun. */
static bool tells_stay(const struct observation *observation)
{
	const struct event *event = &observation->event;

	if (event->kind == EVENT_CONG)
		return true;
	return event->kind == EVENT_STATE &&
	       event->state.new_state == TCP_STATE_ESTABLISHED &&
	       observation->cong == CONG_STATE_OPEN;
}

static void count_before(struct cong_time *time,
			 const struct observation *observation,
			 uint64_t begin_ns)
{
	uint64_t lasted_ns = observation->span.min_ns;
	uint64_t now_ns = observation->event.time_ns;

	if (!tells_stay(observation) || now_ns < begin_ns)
		return;
	if (lasted_ns > now_ns - begin_ns)
		lasted_ns = now_ns - begin_ns;
	time->counted_ns = now_ns - lasted_ns;
	if (!span_is_exact(observation->span))
		return;
	time->stay = observation->span;
	/* What count_until() is about to add. */
	time->stay.min_ns -= lasted_ns;
	time->stay.max_ns -= lasted_ns;
}

/* Is it about a socket that can be in a congestion state? */
static bool is_connected(const struct observation *observation)
{
	const struct event *event = &observation->event;

	if (event->kind == EVENT_CONG)
		return true;
	if (event->kind != EVENT_STATE && event->kind != EVENT_SEEN)
		return false;
	switch (event->kind == EVENT_SEEN ? event->seen.state :
					    event->state.new_state) {
	case TCP_STATE_CLOSE:
	case TCP_STATE_LISTEN:
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_SYN_RECV:
		return false;
	default:
		return true;
	}
}

static bool is_end(const struct event *event)
{
	return event->kind == EVENT_DESTROY ||
	       (event->kind == EVENT_STATE &&
		event->state.new_state == TCP_STATE_CLOSE);
}

static void note(struct cong_time *time, const struct observation *observation)
{
	const struct event *event = &observation->event;

	if (observation->owner.pid)
		time->owner = observation->owner;
	/* Addresses may be wiped when a socket is closed. */
	if (!(event->has & EVENT_HAS_ENDPOINTS) ||
	    (time->family && is_end(event)))
		return;
	time->family = event->family;
	time->local = event->local;
	time->remote = event->remote;
}

static bool end_stay(uint8_t state, struct span span, struct cong_stay *stay)
{
	if (!span_is_exact(span) || state >= CONG_STATE_COUNT)
		return false;
	*stay = (struct cong_stay){ state, span.min_ns };
	return true;
}

/* The kernel sets LOSS again before each timeout: that is no change, and behind
 * a gap not even the beginning of a stay. */
static bool change(struct cong_time *time, const struct observation *observation,
		   struct cong_stay *stay)
{
	const struct event *event = &observation->event;
	uint8_t state = event->cong.new_state;
	uint8_t before = time->state;
	bool gap = !span_is_exact(time->stay) && state == CONG_STATE_LOSS;

	if (before == state)
		return false;
	time->changes++;
	time->state = state;
	time->stay = gap || event->cong.entry_only ? SPAN_UNKNOWN :
						     (struct span){ 0, 0 };
	return end_stay(before, observation->span, stay);
}

static bool close_socket(struct cong_times *times, struct cong_time *time,
			 struct cong_stay *stay)
{
	uint32_t index = index_of(times, time);

	lru_remove(&times->lists[CONG_TIMES_LIVE], times->sockets.links, index);
	lru_add(&times->lists[CONG_TIMES_CLOSED], times->sockets.links, index);
	time->closed = true;
	return end_stay(time->state, time->stay, stay);
}

/* Nobody knows what was lost, and so what the socket has been in since. */
static void note_losses(const struct cong_times *times, struct cong_time *time)
{
	if (time->losses == times->losses)
		return;
	time->losses = times->losses;
	time->stay = SPAN_UNKNOWN;
}

int cong_times_init(struct cong_times *times, size_t limit)
{
	*times = (struct cong_times){ 0 };
	if (!pool_init(&times->sockets, limit, sizeof(struct cong_time)) &&
	    has_room(times) && times->order)
		return 0;
	cong_times_done(times);
	return -ENOMEM;
}

void cong_times_done(struct cong_times *times)
{
	pool_done(&times->sockets);
	free(times->order);
	*times = (struct cong_times){ 0 };
}

bool cong_times_take(struct cong_times *times,
		     const struct observation *observation, uint64_t begin_ns,
		     struct cong_stay *stay)
{
	const struct event *event = &observation->event;
	uint32_t index = id_map_get(&times->sockets.map, observation->sock);
	struct cong_time *time;

	times->losses += event->kind == EVENT_LOST;
	if (!observation->sock || (!index && !is_connected(observation)))
		return false;
	time = index ? at(times, index) : add(times, observation);
	if (!index)
		count_before(time, observation, begin_ns);
	if (time->closed)
		return false;
	note_losses(times, time);
	note(time, observation);
	lru_touch(&times->lists[CONG_TIMES_LIVE], times->sockets.links,
		  index_of(times, time));
	count_until(time, event->time_ns);
	if (event->kind == EVENT_CONG)
		return change(time, observation, stay);
	return is_end(event) && close_socket(times, time, stay);
}

void cong_times_count(struct cong_times *times, uint64_t end_ns)
{
	uint32_t index = times->lists[CONG_TIMES_LIVE].newest;

	for (; index; index = times->sockets.links[index].older)
		count_until(at(times, index), end_ns);
}

static int compare(const void *a, const void *b, void *context)
{
	const struct cong_time *one = at(context, *(const uint32_t *)a);
	const struct cong_time *other = at(context, *(const uint32_t *)b);

	if (one->local.port != other->local.port)
		return one->local.port < other->local.port ? -1 : 1;
	return (one->sock > other->sock) - (one->sock < other->sock);
}

size_t cong_times_sort(struct cong_times *times)
{
	size_t count = 0;

	for (uint32_t index = 1; index <= times->sockets.used; index++)
		if (at(times, index)->sock)
			times->order[count++] = index;
	qsort_r(times->order, count, sizeof(*times->order), compare, times);
	return count;
}

const struct cong_time *cong_times_at(const struct cong_times *times,
				      size_t place)
{
	return at(times, times->order[place]);
}

void cong_times_clear(struct cong_times *times)
{
	uint32_t index;

	while (times->lists[CONG_TIMES_CLOSED].oldest)
		remove_from_table(times, at(times,
				  times->lists[CONG_TIMES_CLOSED].oldest));
	for (index = times->lists[CONG_TIMES_LIVE].newest; index;
	     index = times->sockets.links[index].older) {
		struct cong_time *time = at(times, index);

		memset(time->state_ns, 0, sizeof(time->state_ns));
		time->changes = 0;
		time->known = false;
	}
	times->other = (struct cong_time){ 0 };
	times->others = 0;
}

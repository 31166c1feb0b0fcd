/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that metrics know of; see metrics_sockets.h. */
#include "metrics_sockets.h"

#include "common/id_map.h"
#include "common/lru.h"
#include "common/pool.h"
#include "metrics_key.h"

static struct metrics_socket *at(const struct metrics *metrics, uint32_t index)
{
	return (struct metrics_socket *)metrics->sockets.entries + index;
}

static void count_time(struct metrics *metrics, struct metrics_socket *socket,
		       uint64_t now_ns)
{
	if (now_ns <= socket->counted_ns)
		return;
	if (metrics_sockets_is_connected(socket->state) &&
	    socket->cong < CONG_STATE_COUNT)
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
	       metrics_sockets_known_state(event->retrans.state) : TCP_STATE_UNKNOWN;
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
	metrics_key_join(metrics, &at(metrics, index)->membership, observation);
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

struct metrics_socket *metrics_sockets_get(struct metrics *metrics,
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

void metrics_sockets_forget(struct metrics *metrics, uint64_t sock)
{
	uint32_t index = id_map_get(&metrics->sockets.map, sock);

	if (index)
		forget(metrics, index);
}

void metrics_sockets_count(struct metrics *metrics)
{
	uint32_t index;

	for (index = metrics->order.newest; index;
	     index = metrics->sockets.links[index].older) {
		struct metrics_socket *socket = at(metrics, index);

		count_time(metrics, socket, metrics->now_ns);
		metrics_groups_find(&metrics->groups, &socket->membership)
			->open[socket->state]++;
	}
}

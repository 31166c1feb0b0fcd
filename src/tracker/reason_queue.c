/* SPDX-License-Identifier: BSD-2-Clause */
/* A ring of rows whose head alone may hold the others up: after every call it
 * is one that waits, or there is none. */
#include "reason_queue.h"

#include <errno.h>
#include <stdlib.h>

enum {
	FIRST_CAPACITY = 64, CAPACITY_MAX = 65536,
	LOOK_BACK = 512         /* rows; errors come within microseconds */
};

static struct reason_row *row_at(const struct reason_queue *queue,
				 uint64_t serial)
{
	return &queue->rows[serial & (queue->capacity - 1)];
}

static void give(const struct reason_queue *queue,
		 const struct observation *observation)
{
	queue->sink.take(queue->sink.context, observation);
}

static void release_head(struct reason_queue *queue)
{
	give(queue, &row_at(queue, queue->head)->observation);
	queue->head++;
}

static void release_settled(struct reason_queue *queue)
{
	while (!reason_queue_is_empty(queue) && !row_at(queue, queue->head)->waiting)
		release_head(queue);
}

static int grow(struct reason_queue *queue)
{
	struct reason_queue bigger = *queue;
	uint64_t serial;

	if (queue->capacity == CAPACITY_MAX)
		return -E2BIG;
	bigger.capacity *= 2;
	bigger.rows = malloc(bigger.capacity * sizeof(*bigger.rows));
	if (!bigger.rows)
		return -ENOMEM;
	for (serial = queue->head; serial != queue->tail; serial++)
		*row_at(&bigger, serial) = *row_at(queue, serial);
	free(queue->rows);
	*queue = bigger;
	return 0;
}

/* Not inlined: rows seldom need it. */
__attribute__((noinline))
static void make_room(struct reason_queue *queue)
{
	if (!grow(queue))
		return;
	queue->hurried++;
	release_head(queue);
	release_settled(queue);
}

static bool has_expired(const struct reason_queue *queue,
			const struct reason_row *row, uint64_t now_ns)
{
	uint64_t since_ns = row->observation.event.time_ns;

	return now_ns >= since_ns && now_ns - since_ns >= queue->wait_ns;
}

int reason_queue_init(struct reason_queue *queue, uint64_t wait_ns,
		      const struct observation_sink *sink)
{
	*queue = (struct reason_queue){
		.sink = *sink,
		.wait_ns = wait_ns,
		.capacity = FIRST_CAPACITY,
	};
	queue->rows = malloc(queue->capacity * sizeof(*queue->rows));
	return queue->rows ? 0 : -ENOMEM;
}

void reason_queue_done(struct reason_queue *queue)
{
	free(queue->rows);
	*queue = (struct reason_queue){ 0 };
}

struct observation *reason_queue_next(struct reason_queue *queue)
{
	if (queue->tail - queue->head == queue->capacity)
		make_room(queue);
	return &row_at(queue, queue->tail)->observation;
}

uint64_t reason_queue_push(struct reason_queue *queue,
			   struct observation *row, bool waits)
{
	waits = waits && queue->wait_ns;
	if (reason_queue_is_empty(queue) && !waits) {
		give(queue, row);
		return 0;
	}
	/* The head waits, be it this one: nothing can be released. */
	row_at(queue, queue->tail++)->waiting = waits;
	return waits ? queue->tail : 0;
}

struct observation *reason_queue_find(struct reason_queue *queue,
				      uint64_t ticket)
{
	if (ticket <= queue->head || !row_at(queue, ticket - 1)->waiting)
		return NULL;
	return &row_at(queue, ticket - 1)->observation;
}

uint64_t reason_queue_older(const struct reason_queue *queue, uint64_t ticket)
{
	uint64_t serial = ticket ? ticket - 1 : queue->tail;
	uint64_t end = queue->head;

	if (queue->tail - queue->head > LOOK_BACK)
		end = queue->tail - LOOK_BACK;
	while (serial > end) {
		serial--;
		if (row_at(queue, serial)->waiting)
			return serial + 1;
	}
	return 0;
}

void reason_queue_settle(struct reason_queue *queue, uint64_t ticket)
{
	/* A ticket is the serial number of the row behind its own. */
	if (ticket <= queue->head)
		return;
	row_at(queue, ticket - 1)->waiting = false;
	release_settled(queue);
}

void reason_queue_advance(struct reason_queue *queue, uint64_t now_ns)
{
	while (!reason_queue_is_empty(queue)) {
		const struct reason_row *row = row_at(queue, queue->head);

		if (row->waiting && !has_expired(queue, row, now_ns))
			return;
		release_head(queue);
	}
}

void reason_queue_flush(struct reason_queue *queue)
{
	while (!reason_queue_is_empty(queue))
		release_head(queue);
}

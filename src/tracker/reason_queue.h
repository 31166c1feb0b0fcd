/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows on their way to the view. The kernel may say why a socket was closed
 * only after it says that it was: a row to CLOSE waits here for that, in event
 * time, and later rows wait behind it, so that the order holds.
 */
#ifndef REASON_QUEUE_H
#define REASON_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracker.h"

struct reason_row {
	struct observation observation;
	bool waiting;
};

struct reason_queue {
	struct observation_sink sink;
	uint64_t wait_ns;
	struct reason_row *rows;        /* ring */
	size_t capacity;                /* a power of two */
	uint64_t head, tail;            /* serial numbers of rows; head == tail:
	                                 * empty */
	uint64_t hurried;               /* rows that left early: queue full */
};

/* 0 or -ENOMEM. */
int reason_queue_init(struct reason_queue *queue, uint64_t wait_ns,
		      const struct observation_sink *sink);
void reason_queue_done(struct reason_queue *queue); /* accepts a zeroed object */

/* Where to write the next row, all of it; its bytes are undefined. Borrowed until
 * reason_queue_push(), which must be the next call on this queue. */
struct observation *reason_queue_next(struct reason_queue *queue);

/*
 * Gives the row of reason_queue_next() to the sink, at once when nothing waits
 * in front of it. waits: it stays until it is settled or wait_ns has passed.
 * Returns its ticket, by which it is found while it waits; 0 when it does not.
 */
uint64_t reason_queue_push(struct reason_queue *queue,
			   struct observation *row, bool waits);

/* The row of that ticket while it waits; else NULL. Borrowed until the next call
 * that is not a reason_queue_find() or reason_queue_older(). */
struct observation *reason_queue_find(struct reason_queue *queue,
				      uint64_t ticket);

/* The ticket of the youngest row that waits and is older than that of this
 * ticket (0 = than all); 0 when there is none. Looks at a bounded number of
 * rows. */
uint64_t reason_queue_older(const struct reason_queue *queue, uint64_t ticket);

/* The row has its reason, or no more can come. Accepts tickets of rows that
 * have left, and 0. */
void reason_queue_settle(struct reason_queue *queue, uint64_t ticket);

static inline bool reason_queue_is_empty(const struct reason_queue *queue)
{
	return queue->head == queue->tail;
}

/* Event time is now_ns: rows that have waited long enough go. */
void reason_queue_advance(struct reason_queue *queue, uint64_t now_ns);

/* All rows go. */
void reason_queue_flush(struct reason_queue *queue);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Events on their way to the sink, in order of time; some stand for several that
 * are the same. */
#ifndef DIAG_QUEUE_H
#define DIAG_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/backend.h"
#include "tcpwatch/event.h"

enum { DIAG_QUEUE_MAX = 1024 };

struct diag_queue {
	size_t next, count;             /* of items */
	uint64_t newest_ns;
	struct {
		struct event event;
		uint32_t repeats;       /* how many are left of it */
	} items[DIAG_QUEUE_MAX];
};

static inline size_t diag_queue_room(const struct diag_queue *queue)
{
	return DIAG_QUEUE_MAX - queue->count;
}

/* There must be room. An event that is older than the newest gets its time. */
void diag_queue_push(struct diag_queue *queue, const struct event *event,
		     uint32_t repeats);

/* Hands over *budget events at most, and takes them off it. */
void diag_queue_deliver(struct diag_queue *queue, size_t *budget,
			const struct event_sink *sink);

#endif

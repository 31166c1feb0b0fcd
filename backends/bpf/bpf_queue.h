/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events that wait until no older one can come. They arrive nearly in the order
 * of time: a writer that is interrupted between its reservation and its stamp
 * comes a little too early.
 */
#ifndef BPF_QUEUE_H
#define BPF_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/event.h"

struct bpf_queue {
	size_t first, count;
	size_t room;            /* a power of 2 */
	struct event *events;   /* NULL: not open */
};

/* room: a power of 2. 0 or -ENOMEM. */
int bpf_queue_init(struct bpf_queue *queue, size_t room);
void bpf_queue_done(struct bpf_queue *queue);   /* accepts a zeroed object */

static inline size_t bpf_queue_room(const struct bpf_queue *queue)
{
	return queue->room - queue->count;
}

/* Behind all that are as old. There must be room. */
void bpf_queue_add(struct bpf_queue *queue, const struct event *event);

/* The oldest, NULL when there is none. Borrowed until the next call. */
const struct event *bpf_queue_peek(const struct bpf_queue *queue);
void bpf_queue_drop(struct bpf_queue *queue);

#endif

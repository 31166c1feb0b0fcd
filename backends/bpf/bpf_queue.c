/* SPDX-License-Identifier: BSD-2-Clause */
/* A circle of events, sorted by insertion from its young end; see bpf_queue.h. */
#include "bpf_queue.h"

#include <errno.h>
#include <stdlib.h>

int bpf_queue_init(struct bpf_queue *queue, size_t room)
{
	*queue = (struct bpf_queue){ .room = room };
	queue->events = malloc(room * sizeof(*queue->events));
	return queue->events ? 0 : -ENOMEM;
}

void bpf_queue_done(struct bpf_queue *queue)
{
	free(queue->events);
	*queue = (struct bpf_queue){ 0 };
}

static struct event *at(const struct bpf_queue *queue, size_t index)
{
	return &queue->events[(queue->first + index) & (queue->room - 1)];
}

void bpf_queue_add(struct bpf_queue *queue, const struct event *event)
{
	size_t index = queue->count++;

	while (index > 0 && at(queue, index - 1)->time_ns > event->time_ns) {
		*at(queue, index) = *at(queue, index - 1);
		index--;
	}
	*at(queue, index) = *event;
}

const struct event *bpf_queue_peek(const struct bpf_queue *queue)
{
	return queue->count ? at(queue, 0) : NULL;
}

void bpf_queue_drop(struct bpf_queue *queue)
{
	queue->first = (queue->first + 1) & (queue->room - 1);
	queue->count--;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Filled and emptied in turns: room comes back when all is handed over. */
#include "diag_queue.h"

void diag_queue_push(struct diag_queue *queue, const struct event *event,
		     uint32_t repeats)
{
	struct event *queued = &queue->items[queue->count].event;

	*queued = *event;
	if (queued->time_ns < queue->newest_ns)
		queued->time_ns = queue->newest_ns;
	queue->newest_ns = queued->time_ns;
	queue->items[queue->count++].repeats = repeats;
}

void diag_queue_deliver(struct diag_queue *queue, size_t *budget,
			const struct event_sink *sink)
{
	while (*budget && queue->next < queue->count) {
		if (queue->items[queue->next].repeats) {
			sink->take(sink->context, &queue->items[queue->next].event);
			queue->items[queue->next].repeats--;
			--*budget;
		} else {
			queue->next++;
		}
	}
	while (queue->next < queue->count && !queue->items[queue->next].repeats)
		queue->next++;
	if (queue->next == queue->count)
		queue->next = queue->count = 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns events into observations: each kind is taken where its name says, the
 * small ones here. */
#include "tracker.h"

#include <errno.h>
#include <stdlib.h>

#include "ended_table.h"
#include "owner.h"
#include "reason_rows.h"
#include "socket_lives.h"
#include "socket_lives_seen.h"
#include "task_table.h"
#include "tracker_change.h"
#include "tracker_end.h"
#include "tracker_failure.h"
#include "tracker_retrans.h"
#include "tracker_row.h"
#include "tracker_sample.h"
#include "tracker_stuck.h"

enum { ENDED_MAX = 4096 };

/* What happens to no socket. */
#define NOT_COUNTED \
	(EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_GONE) | \
	 EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_FRAME))

/* A BUCKET, TICK or FRAME, which is about no socket: through the queue, so that it
 * keeps its place among the rows. */
static void pass_on(struct tracker *tracker, const struct event *event)
{
	if (tracker_row_is_shown(tracker, event->kind))
		tracker_row_push(tracker, tracker_row_begin_alone(tracker, event));
}

/* Not inlined: an event of the kernel's pays for none of it. */
__attribute__((noinline))
static void take_seen(struct tracker *tracker, const struct event *event,
		      bool wanted)
{
	struct socket_entry *entry =
		socket_lives_seen(&tracker->lives, event, wanted);

	if (!entry)
		return;
	owner_learn_seen(&entry->owner, &tracker->tasks, event);
	socket_lives_touch(&tracker->lives, entry, wanted);
	if (entry->wanted && tracker_row_is_shown(tracker, EVENT_SEEN))
		tracker_row_push_as_it_is(tracker, entry, event, SPAN_UNKNOWN);
}

static void take_lost(struct tracker *tracker, const struct event *event)
{
	if (event->has & EVENT_HAS_COUNT)
		tracker->counts.lost += event->lost.count;
	else
		tracker->counts.lost_unknown = true;
	socket_lives_lose(&tracker->lives, event->time_ns);
	tracker_row_push(tracker, tracker_row_begin_alone(tracker, event));
}

/* Without a socket there is nothing to follow: no source of ours does that. */
static void take_socket_event(struct tracker *tracker,
			      const struct event *event, bool wanted)
{
	if (!(event->has & EVENT_HAS_SOCKET))
		return;
	switch (event->kind) {
	case EVENT_STATE:
		if (event->state.old_state != event->state.new_state)
			tracker_change_take_state(tracker, event, wanted);
		break;
	case EVENT_CONG:
		tracker_change_take_cong(tracker, event, wanted);
		break;
	case EVENT_RETRANS:
		tracker_retrans_take(tracker, event, wanted);
		break;
	case EVENT_DESTROY:
		tracker_end_take_destroy(tracker, event);
		break;
	}
}

static void count(struct tracker *tracker, const struct event *event)
{
	if (EVENT_BIT(event->kind) & NOT_COUNTED)
		return;
	tracker->counts.events += event->kind != EVENT_BUCKET;
	tracker->counts.late += event->late;
}

static void update_counts(struct tracker *tracker)
{
	tracker->counts.evicted = tracker->lives.evicted;
	tracker->counts.tasks_evicted = tracker->tasks.evicted;
	tracker->counts.hurried = tracker->rows.queue.hurried;
}

struct tracker *tracker_new(const struct tracker_options *options,
			    struct error *err)
{
	struct tracker *tracker = calloc(1, sizeof(*tracker));

	if (!tracker)
		goto out;
	tracker->shown = options->shown;
	tracker->stuck.limits = options->stuck;
	tracker->rows.errors_told = options->events & EVENT_BIT(EVENT_ERROR);
	if (socket_lives_init(&tracker->lives, options->max_sockets,
			      options->since_ns, options->events) ||
	    task_table_init(&tracker->tasks, options->max_tasks) ||
	    ended_table_init(&tracker->ended, ENDED_MAX) ||
	    reason_queue_init(&tracker->rows.queue, options->reason_wait_ns,
			      &options->sink))
		goto out;
	return tracker;
out:
	error_set(err, ENOMEM, "not enough memory to follow sockets");
	tracker_free(tracker);
	return NULL;
}

void tracker_free(struct tracker *tracker)
{
	if (!tracker)
		return;
	reason_queue_done(&tracker->rows.queue);
	ended_table_done(&tracker->ended);
	task_table_done(&tracker->tasks);
	socket_lives_done(&tracker->lives);
	free(tracker);
}

void tracker_take(struct tracker *tracker, const struct event *event,
		  bool wanted)
{
	if (!reason_queue_is_empty(&tracker->rows.queue)) {
		reason_queue_advance(&tracker->rows.queue, event->time_ns);
		if (tracker->rows.answering_count)
			reason_rows_settle_answer(&tracker->rows, event);
	}
	count(tracker, event);
	switch (event->kind) {
	case EVENT_TASK:
		task_table_take(&tracker->tasks, event);
		break;
	case EVENT_SEEN:
		take_seen(tracker, event, wanted);
		break;
	case EVENT_GONE:
		tracker_end_take_gone(tracker, event);
		break;
	case EVENT_RESET:
		tracker_failure_take_reset(tracker, event, wanted);
		break;
	case EVENT_ERROR:
		tracker_failure_take_error(tracker, event, wanted);
		break;
	case EVENT_SAMPLE:
		tracker_sample_take(tracker, event, wanted);
		break;
	case EVENT_LOST:
		take_lost(tracker, event);
		break;
	case EVENT_TICK:
		tracker_stuck_tell(tracker, event->time_ns);
		pass_on(tracker, event);
		break;
	case EVENT_BUCKET:
	case EVENT_FRAME:
		pass_on(tracker, event);
		break;
	default:
		take_socket_event(tracker, event, wanted);
	}
	update_counts(tracker);
}

void tracker_finish(struct tracker *tracker)
{
	reason_queue_flush(&tracker->rows.queue);
}

void tracker_follow(struct tracker *tracker, int32_t pid)
{
	task_table_follow(&tracker->tasks, pid);
	update_counts(tracker);
}

const struct tracker_counts *tracker_counts(const struct tracker *tracker)
{
	return &tracker->counts;
}

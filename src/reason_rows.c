/* SPDX-License-Identifier: BSD-2-Clause */
/* Joins a change with what is said around it; see reason_rows.h. */
#include "reason_rows.h"

#include "tcpwatch/tcp_state.h"

enum {
	ONE_RUN_NS = 10000000,  /* a reset and its change: one run in the kernel */
	AT_ONCE_NS = 5000000    /* CLOSE and destruction in one system call */
};

static bool had_reset(const struct socket_entry *entry,
		      const struct event *event,
		      enum event_reset_direction direction)
{
	return entry->reset_seen && entry->reset == direction &&
	       event->time_ns >= entry->reset_ns &&
	       event->time_ns - entry->reset_ns <= ONE_RUN_NS;
}

static struct reason_clues clues_of(const struct reason_rows *rows,
				    const struct socket_entry *entry,
				    const struct observation *row)
{
	const struct event *event = &row->event;

	return (struct reason_clues){
		.reset_received = had_reset(entry, event, EVENT_RESET_RECEIVED),
		.reset_sent = had_reset(entry, event, EVENT_RESET_SENT),
		.errors_told = rows->errors_told,
		.cong = entry->cong.state,
		.syns_again = entry->syns_again,
		.stay_ns = row->span.min_ns,
	};
}

static void set_verdict(struct observation *row, struct reason_verdict verdict)
{
	row->why = verdict.why;
	row->trigger = verdict.trigger;
	row->inferred = verdict.inferred;
}

/* True when the reason may still come. Not inlined: most changes are not to
 * CLOSE. */
__attribute__((noinline))
static bool judge_close(struct reason_rows *rows,
			const struct socket_entry *entry,
			struct observation *row)
{
	struct reason_clues clues = clues_of(rows, entry, row);
	struct reason_verdict verdict = reason_of_change(&row->event, &clues);
	int32_t error = 0;

	if (!verdict.final && rows->errors.count)
		error = error_join_take(&rows->errors, &row->event);
	if (error)
		verdict = reason_of_error(&row->event, &clues, error);
	set_verdict(row, verdict);
	return !verdict.final;
}

void reason_rows_push(struct reason_rows *rows, struct socket_entry *entry,
		      struct observation *row)
{
	static const struct reason_clues none;
	bool waits = false;

	if (row->event.state.new_state == TCP_STATE_CLOSE)
		waits = judge_close(rows, entry, row);
	else
		set_verdict(row, reason_of_change(&row->event, &none));
	entry->row = reason_queue_push(&rows->queue, row, waits);
}

void reason_rows_take_reset(struct reason_rows *rows,
			    struct socket_entry *entry,
			    const struct event *event)
{
	struct observation *row = reason_queue_find(&rows->queue, entry->row);

	entry->reset_ns = event->time_ns;
	entry->reset = event->reset.direction;
	entry->reset_seen = true;
	if (!row || event->reset.direction != EVENT_RESET_SENT)
		return;
	set_verdict(row, reason_of_reset_sent(event));
	reason_rows_release(rows, entry);
}

uint64_t reason_rows_socket_of_error(struct reason_rows *rows,
				     const struct event *event)
{
	uint64_t ticket = error_join_find(&rows->queue, event);

	if (!ticket)
		return 0;
	return reason_queue_find(&rows->queue, ticket)->event.socket_id;
}

void reason_rows_take_error(struct reason_rows *rows,
			    struct socket_entry *entry,
			    const struct event *event)
{
	struct observation *row = NULL;
	struct reason_clues clues;

	if (entry)
		row = reason_queue_find(&rows->queue, entry->row);
	if (!row) {
		error_join_keep(&rows->errors, event);
		return;
	}
	clues = clues_of(rows, entry, row);
	set_verdict(row, reason_of_error(&row->event, &clues,
					 event->error.number));
	reason_rows_release(rows, entry);
}

/* What goes on of an orphan's FIN_WAIT2 is not seen: it lasts at least so long. */
static void settle_orphan(struct observation *row)
{
	struct reason_verdict verdict;

	if (row->why != REASON_TO_TIME_WAIT ||
	    row->old_state != TCP_STATE_FIN_WAIT2)
		return;
	verdict = reason_of_orphan(&row->event, row->span.max_ns);
	set_verdict(row, verdict);
	if (verdict.why == REASON_ORPHANED)
		row->span.max_ns = SPAN_NO_LIMIT;
}

static bool in_interrupt(const struct event *event)
{
	return event->context & EVENT_CONTEXT_INTERRUPT;
}

/* Both in one run: the change itself found that nobody holds the socket. An
 * application that closes right after it does so in a system call. */
static bool came_at_once(const struct event *destroy, const struct event *change)
{
	uint64_t limit_ns = in_interrupt(change) ? ONE_RUN_NS : AT_ONCE_NS;

	return destroy->cpu == change->cpu &&
	       in_interrupt(destroy) == in_interrupt(change) &&
	       destroy->time_ns - change->time_ns <= limit_ns;
}

void reason_rows_take_destroy(struct reason_rows *rows,
			      struct socket_entry *entry,
			      const struct event *event)
{
	struct observation *row = reason_queue_find(&rows->queue, entry->row);

	if (row && came_at_once(event, &row->event)) {
		settle_orphan(row);
		if (reason_may_be_answer(&row->event)) {
			reason_queue_settle(&rows->queue, rows->answering);
			rows->answering = entry->row;
			return;
		}
	}
	reason_rows_release(rows, entry);
}

static void set_answer(struct observation *row, const struct event *reset)
{
	if (row->why == REASON_ORPHANED)
		row->span.max_ns = row->span.min_ns;
	set_verdict(row, reason_of_reset_sent(reset));
}

void reason_rows_settle_answer(struct reason_rows *rows,
			       const struct event *event)
{
	struct observation *row = reason_queue_find(&rows->queue, rows->answering);

	if (row && event->cpu != row->event.cpu &&
	    event->time_ns - row->event.time_ns <= ONE_RUN_NS)
		return;
	if (row && event->kind == EVENT_RESET &&
	    event->socket_id == row->event.socket_id)
		set_answer(row, event);
	reason_queue_settle(&rows->queue, rows->answering);
	rows->answering = 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Joins a change with what is said around it; see reason_rows.h. */
#include "reason_rows.h"

#include "tcpwatch/tcp_state.h"

/* A reset that was received ends its socket, whatever its state (tcp_reset()). One
 * that was sent may have answered a segment that did not fit, and the socket went
 * on. */
static bool had_reset(const struct socket_entry *entry,
		      const struct observation *row,
		      enum event_reset_direction direction)
{
	if (!entry->reset_seen || entry->reset != direction)
		return false;
	if (direction == EVENT_RESET_RECEIVED)
		return true;
	/* No state is visited twice: it has been in this one since. */
	return (entry->reset_state == TCP_STATE_UNKNOWN ||
		entry->reset_state == row->old_state) &&
	       reason_run_is_same(entry->reset_run, reason_run_of(&row->event));
}

static struct reason_clues clues_of(const struct reason_rows *rows,
				    const struct socket_entry *entry,
				    const struct observation *row)
{
	return (struct reason_clues){
		.reset_received = had_reset(entry, row, EVENT_RESET_RECEIVED),
		.reset_sent = had_reset(entry, row, EVENT_RESET_SENT),
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
		error = error_join_take(&rows->errors, &row->event,
					clues.stay_ns);
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

	entry->reset_run = reason_run_of(event);
	entry->reset_state = event->has & EVENT_HAS_TCP_STATE ?
			     event->reset.state : entry->tcp.state;
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

static uint64_t *answering_on(struct reason_rows *rows, uint16_t cpu)
{
	return &rows->answering[cpu % REASON_ROWS_CPUS];
}

static void begin_answer(struct reason_rows *rows, const struct event *destroy,
			 uint64_t ticket)
{
	uint64_t *answering = answering_on(rows, destroy->cpu);

	if (*answering)
		reason_queue_settle(&rows->queue, *answering);
	else
		rows->answering_count++;
	*answering = ticket;
}

/* Both in one run: the change itself found that nobody holds the socket. An
 * application that closes right after it does so in a system call. */
void reason_rows_take_destroy(struct reason_rows *rows,
			      struct socket_entry *entry,
			      const struct event *event)
{
	struct observation *row = reason_queue_find(&rows->queue, entry->row);

	if (row && reason_run_is_same(reason_run_of(event),
				      reason_run_of(&row->event))) {
		settle_orphan(row);
		if (reason_may_be_answer(&row->event)) {
			begin_answer(rows, event, entry->row);
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

/* What a process has found at its own pace, or counted, is of no CPU. */
static bool is_of_cpu(const struct event *event)
{
	const unsigned int of_none = EVENT_BIT(EVENT_SEEN) |
		EVENT_BIT(EVENT_GONE) | EVENT_BIT(EVENT_BUCKET) |
		EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_FRAME);

	return !(event->has & EVENT_HAS_BOUNDS) &&
	       !(of_none & EVENT_BIT(event->kind)) &&
	       (event->kind != EVENT_TASK ||
		event->task.change != EVENT_TASK_LISTED);
}

void reason_rows_settle_answer(struct reason_rows *rows,
			       const struct event *event)
{
	uint64_t *answering = answering_on(rows, event->cpu);
	struct observation *row = reason_queue_find(&rows->queue, *answering);

	if (!*answering || !is_of_cpu(event) ||
	    (row && event->cpu != row->event.cpu))
		return;
	if (row && event->kind == EVENT_RESET &&
	    event->socket_id == row->event.socket_id)
		set_answer(row, event);
	reason_queue_settle(&rows->queue, *answering);
	*answering = 0;
	rows->answering_count--;
}

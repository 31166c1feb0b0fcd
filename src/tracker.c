/* SPDX-License-Identifier: BSD-2-Clause */
/* Turns events into observations: finds the life that an event belongs to,
 * takes over what the event says, and tells what follows from it. */
#include "tracker.h"

#include <errno.h>
#include <stdlib.h>

#include "ended_table.h"
#include "owner.h"
#include "reason_rows.h"
#include "socket_lives.h"
#include "stuck.h"
#include "task_table.h"
#include "tcpwatch/tcp_state.h"

enum { ENDED_MAX = 4096 };

struct tracker {
	struct tracker_counts counts;
	struct socket_lives lives;
	struct task_table tasks;
	struct ended_table ended;       /* where GONE is shown */
	struct reason_rows rows;
	struct stuck stuck;
	unsigned int shown;     /* EVENT_BIT set, as in struct tracker_options */
};

/* Events that the backend marked were counted on arrival. */
static void count_late(struct tracker *tracker, const struct event *event,
		       const struct stay *stay)
{
	if (!event->late && stay_is_older(stay, event))
		tracker->counts.late++;
}

/* Notes that the socket was seen; true when its rows are to be shown. */
static bool see(struct tracker *tracker, struct socket_entry *entry,
		bool wanted)
{
	/* A row to CLOSE waits no longer than its address is unused. */
	reason_rows_release(&tracker->rows, entry);
	socket_lives_touch(&tracker->lives, entry, wanted);
	return entry->wanted;
}

/* Begins the row that an event of the socket makes, in the place where the
 * queue has it: it is large. The states are the caller's, and the push. */
static inline struct observation *row_of(struct tracker *tracker,
					 struct socket_entry *entry,
					 const struct event *event,
					 struct span span)
{
	struct observation *row = reason_queue_next(&tracker->rows.queue);

	if (!owner_is_complete(&entry->owner))
		owner_complete(&entry->owner, &tracker->tasks);
	row->event = *event;
	row->sock = entry->sock;
	row->owner = entry->owner;
	row->span = span;
	row->why = REASON_UNKNOWN;
	row->trigger = REASON_TRIGGER_UNKNOWN;
	row->class = REASON_CLASS_UNKNOWN;
	row->inferred = false;
	row->srtt_us = entry->srtt_us;
	row->cwnd = entry->cwnd;
	return row;
}

/* The same for an event that is of no socket that is followed. */
static struct observation *row_of_none(struct tracker *tracker,
				       const struct event *event)
{
	struct observation *row = reason_queue_next(&tracker->rows.queue);

	*row = (struct observation){
		.event = *event,
		.span = SPAN_UNKNOWN,
		.cong = CONG_STATE_UNKNOWN,
	};
	return row;
}

static bool is_shown(const struct tracker *tracker, enum event_kind kind)
{
	return tracker->shown & EVENT_BIT(kind);
}

/* A socket whose process has closed it leaves FIN_WAIT2 at once, be it with the
 * peer's FIN or without. Not inlined: few views ask for it. */
__attribute__((noinline))
static void note_fin(struct socket_entry *entry, const struct event *event)
{
	switch (event->state.new_state) {
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSING:
		entry->fin = ENDED_FIN_YES;
		break;
	case TCP_STATE_CLOSE:
		if (event->state.old_state == TCP_STATE_LAST_ACK ||
		    event->state.old_state == TCP_STATE_CLOSING)
			entry->fin = ENDED_FIN_YES;
		if (event->state.old_state == TCP_STATE_FIN_WAIT2)
			entry->fin = ENDED_FIN_PERHAPS;
		break;
	}
}

static void take_state(struct tracker *tracker, const struct event *event,
		       bool wanted)
{
	struct socket_entry *entry =
		socket_lives_of_state(&tracker->lives, event);
	struct observation *row;
	struct span span;

	count_late(tracker, event, &entry->tcp);
	span = stay_change_tcp(&entry->tcp, event, &tracker->lives.losses);
	socket_lives_place(&tracker->lives, entry, event);
	owner_learn(&entry->owner, &tracker->tasks, event);
	if (is_shown(tracker, EVENT_GONE))
		note_fin(entry, event);
	if (!see(tracker, entry, wanted))
		return;
	row = row_of(tracker, entry, event, span);
	row->old_state = event->state.old_state;
	row->cong = entry->cong.state;
	reason_rows_push(&tracker->rows, entry, row);
}

/* tcp_enter_cwr() was called and did nothing. */
static bool is_void_entry(const struct socket_entry *entry,
			  const struct event *event)
{
	return event->cong.entry_only &&
	       event->cong.new_state == CONG_STATE_CWR &&
	       entry->cong.state != CONG_STATE_UNKNOWN &&
	       entry->cong.state >= CONG_STATE_CWR;
}

static void take_cong(struct tracker *tracker, const struct event *event,
		      bool wanted)
{
	struct socket_entry *entry =
		socket_lives_find(&tracker->lives, event->socket_id);
	struct observation *row;
	struct event placed;    /* a probe's, where its socket is known */
	struct span span;
	uint8_t before;

	/* tcp_disconnect() sets OPEN on the socket that it has closed. */
	if (entry && (entry->tcp.state == TCP_STATE_CLOSE ||
		      entry->tcp.state == TCP_STATE_LISTEN))
		return;
	entry = socket_lives_of(&tracker->lives, entry, event);
	if (is_void_entry(entry, event))
		return;
	if (entry->family && !(event->has & EVENT_HAS_ENDPOINTS)) {
		placed = *event;
		placed.has |= EVENT_HAS_ENDPOINTS;
		placed.family = entry->family;
		placed.local = entry->local;
		placed.remote = entry->remote;
		event = &placed;
	}
	before = entry->cong.state;
	entry->timed_out |= event->cong.new_state == CONG_STATE_LOSS;
	count_late(tracker, event, &entry->cong);
	span = stay_change_cong(&entry->cong, event, &tracker->lives.losses);
	if (!see(tracker, entry, wanted))
		return;
	row = row_of(tracker, entry, event, span);
	row->old_state = 0;
	row->cong = before;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static uint8_t said_state(const struct event *event)
{
	return event->has & EVENT_HAS_TCP_STATE ? event->retrans.state
						: TCP_STATE_UNKNOWN;
}

/* The class is settled before it is known whether the row is shown. */
static void classify(struct socket_entry *entry, struct observation *row)
{
	const struct reason_sending sending = {
		.state = row->old_state,
		.cong = row->cong,
		.timed_out = entry->timed_out,
	};

	row->class = (uint8_t)reason_of_retransmission(&row->event, &sending,
						       &row->inferred);
	if (row->class != REASON_CLASS_FAILED)
		entry->timed_out = false;
	if (row->class == REASON_CLASS_SYN && entry->syns_again < UINT8_MAX)
		entry->syns_again++;
}

static void take_retrans(struct tracker *tracker, const struct event *event,
			 bool wanted)
{
	struct socket_entry *entry =
		socket_lives_find(&tracker->lives, event->socket_id);
	struct observation *row;

	entry = socket_lives_of(&tracker->lives, entry, event);
	if (entry->tcp.state == TCP_STATE_UNKNOWN)
		stay_adopt(&entry->tcp, said_state(event),
			   &tracker->lives.losses);
	if (!see(tracker, entry, wanted))
		return;
	row = row_of(tracker, entry, event, SPAN_UNKNOWN);
	row->old_state = said_state(event);
	row->cong = entry->cong.state;
	classify(entry, row);
	reason_queue_push(&tracker->rows.queue, row, false);
}

/* Of the listener that the event is about, or that it must be by its address:
 * one that is older than the watch has no event of its own until it closes. */
static struct owner listening_owner(struct tracker *tracker,
				    const struct event *event)
{
	struct socket_lives *lives = &tracker->lives;
	struct socket_entry *listener =
		socket_lives_find(lives, event->socket_id);
	struct owner owner = { 0 };

	if (listener && listener->listening)
		owner = listener->owner;
	else if (!listener && event->has & EVENT_HAS_ENDPOINTS)
		owner = listener_table_owner(&lives->listeners, &lives->sockets,
					     &event->local);
	owner.source = owner.pid ? OWNER_LISTENER : OWNER_UNKNOWN;
	owner_complete(&owner, &tracker->tasks);
	return owner;
}

/* A request is no socket yet: all it has is its listener's owner. */
static void take_synack(struct tracker *tracker, const struct event *event,
			bool wanted)
{
	struct observation *row;

	if (!wanted)
		return;
	row = row_of_none(tracker, event);
	row->old_state = said_state(event);
	row->owner = listening_owner(tracker, event);
	row->class = REASON_CLASS_SYNACK;
	reason_queue_push(&tracker->rows.queue, row, false);
}

/* A time-wait socket or a request has an address of its own, and no life. */
static bool is_of_full_socket(const struct event *event)
{
	return !(event->has & EVENT_HAS_TCP_STATE) ||
	       (event->reset.state != TCP_STATE_TIME_WAIT &&
		event->reset.state != TCP_STATE_NEW_SYN_RECV);
}

static bool is_of_closed(const struct event *event)
{
	return event->has & EVENT_HAS_TCP_STATE &&
	       event->reset.state == TCP_STATE_CLOSE;
}

static struct socket_entry *life_of_reset(struct tracker *tracker,
					  const struct event *event)
{
	struct socket_entry *entry;

	if (!(event->has & EVENT_HAS_SOCKET) || !is_of_full_socket(event))
		return NULL;
	entry = socket_lives_find(&tracker->lives, event->socket_id);
	/* One behind the end of a life begins no other. */
	if (entry ? entry->tcp.state == TCP_STATE_CLOSE : is_of_closed(event))
		return entry;
	return socket_lives_of(&tracker->lives, entry, event);
}

static void take_reset(struct tracker *tracker, const struct event *event,
		       bool wanted)
{
	struct socket_entry *entry = life_of_reset(tracker, event);
	struct observation *row;

	if (entry) {
		reason_rows_take_reset(&tracker->rows, entry, event);
		wanted = see(tracker, entry, wanted);
	}
	if (!wanted || !is_shown(tracker, EVENT_RESET))
		return;
	row = entry ? row_of(tracker, entry, event, SPAN_UNKNOWN) :
		      row_of_none(tracker, event);
	row->old_state = event->has & EVENT_HAS_TCP_STATE ? event->reset.state :
							    TCP_STATE_UNKNOWN;
	row->cong = CONG_STATE_UNKNOWN;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static void take_error(struct tracker *tracker, const struct event *event,
		       bool wanted)
{
	struct socket_entry *entry;
	struct observation *row;

	if (!event->error.number)       /* the error queue has something to read */
		return;
	entry = socket_lives_find(&tracker->lives,
				  reason_rows_socket_of_error(&tracker->rows, event));
	reason_rows_take_error(&tracker->rows, entry, event);
	if (entry ? !entry->wanted : !wanted)
		return;
	if (!is_shown(tracker, EVENT_ERROR))
		return;
	row = entry ? row_of(tracker, entry, event, SPAN_UNKNOWN) :
		      row_of_none(tracker, event);
	row->old_state = TCP_STATE_UNKNOWN;
	row->cong = CONG_STATE_UNKNOWN;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static void count_sampled(struct tracker *tracker, const struct event *event)
{
	if (event->sample.every > tracker->counts.sampled)
		tracker->counts.sampled = event->sample.every;
}

static void take_sample(struct tracker *tracker, const struct event *event,
			bool wanted)
{
	struct socket_entry *entry =
		socket_lives_of_sample(&tracker->lives, event);
	struct observation *row;

	if (!entry)
		return;
	if (entry->tcp.state == TCP_STATE_UNKNOWN)
		stay_adopt(&entry->tcp, TCP_STATE_ESTABLISHED,
			   &tracker->lives.losses);
	if (event->sample.srtt_us)
		entry->srtt_us = event->sample.srtt_us;
	entry->cwnd = event->sample.cwnd;
	if (!see(tracker, entry, wanted) || !is_shown(tracker, EVENT_SAMPLE))
		return;
	row = row_of(tracker, entry, event, SPAN_UNKNOWN);
	row->old_state = TCP_STATE_ESTABLISHED;
	row->cong = entry->cong.state;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static void take_bucket(struct tracker *tracker, const struct event *event)
{
	if (is_shown(tracker, EVENT_BUCKET))
		reason_queue_push(&tracker->rows.queue,
				  row_of_none(tracker, event), false);
}

/* The row of a listed socket, or of one that goes away. */
static void push_state_row(struct tracker *tracker, struct socket_entry *entry,
			   const struct event *event)
{
	struct observation *row = row_of(tracker, entry, event, SPAN_UNKNOWN);

	row->old_state = entry->tcp.state;
	row->cong = entry->cong.state;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static void take_seen(struct tracker *tracker, const struct event *event,
		      bool wanted)
{
	struct socket_entry *entry =
		socket_lives_seen(&tracker->lives, event, wanted);

	if (!entry)
		return;
	owner_learn_seen(&entry->owner, &tracker->tasks, event);
	socket_lives_touch(&tracker->lives, entry, wanted);
	if (entry->wanted && is_shown(tracker, EVENT_SEEN))
		push_state_row(tracker, entry, event);
}

/* What is known of it beside its row; it goes away. */
static void show_end(struct tracker *tracker, struct socket_entry *entry,
		     const struct event *event)
{
	if (!entry->wanted)
		return;
	if (is_shown(tracker, EVENT_GONE) && event->has & EVENT_HAS_COOKIE)
		ended_table_add(&tracker->ended, &(struct ended_life){
			.cookie = event->destroy.cookie,
			.sock = entry->sock,
			.owner = entry->owner,
			.fin = entry->fin,
		});
	if (is_shown(tracker, EVENT_DESTROY))
		push_state_row(tracker, entry, event);
}

/* The entry that goes away: of several seeds with the same ends, or where the
 * last events were lost, the cookie is the first to tell which one it is. */
static struct socket_entry *find_destroyed(struct tracker *tracker,
					   const struct event *event)
{
	struct socket_entry *entry =
		socket_lives_find(&tracker->lives, event->socket_id);
	struct socket_entry *seed = NULL;

	if (event->has & EVENT_HAS_COOKIE)
		seed = socket_lives_find_seed(&tracker->lives,
					      event->destroy.cookie);
	if (!entry || !seed)
		return entry ? entry : seed;
	/* One and the same: the entry has the rows. */
	socket_lives_end(&tracker->lives, seed);
	return entry;
}

static void take_destroy(struct tracker *tracker, const struct event *event)
{
	struct socket_entry *entry = find_destroyed(tracker, event);

	if (event->has & EVENT_HAS_COOKIE)
		socket_lives_end_cookie(&tracker->lives, event->destroy.cookie);
	if (!entry)
		return;
	count_late(tracker, event, &entry->tcp);
	/* An older one ended the life before, not the one on its address now. */
	if (stay_is_older(&entry->tcp, event))
		return;
	reason_rows_take_destroy(&tracker->rows, entry, event);
	if (tracker->shown)
		show_end(tracker, entry, event);
	socket_lives_end(&tracker->lives, entry);
}

static bool has_fin(const struct ended_life *life, const struct event *event)
{
	return life->fin == ENDED_FIN_YES ||
	       (life->fin == ENDED_FIN_PERHAPS && event->gone.unread == 1);
}

/* Of a life that is not known there is nothing to add figures to. */
static void take_gone(struct tracker *tracker, const struct event *event)
{
	struct ended_life life;
	struct observation *row;

	if (!is_shown(tracker, EVENT_GONE) || !(event->has & EVENT_HAS_COOKIE) ||
	    !ended_table_take(&tracker->ended, event->cookie, &life))
		return;
	row = row_of_none(tracker, event);
	row->sock = life.sock;
	row->owner = life.owner;
	if (has_fin(&life, event) && event->gone.bytes_received)
		row->event.gone.bytes_received--;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static void take_lost(struct tracker *tracker, const struct event *event)
{
	struct observation *row;

	if (event->has & EVENT_HAS_COUNT)
		tracker->counts.lost += event->lost.count;
	else
		tracker->counts.lost_unknown = true;
	socket_lives_lose(&tracker->lives, event->time_ns);
	row = row_of_none(tracker, event);
	reason_queue_push(&tracker->rows.queue, row, false);
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
			take_state(tracker, event, wanted);
		break;
	case EVENT_CONG:
		take_cong(tracker, event, wanted);
		break;
	case EVENT_RETRANS:
		if (event->retrans.synack)
			take_synack(tracker, event, wanted);
		else
			take_retrans(tracker, event, wanted);
		break;
	case EVENT_DESTROY:
		take_destroy(tracker, event);
		break;
	}
}

static void tell_stuck(struct tracker *tracker, struct socket_entry *entry,
		       uint64_t now_ns)
{
	const struct event event = {
		.kind = EVENT_STUCK,
		.time_ns = now_ns,
		.socket_id = entry->socket_id,
		.has = EVENT_HAS_SOCKET |
		       (entry->family ? EVENT_HAS_ENDPOINTS : 0),
		.family = entry->family,
		.local = entry->local,
		.remote = entry->remote,
	};
	struct observation *row = row_of(tracker, entry, &event,
					 stay_span(&entry->tcp, now_ns));

	row->old_state = entry->tcp.state;
	row->cong = entry->cong.state;
	reason_queue_push(&tracker->rows.queue, row, false);
}

static void look_for_stuck(struct tracker *tracker, uint64_t now_ns)
{
	struct socket_entry *entry = NULL;

	while ((entry = socket_table_next(&tracker->lives.sockets, entry)))
		if (stuck_take(&tracker->stuck, entry, now_ns))
			tell_stuck(tracker, entry, now_ns);
}

static void take_tick(struct tracker *tracker, const struct event *event)
{
	if (stuck_is_due(&tracker->stuck, event->time_ns))
		look_for_stuck(tracker, event->time_ns);
	if (is_shown(tracker, EVENT_TICK))
		reason_queue_push(&tracker->rows.queue, row_of_none(tracker, event),
				  false);
}

/* Through the queue, so that it comes before the rows that need it. */
static void take_frame(struct tracker *tracker, const struct event *event)
{
	if (is_shown(tracker, EVENT_FRAME))
		reason_queue_push(&tracker->rows.queue, row_of_none(tracker, event),
				  false);
}

static void update_counts(struct tracker *tracker)
{
	tracker->counts.evicted = tracker->lives.evicted;
	tracker->counts.tasks_evicted = tracker->tasks.evicted;
	tracker->counts.hurried = tracker->rows.queue.hurried;
}

static void take_counted_event(struct tracker *tracker,
			       const struct event *event, bool wanted)
{
	tracker->counts.events += event->kind != EVENT_BUCKET;
	tracker->counts.late += event->late;
	if (event->kind == EVENT_LOST) {
		take_lost(tracker, event);
	} else if (event->kind == EVENT_RESET) {
		take_reset(tracker, event, wanted);
	} else if (event->kind == EVENT_ERROR) {
		take_error(tracker, event, wanted);
	} else if (event->kind == EVENT_SAMPLE) {
		count_sampled(tracker, event);
		take_sample(tracker, event, wanted);
	} else if (event->kind == EVENT_BUCKET) {
		take_bucket(tracker, event);
	} else {
		take_socket_event(tracker, event, wanted);
	}
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
		if (tracker->rows.answering)
			reason_rows_settle_answer(&tracker->rows, event);
	}
	switch (event->kind) {
	case EVENT_TASK:
		task_table_take(&tracker->tasks, event);
		break;
	case EVENT_SEEN:
		take_seen(tracker, event, wanted);
		break;
	case EVENT_GONE:
		take_gone(tracker, event);
		break;
	case EVENT_TICK:
		take_tick(tracker, event);
		break;
	case EVENT_FRAME:
		take_frame(tracker, event);
		break;
	default:
		take_counted_event(tracker, event, wanted);
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cells of a row, each from one observation. All cells of an event are filled,
 * whatever is shown: to put a pointer or a number into a cell costs less than to
 * ask whether it is wanted. Only the cells that are shown become text.
 *
 * Cells are set in place and are CELL_NONE before: to build them elsewhere and
 * to copy them costs as much as all the rest of a row.
 */
#include "view_row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell_set.h"
#include "common/errno_name.h"
#include "view_row_lost.h"
#include "view_row_sample.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

/* A late event may be older than the first row. */
static void set_since(struct cell *cell, const struct view_row *view_row,
		      const struct event *event)
{
	cell_set_id(cell, CELL_SINCE, event->time_ns > view_row->first_ns ?
		    event->time_ns - view_row->first_ns : 0);
}

static void set_skaddr(struct cell *cell, const struct view_row *view_row,
		       const struct event *event)
{
	if (view_row->kernel_addresses && event->has & EVENT_HAS_SOCKET &&
	    !(event->has & EVENT_HAS_BOUNDS))
		cell_set_id(cell, CELL_HEX, event->socket_id);
}

static void set_comm(struct cell *cell, const struct owner *owner)
{
	if (!owner->comm[0])
		return;
	cell->type = CELL_COMM;
	cell->comm = owner->comm;
}

#define WORD(literal) { literal, sizeof(literal) - 1 }

static const struct word arrow = WORD("->");

static const struct word owner_words[] = {
	[OWNER_UNKNOWN] = WORD(""),
	[OWNER_LISTENER] = WORD("listener"),
	[OWNER_SEED] = WORD("seed"),
	[OWNER_EVENT] = WORD("event"),
};

static const struct word *context_word(const struct event *event)
{
	static const struct word none = WORD(""), task = WORD("task"),
				 softirq = WORD("softirq"),
				 hardirq = WORD("hardirq");

	if (!(event->has & EVENT_HAS_CONTEXT))
		return &none;
	if (event->context & (EVENT_CONTEXT_HARDIRQ | EVENT_CONTEXT_NMI))
		return &hardirq;
	return event->context & EVENT_CONTEXT_SOFTIRQ ? &softirq : &task;
}

static void set_endpoint(struct cell *cell, enum cell_type type,
			 const struct event *event,
			 const struct endpoint *endpoint)
{
	if (!(event->has & EVENT_HAS_ENDPOINTS))
		return;
	cell->type = (uint8_t)type;
	cell->family = event->family;
	cell->endpoint = endpoint;
}

static void fill_endpoints(struct cell *cells, const struct event *event)
{
	if (!(event->has & EVENT_HAS_ENDPOINTS))
		return;
	cell_set_integer(&cells[COLUMN_FAMILY], event->family);
	set_endpoint(&cells[COLUMN_LADDR], CELL_ADDRESS, event, &event->local);
	cell_set_integer(&cells[COLUMN_LPORT], event->local.port);
	set_endpoint(&cells[COLUMN_RADDR], CELL_ADDRESS, event, &event->remote);
	cell_set_integer(&cells[COLUMN_RPORT], event->remote.port);
	set_endpoint(&cells[COLUMN_REMOTE], CELL_ENDPOINT, event,
		     &event->remote);
}

/* Four a turn: a row has forty, and clearing is the dearest part of it. */
static void clear(struct cell *cells, size_t count)
{
	for (; count >= 4; count -= 4, cells += 4) {
		cells[0].type = CELL_NONE;
		cells[1].type = CELL_NONE;
		cells[2].type = CELL_NONE;
		cells[3].type = CELL_NONE;
	}
	while (count--)
		(cells++)->type = CELL_NONE;
}

/* Few sources tell: of the others' rows these cells need no clearing. */
__attribute__((noinline))
static void fill_place(struct cell *cells, struct view_row *view_row,
		       const struct event *event)
{
	view_row->placed = event->has & EVENT_HAS_PLACE;
	clear(&cells[COLUMN_NETNS], COLUMN_SSTHRESH - COLUMN_NETNS);
	if (!view_row->placed)
		return;
	if (event->place.netns)
		cell_set_integer(&cells[COLUMN_NETNS], event->place.netns);
	if (event->place.cgroup)
		cell_set_integer(&cells[COLUMN_CGROUP], (int64_t)event->place.cgroup);
	cell_set_integer(&cells[COLUMN_PACKETS_OUT], event->place.packets_out);
	cell_set_integer(&cells[COLUMN_TOTAL_RETRANS], event->place.total_retrans);
	if (event->place.srtt_us)
		cell_set_integer(&cells[COLUMN_SRTT], event->place.srtt_us);
	if (event->place.cwnd)
		cell_set_integer(&cells[COLUMN_CWND], event->place.cwnd);
	if (event->kind == EVENT_RETRANS && !event->retrans.synack)
		cell_set_integer(&cells[COLUMN_SEQUENCE], event->retrans.sequence);
}

/* When, which socket, whose, from where to where. */
static void fill_socket(struct cell *cells, const struct view_row *view_row,
			const struct observation *observation)
{
	const struct event *event = &observation->event;
	const struct owner *owner = &observation->owner;

	cell_set_wall(&cells[COLUMN_TIME], &view_row->wall, event->time_ns);
	set_since(&cells[COLUMN_SINCE], view_row, event);
	cell_set_integer(&cells[COLUMN_MONO_NS], (int64_t)event->time_ns);
	if (observation->sock)
		cell_set_id(&cells[COLUMN_SOCK], CELL_SOCK, observation->sock);
	set_skaddr(&cells[COLUMN_SKADDR], view_row, event);
	if (owner->pid)
		cell_set_integer(&cells[COLUMN_PID], owner->pid);
	set_comm(&cells[COLUMN_COMM], owner);
	cell_set_word(&cells[COLUMN_OWNER], &owner_words[owner->source]);
	cell_set_word(&cells[COLUMN_CONTEXT], context_word(event));
	fill_endpoints(cells, event);
	cell_set_word(&cells[COLUMN_ARROW], &arrow);
	if (!(event->has & EVENT_HAS_BOUNDS))
		cell_set_integer(&cells[COLUMN_CPU], event->cpu);
	if (observation->srtt_us)
		cell_set_integer(&cells[COLUMN_SRTT], observation->srtt_us);
	if (observation->cwnd)
		cell_set_integer(&cells[COLUMN_CWND], observation->cwnd);
}

static void fill_state(struct cell *cells, const struct view_row *view_row,
		       const struct observation *observation)
{
	uint8_t new_state = observation->event.state.new_state;

	cell_set_word(&cells[COLUMN_OLD],
		      &view_row->tcp_words[observation->old_state]);
	cell_set_word(&cells[COLUMN_NEW], &view_row->tcp_words[new_state]);
	cell_set_duration(&cells[COLUMN_DURATION], observation->span);
	cell_set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
	cell_set_word(&cells[COLUMN_TRIGGER],
		      &view_row->trigger_words[observation->trigger]);
	/* Who only looked now and then concludes that there was a change. */
	if (observation->why == REASON_UNKNOWN && !observation->inferred)
		return;
	cell_set_word(&cells[COLUMN_WHY], &view_row->why_words[observation->why]);
	cell_set_bool(&cells[COLUMN_INFERRED], observation->inferred);
}

static void fill_cong(struct cell *cells, const struct view_row *view_row,
		      const struct observation *observation)
{
	const struct event *event = &observation->event;

	cell_set_word(&cells[COLUMN_OLD], &view_row->cong_words[observation->cong]);
	cell_set_word(&cells[COLUMN_NEW],
		      &view_row->cong_words[event->cong.new_state]);
	cell_set_duration(&cells[COLUMN_DURATION], observation->span);
	cell_set_bool(&cells[COLUMN_INFERRED], event->cong.probed ||
					       event->has & EVENT_HAS_BOUNDS);
}

static void fill_retrans(struct cell *cells, const struct view_row *view_row,
			 const struct observation *observation)
{
	const struct event *event = &observation->event;
	uint8_t state = event->has & EVENT_HAS_TCP_STATE ?
			event->retrans.state : TCP_STATE_UNKNOWN;

	cell_set_word(&cells[COLUMN_OLD], &view_row->tcp_words[state]);
	cell_set_word(&cells[COLUMN_STATE], &view_row->tcp_words[state]);
	cell_set_word(&cells[COLUMN_NEW], &view_row->cong_words[observation->cong]);
	cell_set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
	cell_set_word(&cells[COLUMN_CLASS],
		      &view_row->class_words[observation->class]);
	cell_set_word(&cells[COLUMN_WHY], &view_row->class_words[observation->class]);
	cell_set_bool(&cells[COLUMN_INFERRED], observation->inferred);
	if (event->has & EVENT_HAS_ERRNO)
		cell_set_integer(&cells[COLUMN_ERR], event->retrans.err);
}

static void fill_reset(struct cell *cells, const struct view_row *view_row,
		       const struct observation *observation)
{
	static const struct word words[] = {
		[EVENT_RESET_SENT] = WORD("sent"),
		[EVENT_RESET_RECEIVED] = WORD("received"),
	};
	const struct event *event = &observation->event;
	const struct word *direction = &words[event->reset.direction];

	cell_set_word(&cells[COLUMN_OLD],
		      &view_row->tcp_words[observation->old_state]);
	cell_set_word(&cells[COLUMN_STATE],
		      &view_row->tcp_words[observation->old_state]);
	cell_set_word(&cells[COLUMN_NEW], direction);
	cell_set_word(&cells[COLUMN_DIRECTION], direction);
	if (!(event->has & EVENT_HAS_REASON))
		return;
	cell_set_text(&cells[COLUMN_WHY], reset_reason_name(event->reset.reason));
	cell_set_text(&cells[COLUMN_RESET_REASON],
		      reset_reason_name(event->reset.reason));
}

static void fill_error(struct cell *cells, const struct event *event)
{
	const char *name = errno_name(event->error.number);

	cell_set_text(&cells[COLUMN_NEW], name);
	cell_set_text(&cells[COLUMN_ERRNO_NAME], name);
	cell_set_integer(&cells[COLUMN_ERRNO], event->error.number);
}

static void fill_stuck(struct cell *cells, const struct view_row *view_row,
		       const struct observation *observation)
{
	const struct word *state = &view_row->tcp_words[observation->old_state];

	cell_set_word(&cells[COLUMN_OLD], state);
	cell_set_word(&cells[COLUMN_STATE], state);
	cell_set_duration(&cells[COLUMN_DURATION], observation->span);
	cell_set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
}

static void set_words(struct word *words, size_t count,
		      const char *(*name)(unsigned int))
{
	for (size_t i = 0; i < count; i++) {
		const char *text = name((unsigned int)i);

		if (!text)
			continue;
		words[i].length = (uint8_t)strnlen(text, sizeof(words->text));
		memcpy(words[i].text, text, words[i].length);
	}
}

void *view_row_new(size_t bytes, const struct view_options *options,
		   struct output *output, struct error *err)
{
	struct view_row *view_row = calloc(1, bytes);

	if (!view_row) {
		error_set(err, ENOMEM, "out of memory for the rows");
		return NULL;
	}
	view_row->output = output;
	view_row->kernel_addresses = options->kernel_addresses;
	set_words(view_row->tcp_words, UINT8_MAX + 1, tcp_state_name);
	set_words(view_row->cong_words, UINT8_MAX + 1, cong_state_name);
	set_words(view_row->why_words, REASON_COUNT, reason_name);
	set_words(view_row->trigger_words, REASON_TRIGGER_COUNT,
		  reason_trigger_name);
	set_words(view_row->class_words, REASON_CLASS_COUNT,
		  reason_class_name);
	return view_row;
}

void view_row_fill(struct view_row *view_row, const struct row_kind *kind,
		   const struct observation *observation)
{
	struct cell *cells = view_row->row.cells;

	if (!view_row->begun) {
		view_row->begun = true;
		view_row->first_ns = observation->event.time_ns;
	}
	view_row->row.kind = kind;
	/* What only rows of samples fill is cleared for and after these alone. */
	clear(cells, COLUMN_NETNS);
	if (view_row->sampled)
		clear(&cells[COLUMN_SSTHRESH], COLUMN_EVENT_COUNT - COLUMN_SSTHRESH);
	view_row->sampled = observation->event.kind == EVENT_SAMPLE;
	fill_socket(cells, view_row, observation);
	if (view_row->placed || observation->event.has & EVENT_HAS_PLACE)
		fill_place(cells, view_row, &observation->event);
	switch (observation->event.kind) {
	case EVENT_STATE:
		fill_state(cells, view_row, observation);
		break;
	case EVENT_CONG:
		fill_cong(cells, view_row, observation);
		break;
	case EVENT_RETRANS:
		fill_retrans(cells, view_row, observation);
		break;
	case EVENT_RESET:
		fill_reset(cells, view_row, observation);
		break;
	case EVENT_ERROR:
		fill_error(cells, &observation->event);
		break;
	case EVENT_STUCK:
		fill_stuck(cells, view_row, observation);
		break;
	case EVENT_SAMPLE:
		view_row_sample_fill(view_row, observation);
		break;
	case EVENT_LOST:
		view_row_lost_fill(view_row, &observation->event);
		break;
	}
}

const struct word *view_row_owner(const struct owner *owner)
{
	return &owner_words[owner->source];
}

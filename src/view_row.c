/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a row, each from one observation. */
#include "view_row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "number_text.h"
#include "tcpwatch/tcp_state.h"

/* Cells are set in place and are CELL_NONE before: to build them elsewhere and
 * to copy them costs as much as all the rest of a row. */
static void set_number(struct cell *cell, int64_t value)
{
	cell->type = CELL_NUMBER;
	cell->number = value;
}

/* words: NULL = not known. */
static void set_text(struct cell *cell, const char *words)
{
	if (!words)
		return;
	cell->type = CELL_TEXT;
	cell->text = words;
}

/* Any type that is stored in id. */
static void set_id(struct cell *cell, enum cell_type type, uint64_t id)
{
	cell->type = (uint8_t)type;
	cell->id = id;
}

static void set_time(struct cell *cell, const struct view_row *view_row,
		     const struct event *event)
{
	if (view_row->wall_known)
		set_id(cell, CELL_WALL, event->time_ns +
		       (uint64_t)view_row->wall_offset_ns);
}

/* A late event may be older than the first row. */
static void set_since(struct cell *cell, const struct view_row *view_row,
		      const struct event *event)
{
	set_id(cell, CELL_SINCE, event->time_ns > view_row->first_ns ?
	       event->time_ns - view_row->first_ns : 0);
}

static void set_skaddr(struct cell *cell, const struct view_row *view_row,
		       const struct event *event)
{
	if (view_row->kernel_addresses && event->has & EVENT_HAS_SOCKET)
		set_id(cell, CELL_HEX, event->socket_id);
}

static void set_comm(struct cell *cell, const struct owner *owner)
{
	if (!owner->comm[0])
		return;
	cell->type = CELL_COMM;
	cell->comm = owner->comm;
}

static const char *owner_name(const struct owner *owner)
{
	switch ((enum owner_source)owner->source) {
	case OWNER_UNKNOWN:
		return NULL;
	case OWNER_LISTENER:
		return "listener";
	case OWNER_EVENT:
		return "event";
	}
	return NULL;
}

static const char *context_name(const struct event *event)
{
	if (!(event->has & EVENT_HAS_CONTEXT))
		return NULL;
	if (event->context & (EVENT_CONTEXT_HARDIRQ | EVENT_CONTEXT_NMI))
		return "hardirq";
	return event->context & EVENT_CONTEXT_SOFTIRQ ? "softirq" : "task";
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

/* A family or a port. */
static void set_endpoint_number(struct cell *cell, const struct event *event,
				int64_t value)
{
	if (event->has & EVENT_HAS_ENDPOINTS)
		set_number(cell, value);
}

/* When, which socket, whose, from where to where. */
static void fill_socket(struct cell *cell, enum column_id id,
			const struct view_row *view_row,
			const struct observation *observation)
{
	const struct event *event = &observation->event;
	const struct owner *owner = &observation->owner;

	switch (id) {
	case COLUMN_TIME:
		set_time(cell, view_row, event);
		break;
	case COLUMN_SINCE:
		set_since(cell, view_row, event);
		break;
	case COLUMN_MONO_NS:
		set_number(cell, (int64_t)event->time_ns);
		break;
	case COLUMN_SOCK:
		if (observation->sock)
			set_id(cell, CELL_SOCK, observation->sock);
		break;
	case COLUMN_SKADDR:
		set_skaddr(cell, view_row, event);
		break;
	case COLUMN_PID:
		if (owner->pid)
			set_number(cell, owner->pid);
		break;
	case COLUMN_COMM:
		set_comm(cell, owner);
		break;
	case COLUMN_OWNER:
		set_text(cell, owner_name(owner));
		break;
	case COLUMN_CONTEXT:
		set_text(cell, context_name(event));
		break;
	case COLUMN_FAMILY:
		set_endpoint_number(cell, event, event->family);
		break;
	case COLUMN_LADDR:
		set_endpoint(cell, CELL_ADDRESS, event, &event->local);
		break;
	case COLUMN_LPORT:
		set_endpoint_number(cell, event, event->local.port);
		break;
	case COLUMN_RADDR:
		set_endpoint(cell, CELL_ADDRESS, event, &event->remote);
		break;
	case COLUMN_RPORT:
		set_endpoint_number(cell, event, event->remote.port);
		break;
	case COLUMN_REMOTE:
		set_endpoint(cell, CELL_ENDPOINT, event, &event->remote);
		break;
	default:
		break;
	}
}

static const char *retrans_state(const struct event *event)
{
	if (event->kind != EVENT_RETRANS || !(event->has & EVENT_HAS_TCP_STATE))
		return NULL;
	return tcp_state_name(event->retrans.state);
}

static const char *old_name(const struct observation *observation)
{
	switch (observation->event.kind) {
	case EVENT_STATE:
		return tcp_state_name(observation->old_state);
	case EVENT_CONG:
		return cong_state_name(observation->cong);
	default:
		return retrans_state(&observation->event);
	}
}

static const char *new_name(const struct observation *observation)
{
	const struct event *event = &observation->event;

	switch (event->kind) {
	case EVENT_STATE:
		return tcp_state_name(event->state.new_state);
	case EVENT_CONG:
		return cong_state_name(event->cong.new_state);
	case EVENT_RETRANS:
		return cong_state_name(observation->cong);
	default:
		return NULL;
	}
}

static const char *cong_name(const struct observation *observation)
{
	uint8_t kind = observation->event.kind;

	if (kind != EVENT_STATE && kind != EVENT_RETRANS)
		return NULL;
	return cong_state_name(observation->cong);
}

static void set_duration(struct cell *cell,
			 const struct observation *observation)
{
	uint8_t kind = observation->event.kind;

	if (kind != EVENT_STATE && kind != EVENT_CONG)
		return;
	cell->type = CELL_DURATION;
	cell->span = observation->span;
}

static void set_err(struct cell *cell, const struct event *event)
{
	if (event->kind == EVENT_RETRANS && event->has & EVENT_HAS_ERRNO)
		set_number(cell, event->retrans.err);
}

static void set_bool(struct cell *cell, bool value)
{
	cell->type = CELL_BOOL;
	cell->id = value;
}

static void set_count(struct cell *cell, const struct event *event)
{
	if (event->kind == EVENT_LOST && event->has & EVENT_HAS_COUNT)
		set_number(cell, (int64_t)event->lost.count);
}

/* "159 events lost on CPU 3" in words; NULL when nothing was lost. */
static const char *lost_words(char words[VIEW_ROW_WORDS],
			      const struct event *event)
{
	const char *lost_on = "events lost on CPU ";
	size_t length = 0;

	if (event->kind != EVENT_LOST)
		return NULL;
	if (event->has & EVENT_HAS_COUNT) {
		length = number_text_u64(words, event->lost.count);
		words[length++] = ' ';
		if (event->lost.count == 1)
			lost_on = "event lost on CPU ";
	}
	memcpy(words + length, lost_on, strlen(lost_on));
	length += strlen(lost_on);
	length += number_text_u64(words + length, event->cpu);
	words[length] = '\0';
	return words;
}

/* What happened. */
static void fill_change(struct cell *cell, enum column_id id,
			struct view_row *view_row,
			const struct observation *observation)
{
	const struct event *event = &observation->event;

	switch (id) {
	case COLUMN_OLD:
		set_text(cell, old_name(observation));
		break;
	case COLUMN_ARROW:
		set_text(cell, "->");
		break;
	case COLUMN_NEW:
		set_text(cell, new_name(observation));
		break;
	case COLUMN_DURATION:
		set_duration(cell, observation);
		break;
	case COLUMN_INFERRED:
		if (event->kind == EVENT_CONG)
			set_bool(cell, event->cong.probed);
		break;
	case COLUMN_WHY:
		set_text(cell, lost_words(view_row->words, event));
		break;
	case COLUMN_STATE:
		set_text(cell, retrans_state(event));
		break;
	case COLUMN_CONG:
		set_text(cell, cong_name(observation));
		break;
	case COLUMN_ERR:
		set_err(cell, event);
		break;
	case COLUMN_COUNT_LOST:
		set_count(cell, event);
		break;
	case COLUMN_CPU:
		set_number(cell, event->cpu);
		break;
	default:
		break;
	}
}

static void fill_cells(struct view_row *view_row, const enum column_id *ids,
		       size_t count, const struct observation *observation)
{
	for (size_t i = 0; i < count; i++) {
		struct cell *cell = &view_row->row.cells[ids[i]];

		cell->type = CELL_NONE;
		if (ids[i] < COLUMN_EVENT)
			fill_socket(cell, ids[i], view_row, observation);
		else
			fill_change(cell, ids[i], view_row, observation);
	}
}

void *view_row_new(size_t bytes, const struct view_options *options,
		   struct output *output, struct error *err)
{
	const struct output_options *wanted = output_options(output);
	struct view_row *view_row = calloc(1, bytes);

	if (!view_row) {
		error_set(err, ENOMEM, "out of memory for the rows");
		return NULL;
	}
	view_row->output = output;
	view_row->json = !strcmp(wanted->format, "json");
	view_row->listed = !view_row->json || wanted->journal;
	view_row->kernel_addresses = options->kernel_addresses;
	view_row->count = wanted->columns.count;
	for (size_t i = 0; i < view_row->count; i++)
		view_row->ids[i] = wanted->columns.uses[i].id;
	return view_row;
}

void view_row_fill(struct view_row *view_row, const struct row_kind *kind,
		   const struct observation *observation,
		   int64_t wall_offset_ns, bool wall_known)
{
	if (!view_row->begun) {
		view_row->begun = true;
		view_row->first_ns = observation->event.time_ns;
	}
	view_row->wall_offset_ns = wall_offset_ns;
	view_row->wall_known = wall_known;
	view_row->row.kind = kind;
	if (view_row->json)
		fill_cells(view_row, kind->json, kind->json_count, observation);
	if (view_row->listed)
		fill_cells(view_row, view_row->ids, view_row->count, observation);
}

void view_row_list_times(struct column_list *list,
			 const struct view_options *options,
			 const char *time_title, const char *since_title)
{
	list->count = 0;
	if (options->time)
		view_row_list(list, COLUMN_TIME, time_title, 0);
	if (options->since)
		view_row_list(list, COLUMN_SINCE, since_title, 0);
}

void view_row_list(struct column_list *list, enum column_id id,
		   const char *title, uint8_t width)
{
	list->uses[list->count++] = (struct column_use){
		.id = id, .title = title, .width = width
	};
}

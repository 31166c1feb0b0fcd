/* SPDX-License-Identifier: BSD-2-Clause */
/* The cells of a row, each from one observation. */
#include "view_row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "errno_name.h"
#include "number_text.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

/*
 * All cells of an event are filled, whatever is shown: to put a pointer or a
 * number into a cell costs less than to ask whether it is wanted. Only the cells
 * that are shown become text.
 *
 * Cells are set in place and are CELL_NONE before: to build them elsewhere and
 * to copy them costs as much as all the rest of a row.
 */
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

/* word->length == 0: not known. */
static void set_word(struct cell *cell, const struct word *word)
{
	if (!word->length)
		return;
	cell->type = CELL_WORD;
	cell->word = word;
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
	if (view_row->wall.known)
		set_id(cell, CELL_WALL,
		       wall_clock_ns(&view_row->wall, event->time_ns));
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
	if (view_row->kernel_addresses && event->has & EVENT_HAS_SOCKET &&
	    !(event->has & EVENT_HAS_BOUNDS))
		set_id(cell, CELL_HEX, event->socket_id);
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
	set_number(&cells[COLUMN_FAMILY], event->family);
	set_endpoint(&cells[COLUMN_LADDR], CELL_ADDRESS, event, &event->local);
	set_number(&cells[COLUMN_LPORT], event->local.port);
	set_endpoint(&cells[COLUMN_RADDR], CELL_ADDRESS, event, &event->remote);
	set_number(&cells[COLUMN_RPORT], event->remote.port);
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
		set_number(&cells[COLUMN_NETNS], event->place.netns);
	if (event->place.cgroup)
		set_number(&cells[COLUMN_CGROUP], (int64_t)event->place.cgroup);
	set_number(&cells[COLUMN_PACKETS_OUT], event->place.packets_out);
	set_number(&cells[COLUMN_TOTAL_RETRANS], event->place.total_retrans);
	if (event->place.srtt_us)
		set_number(&cells[COLUMN_SRTT], event->place.srtt_us);
	if (event->place.cwnd)
		set_number(&cells[COLUMN_CWND], event->place.cwnd);
	if (event->kind == EVENT_RETRANS && !event->retrans.synack)
		set_number(&cells[COLUMN_SEQUENCE], event->retrans.sequence);
}

/* When, which socket, whose, from where to where. */
static void fill_socket(struct cell *cells, const struct view_row *view_row,
			const struct observation *observation)
{
	const struct event *event = &observation->event;
	const struct owner *owner = &observation->owner;

	set_time(&cells[COLUMN_TIME], view_row, event);
	set_since(&cells[COLUMN_SINCE], view_row, event);
	set_number(&cells[COLUMN_MONO_NS], (int64_t)event->time_ns);
	if (observation->sock)
		set_id(&cells[COLUMN_SOCK], CELL_SOCK, observation->sock);
	set_skaddr(&cells[COLUMN_SKADDR], view_row, event);
	if (owner->pid)
		set_number(&cells[COLUMN_PID], owner->pid);
	set_comm(&cells[COLUMN_COMM], owner);
	set_word(&cells[COLUMN_OWNER], &owner_words[owner->source]);
	set_word(&cells[COLUMN_CONTEXT], context_word(event));
	fill_endpoints(cells, event);
	set_word(&cells[COLUMN_ARROW], &arrow);
	if (!(event->has & EVENT_HAS_BOUNDS))
		set_number(&cells[COLUMN_CPU], event->cpu);
	if (observation->srtt_us)
		set_number(&cells[COLUMN_SRTT], observation->srtt_us);
	if (observation->cwnd)
		set_number(&cells[COLUMN_CWND], observation->cwnd);
}

static void set_duration(struct cell *cell, struct span span)
{
	cell->type = CELL_DURATION;
	cell->span = span;
}

static void set_bool(struct cell *cell, bool value)
{
	cell->type = CELL_BOOL;
	cell->id = value;
}

static void fill_state(struct cell *cells, const struct view_row *view_row,
		       const struct observation *observation)
{
	uint8_t new_state = observation->event.state.new_state;

	set_word(&cells[COLUMN_OLD],
		 &view_row->tcp_words[observation->old_state]);
	set_word(&cells[COLUMN_NEW], &view_row->tcp_words[new_state]);
	set_duration(&cells[COLUMN_DURATION], observation->span);
	set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
	set_word(&cells[COLUMN_TRIGGER],
		 &view_row->trigger_words[observation->trigger]);
	/* Who only looked now and then concludes that there was a change. */
	if (observation->why == REASON_UNKNOWN && !observation->inferred)
		return;
	set_word(&cells[COLUMN_WHY], &view_row->why_words[observation->why]);
	set_bool(&cells[COLUMN_INFERRED], observation->inferred);
}

static void fill_cong(struct cell *cells, const struct view_row *view_row,
		      const struct observation *observation)
{
	const struct event *event = &observation->event;

	set_word(&cells[COLUMN_OLD], &view_row->cong_words[observation->cong]);
	set_word(&cells[COLUMN_NEW],
		 &view_row->cong_words[event->cong.new_state]);
	set_duration(&cells[COLUMN_DURATION], observation->span);
	set_bool(&cells[COLUMN_INFERRED], event->cong.probed ||
					  event->has & EVENT_HAS_BOUNDS);
}

static void fill_retrans(struct cell *cells, const struct view_row *view_row,
			 const struct observation *observation)
{
	const struct event *event = &observation->event;
	uint8_t state = event->has & EVENT_HAS_TCP_STATE ?
			event->retrans.state : TCP_STATE_UNKNOWN;

	set_word(&cells[COLUMN_OLD], &view_row->tcp_words[state]);
	set_word(&cells[COLUMN_STATE], &view_row->tcp_words[state]);
	set_word(&cells[COLUMN_NEW], &view_row->cong_words[observation->cong]);
	set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
	set_word(&cells[COLUMN_CLASS],
		 &view_row->class_words[observation->class]);
	set_word(&cells[COLUMN_WHY], &view_row->class_words[observation->class]);
	set_bool(&cells[COLUMN_INFERRED], observation->inferred);
	if (event->has & EVENT_HAS_ERRNO)
		set_number(&cells[COLUMN_ERR], event->retrans.err);
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

	set_word(&cells[COLUMN_OLD],
		 &view_row->tcp_words[observation->old_state]);
	set_word(&cells[COLUMN_STATE],
		 &view_row->tcp_words[observation->old_state]);
	set_word(&cells[COLUMN_NEW], direction);
	set_word(&cells[COLUMN_DIRECTION], direction);
	if (!(event->has & EVENT_HAS_REASON))
		return;
	set_text(&cells[COLUMN_WHY], reset_reason_name(event->reset.reason));
	set_text(&cells[COLUMN_RESET_REASON],
		 reset_reason_name(event->reset.reason));
}

static void fill_error(struct cell *cells, const struct event *event)
{
	const char *name = errno_name(event->error.number);

	set_text(&cells[COLUMN_NEW], name);
	set_text(&cells[COLUMN_ERRNO_NAME], name);
	set_number(&cells[COLUMN_ERRNO], event->error.number);
}

static void fill_stuck(struct cell *cells, const struct view_row *view_row,
		       const struct observation *observation)
{
	const struct word *state = &view_row->tcp_words[observation->old_state];

	set_word(&cells[COLUMN_OLD], state);
	set_word(&cells[COLUMN_STATE], state);
	set_duration(&cells[COLUMN_DURATION], observation->span);
	set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
}

/* "159 events lost on CPU 3" in words; NULL when nothing was lost. */
static const char *lost_words(char words[VIEW_ROW_WORDS],
			      const struct event *event)
{
	const char *lost_on = "events lost on CPU ";
	size_t length = 0;

	if (event->kind != EVENT_LOST)
		return NULL;
	if (event->has & EVENT_HAS_BOUNDS && !(event->has & EVENT_HAS_COUNT))
		return "some ends of sockets were lost";
	if (event->has & EVENT_HAS_COUNT) {
		length = number_text_u64(words, event->lost.count);
		words[length++] = ' ';
		if (event->lost.count == 1)
			lost_on = "event lost on CPU ";
	}
	memcpy(words + length, lost_on, strlen(lost_on));
	length += strlen(lost_on);
	if (event->has & EVENT_HAS_BOUNDS)
		length -= strlen(" on CPU ");
	else
		length += number_text_u64(words + length, event->cpu);
	words[length] = '\0';
	return words;
}

/* TCP_INFINITE_SSTHRESH: the kernel has none yet. */
enum { INFINITE_SSTHRESH = 0x7fffffff };

/* "srtt 20.123 ms, cwnd 10" */
static const char *sample_words(char words[VIEW_ROW_WORDS],
				const struct event_sample *sample)
{
	size_t length = 0;

	if (sample->srtt_us) {
		memcpy(words, "srtt ", 5);
		length = 5 + number_text_ms_fit(words + 5, sample->srtt_us *
						UINT64_C(1000), NUMBER_TEXT_MS);
		memcpy(words + length, " ms, ", 5);
		length += 5;
	}
	memcpy(words + length, "cwnd ", 5);
	length += 5;
	length += number_text_u64(words + length, sample->cwnd);
	words[length] = '\0';
	return words;
}

static void fill_sample(struct cell *cells, struct view_row *view_row,
			const struct observation *observation)
{
	const struct event_sample *sample = &observation->event.sample;
	uint32_t in_flight = sample->snd_nxt - sample->snd_una;

	set_word(&cells[COLUMN_OLD],
		 &view_row->tcp_words[observation->old_state]);
	set_word(&cells[COLUMN_STATE],
		 &view_row->tcp_words[observation->old_state]);
	set_word(&cells[COLUMN_NEW], &view_row->cong_words[observation->cong]);
	set_word(&cells[COLUMN_CONG], &view_row->cong_words[observation->cong]);
	set_text(&cells[COLUMN_WHY], sample_words(view_row->words, sample));
	if (sample->ssthresh < INFINITE_SSTHRESH)
		set_number(&cells[COLUMN_SSTHRESH], sample->ssthresh);
	set_number(&cells[COLUMN_IN_FLIGHT], in_flight);
	set_number(&cells[COLUMN_SND_WND], sample->snd_wnd);
	set_number(&cells[COLUMN_RCV_WND], sample->rcv_wnd);
	set_number(&cells[COLUMN_SND_NXT], sample->snd_nxt);
	set_number(&cells[COLUMN_SND_UNA], sample->snd_una);
	set_number(&cells[COLUMN_DATA], sample->data_bytes);
	set_number(&cells[COLUMN_SAMPLED], sample->every);
	if (!sample->mss)
		return;
	set_number(&cells[COLUMN_MSS], sample->mss);
	set_number(&cells[COLUMN_IN_FLIGHT_SEGMENTS],
		   (in_flight + (int64_t)sample->mss - 1) / sample->mss);
}

static void fill_lost(struct cell *cells, struct view_row *view_row,
		      const struct event *event)
{
	set_text(&cells[COLUMN_WHY], lost_words(view_row->words, event));
	if (event->has & EVENT_HAS_COUNT)
		set_number(&cells[COLUMN_COUNT_LOST], (int64_t)event->lost.count);
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
		fill_sample(cells, view_row, observation);
		break;
	case EVENT_LOST:
		fill_lost(cells, view_row, &observation->event);
		break;
	}
}

void view_row_tell_loss(struct view_row *view_row, const struct event *event,
			enum column_id first, enum column_id second)
{
	struct cell *cells = view_row->row.cells;
	char *text = view_row->lost;
	size_t length = 0;

	if (event->has & EVENT_HAS_COUNT)
		length = number_text_u64(text, event->lost.count);
	else
		text[length++] = '?';
	if (!(event->has & EVENT_HAS_BOUNDS)) {
		memcpy(text + length, "@CPU", 4);
		length += 4;
		length += number_text_u64(text + length, event->cpu);
	}
	text[length] = '\0';
	set_text(&cells[first], "LOST");
	set_text(&cells[second], text);
}

const struct word *view_row_owner(const struct owner *owner)
{
	return &owner_words[owner->source];
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

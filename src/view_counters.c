/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's TCP counters, beside them what the trace saw, and what they say:
 * by interval, and of the whole run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell_set.h"
#include "counter_spans.h"
#include "ns.h"
#include "verdict.h"
#include "view_row.h"
#include "view_row_list.h"
#include "view_row_lost.h"
#include "tcpwatch/backend.h"

#define BIT(class) (1u << REASON_CLASS_##class)

enum { LINE_BYTES = VERDICT_TEXT_BYTES + 128 };

_Static_assert((int)TCP_COUNTER_COUNT <= (int)CELL_MAP_ENTRIES &&
	       (int)VERDICT_MAX <= (int)CELL_LIST_TEXTS &&
	       (int)VERDICT_TEXT_BYTES <= (int)CELL_LIST_TEXT_MAX &&
	       TCP_COUNTER_COUNT + (int)REASON_CLASS_COUNT <= (int)CELL_MAPS_ENTRIES &&
	       (VERDICT_MAX + VERDICT_NOTES) * (int)VERDICT_TEXT_BYTES +
	       VERDICT_MAX * (int)VERDICT_NAME_MAX <= (int)CELL_LISTS_BYTES,
	       "cells hold all");

struct view {
	struct view_row row;    /* first: view_row_new() */
	struct counter_spans spans;
	bool zeros, nests, traced;
	bool whole_told;
	struct error failure;   /* the first of a reading */
	struct word names[TCP_COUNTER_COUNT];

	/* Of the rows that are being made. */
	struct counter_span span;
	struct verdicts verdicts;
	char notes[VERDICT_NOTES][VERDICT_TEXT_BYTES];
	char line[LINE_BYTES];
	struct cell_map counter_map, traced_map;
	struct cell_list verdict_list, words_list, notes_list;
};

/* Classes of the trace that are about what a counter counts. */
static const unsigned int classes[TCP_COUNTER_COUNT] = {
	[TCP_COUNTER_RETRANS_SEGS] = BIT(UNKNOWN) | BIT(SYN) | BIT(SYNACK) |
				     BIT(RTO) | BIT(SLOWSTART) | BIT(FAST) |
				     BIT(TLP),
	[TCP_COUNTER_SYN_RETRANS] = BIT(SYN) | BIT(SYNACK),
	[TCP_COUNTER_FAST_RETRANS] = BIT(FAST),
	[TCP_COUNTER_SLOW_START_RETRANS] = BIT(SLOWSTART),
	[TCP_COUNTER_RETRANS_FAIL] = BIT(FAILED),
	[TCP_COUNTER_TIMEOUTS] = BIT(RTO) | BIT(SYN) | BIT(SYNACK),
	[TCP_COUNTER_LOSS_PROBES] = BIT(TLP),
};

static const enum column_id counters_keys[] = {
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_INTERVAL, COLUMN_WHOLE, COLUMN_VERDICT,
	COLUMN_WORDS, COLUMN_NOTES, COLUMN_COUNTERS, COLUMN_TRACED
};

static const struct row_kind kind_counters = {
	.name = "counters", .letter = 'N', .json = COLUMN_IDS(counters_keys)
};

static const struct row_kind kind_counter = { .name = "counter", .letter = 'N' };
static const struct row_kind kind_verdict = { .name = "verdict", .letter = 'V' };
static const struct row_kind kind_note = { .name = "note", .letter = 'V' };

static unsigned int row_kinds(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_SUMS;
}

/* The class of a retransmission follows from the states before it. */
static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)shown;
	return EVENT_BIT(EVENT_TICK) |
	       (options->counters.alone ? 0 :
		EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
		EVENT_BIT(EVENT_CONG) | EVENT_BIT(EVENT_RETRANS));
}

static unsigned int needs(const struct view_options *options)
{
	(void)options;
	return BACKEND_EXACT;
}

static const enum column_id table_ids[] = {
	COLUMN_COUNTER, COLUMN_GROWN, COLUMN_PER_S, COLUMN_TRACED, COLUMN_MEANING
};

static const enum column_id csv_ids[] = {
	COLUMN_EVENT, COLUMN_INTERVAL, COLUMN_WHOLE, COLUMN_COUNTER,
	COLUMN_GROWN, COLUMN_PER_S, COLUMN_TRACED, COLUMN_MEANING
};

static const struct column_ids default_ids[] = {
	COLUMN_IDS(table_ids), COLUMN_IDS(csv_ids)
};

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	const struct column_ids *ids = &default_ids[csv];

	view_row_list_times(list, options, NULL, NULL);
	for (size_t i = 0; i < ids->count; i++)
		view_row_list(list, ids->ids[i], NULL, 0);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);
	const char *format = output_options(output)->format;

	if (!view)
		return NULL;
	counter_spans_init(&view->spans, options->counters.read,
			   options->interval_ns, options->outputs);
	view->zeros = options->counters.zeros;
	view->nests = output_format_find(format)->nests;
	for (int i = 0; i < TCP_COUNTER_COUNT; i++) {
		const char *name = tcp_counters_name((enum tcp_counter)i);

		view->names[i].length = (uint8_t)strlen(name);
		memcpy(view->names[i].text, name, view->names[i].length);
	}
	return view;
}

static int begin(struct view *view, const struct backend_facts *facts,
		 struct error *err)
{
	view->traced = facts->events & EVENT_BIT(EVENT_RETRANS);
	view->row.wall = wall_clock_of(facts);
	return counter_spans_begin(&view->spans, err);
}

static struct cell *begin_row(struct view *view, const struct row_kind *kind,
			      bool whole)
{
	struct cell *cells = view->row.row.cells;
	uint64_t end_ns = view->span.end_ns;

	memset(cells, 0, sizeof(view->row.row.cells));
	view->row.row.kind = kind;
	cell_set_wall(&cells[COLUMN_TIME], &view->row.wall, end_ns);
	cell_set_id(&cells[COLUMN_SINCE], CELL_SINCE,
		    end_ns - view->spans.first.at_ns);
	cell_set_number(&cells[COLUMN_MONO_NS], end_ns);
	cell_set_ms(&cells[COLUMN_INTERVAL], end_ns - view->span.begin_ns);
	cell_set_bool(&cells[COLUMN_WHOLE], whole);
	return cells;
}

static uint64_t traced_of(const struct view *view, enum tcp_counter counter)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < REASON_CLASS_COUNT; i++)
		if (classes[counter] & 1u << i)
			sum += view->span.traced[i];
	return sum;
}

static bool is_shown(const struct view *view, enum tcp_counter counter)
{
	return view->zeros || view->span.grown.values[counter] ||
	       (view->traced && traced_of(view, counter));
}

static void put_counter(struct view *view, enum tcp_counter counter, bool whole)
{
	const struct counter_span *span = &view->span;
	struct cell *cells = begin_row(view, &kind_counter, whole);
	uint64_t grown = span->grown.values[counter];
	double seconds = (double)(span->end_ns - span->begin_ns) / NS_PER_S;

	cell_set_word(&cells[COLUMN_COUNTER], &view->names[counter]);
	if (tcp_counters_know(&span->grown, counter)) {
		cell_set_number(&cells[COLUMN_GROWN], grown);
		/* Thousandths of it are shown, as microseconds of ms are. */
		if (seconds > 0)
			cell_set_ms(&cells[COLUMN_PER_S],
				    (uint64_t)((double)grown / seconds *
					       NS_PER_MS));
	}
	if (view->traced && classes[counter])
		cell_set_number(&cells[COLUMN_TRACED], traced_of(view, counter));
	cell_set_text(&cells[COLUMN_MEANING], tcp_counters_meaning(counter));
	output_row(view->row.output, &view->row.row);
}

/* A row of words: in a table a line. */
static void put_words(struct view *view, const struct row_kind *kind, bool whole,
		      const char *name, const char *text)
{
	struct cell *cells = begin_row(view, kind, whole);
	struct cell_list *list = &view->words_list;

	*list = (struct cell_list){ .count = 1, .texts = { text } };
	cell_set_text(&cells[COLUMN_COUNTER], name);
	cells[COLUMN_MEANING] = (struct cell){ .type = CELL_LIST, .list = list };
	view->row.row.histogram = &(struct row_histogram){ .words = view->line };
	output_row(view->row.output, &view->row.row);
	view->row.row.histogram = NULL;
}

static void put_verdict(struct view *view, const struct verdict *verdict,
			bool whole)
{
	bool last = whole && view->spans.interval.period_ns;

	snprintf(view->line, sizeof(view->line), "%sverdict: %s%s%s%s",
		 last ? "whole run, " : "", verdict->text, verdict->source ? " (" : "",
		 verdict->source ? verdict->source : "",
		 verdict->source ? ")" : "");
	put_words(view, &kind_verdict, whole, verdict->name, verdict->text);
}

static void put_note(struct view *view, const char *text, bool whole)
{
	snprintf(view->line, sizeof(view->line), "note: %s", text);
	put_words(view, &kind_note, whole, NULL, text);
}

/* As a table or CSV has them: a row of each. Notes stand at the end of a run. */
static unsigned int put_rows(struct view *view, size_t notes, bool whole)
{
	unsigned int rows = 0;

	output_open_group(view->row.output);
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		if (is_shown(view, (enum tcp_counter)i)) {
			put_counter(view, (enum tcp_counter)i, whole);
			rows++;
		}
	for (size_t i = 0; i < view->verdicts.count; i++, rows++)
		put_verdict(view, &view->verdicts.items[i], whole);
	for (size_t i = 0; whole && i < notes; i++, rows++)
		put_note(view, view->notes[i], whole);
	output_close_group(view->row.output);
	return rows;
}

static void add_entry(struct cell_map *map, const struct word *name,
		      uint64_t value)
{
	map->entries[map->count++] = (struct cell_entry){
		.name = name, .value = value
	};
}

static void fill_maps(struct view *view)
{
	view->counter_map.count = view->traced_map.count = 0;
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		if (is_shown(view, (enum tcp_counter)i) &&
		    tcp_counters_know(&view->span.grown, (enum tcp_counter)i))
			add_entry(&view->counter_map, &view->names[i],
				  view->span.grown.values[i]);
	for (int i = 0; i < REASON_CLASS_COUNT; i++)
		if (view->zeros || view->span.traced[i])
			add_entry(&view->traced_map, &view->row.class_words[i],
				  view->span.traced[i]);
}

static void fill_lists(struct view *view, size_t notes)
{
	view->verdict_list.count = view->words_list.count =
		view->verdicts.count;
	for (size_t i = 0; i < view->verdicts.count; i++) {
		view->verdict_list.texts[i] = view->verdicts.items[i].name;
		view->words_list.texts[i] = view->verdicts.items[i].text;
	}
	view->notes_list.count = notes;
	for (size_t i = 0; i < notes; i++)
		view->notes_list.texts[i] = view->notes[i];
}

static struct cell list_cell(const struct cell_list *list)
{
	return (struct cell){ .type = CELL_LIST, .list = list };
}

static struct cell map_cell(const struct cell_map *map)
{
	return (struct cell){ .type = CELL_MAP, .map = map };
}

static unsigned int put_object(struct view *view, size_t notes, bool whole)
{
	struct cell *cells = begin_row(view, &kind_counters, whole);

	fill_maps(view);
	fill_lists(view, notes);
	cells[COLUMN_VERDICT] = list_cell(&view->verdict_list);
	cells[COLUMN_WORDS] = list_cell(&view->words_list);
	cells[COLUMN_NOTES] = list_cell(&view->notes_list);
	cells[COLUMN_COUNTERS] = map_cell(&view->counter_map);
	if (view->traced)
		cells[COLUMN_TRACED] = map_cell(&view->traced_map);
	if (view->span.grown.netns)
		cell_set_number(&cells[COLUMN_NETNS], view->span.grown.netns);
	output_row(view->row.output, &view->row.row);
	return 1;
}

static unsigned int put_span(struct view *view, bool whole)
{
	const uint64_t *traced = view->traced ? view->span.traced : NULL;
	size_t notes;

	verdict_judge(&view->verdicts, &view->span.grown);
	notes = verdict_notes(view->notes, &view->span.grown, traced);
	return view->nests ? put_object(view, notes, whole) :
			     put_rows(view, notes, whole);
}

static unsigned int tell_whole(struct view *view)
{
	if (view->whole_told ||
	    counter_spans_whole(&view->spans, &view->span, &view->failure))
		return 0;
	return put_span(view, true);
}

static void end(struct view *view)
{
	counter_spans_end(&view->spans, &view->failure);
}

static unsigned int take_tick(struct view *view, uint64_t now_ns)
{
	unsigned int rows;

	if (counter_spans_tick(&view->spans, now_ns, &view->span,
			       &view->failure) <= 0)
		return 0;
	rows = put_span(view, false);
	if (!interval_is_last(&view->spans.interval))
		return rows;
	end(view);
	rows += tell_whole(view);
	view->whole_told = true;
	return rows;
}

static unsigned int take_loss(struct view *view,
			      const struct observation *observation)
{
	struct view_row *row = &view->row;

	memset(row->row.cells, 0, sizeof(row->row.cells));
	view_row_fill(row, &view_row_kind_lost, observation);
	view_row_lost_tell(row, &observation->event, COLUMN_COUNTER, COLUMN_GROWN);
	output_row(row->output, &row->row);
	return 1;
}

/* Of a source that knows the places of sockets only those of our namespace. */
static bool is_ours(const struct view *view, const struct event *event)
{
	return !(event->has & EVENT_HAS_PLACE) || !view->spans.first.netns ||
	       event->place.netns == view->spans.first.netns;
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	const struct event *event = &observation->event;

	view->row.wall = wall;
	if (event->kind == EVENT_RETRANS && is_ours(view, event))
		counter_spans_add(&view->spans, event->time_ns,
				  observation->class);
	if (event->kind == EVENT_LOST)
		return take_loss(view, observation);
	return event->kind == EVENT_TICK ? take_tick(view, event->time_ns) : 0;
}

static unsigned int report(struct view *view, bool final,
			   struct wall_clock wall)
{
	unsigned int rows = tell_whole(view);

	(void)wall;
	view->whole_told |= final;
	return rows;
}

static bool is_done(const struct view *view)
{
	return view->failure.code || interval_is_last(&view->spans.interval);
}

static int finish(struct view *view, struct error *err)
{
	if (!view->failure.code)
		return 0;
	return error_set(err, view->failure.code, "%s", view->failure.text);
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	counter_spans_done(&view->spans);
	free(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_EVENT, COLUMN_INTERVAL,
	COLUMN_WHOLE, COLUMN_COUNTER, COLUMN_GROWN, COLUMN_PER_S, COLUMN_TRACED,
	COLUMN_MEANING
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_counters = {
	.name = "counters",
	.summary = "is it loss? the kernel's TCP counters, and a verdict",
	.columns = &filled,
	.takes_interval = true,
	.takes_all = true,
	.spares_events = true,
	.note = "the counters are those of this network namespace alone",
	.needs = needs,
	.rows = row_kinds,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.begin = begin,
	.take = take,
	.end = end,
	.report = report,
	.is_done = is_done,
	.finish = finish,
	.free = free_view
};

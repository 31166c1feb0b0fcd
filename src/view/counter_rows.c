/* SPDX-License-Identifier: BSD-2-Clause */
/* Spans of counters to rows; see counter_rows.h. */
#include "counter_rows.h"

#include <stdio.h>
#include <string.h>

#include "cell_set.h"
#include "common/ns.h"
#include "output/output.h"

#define BIT(class) (1u << REASON_CLASS_##class)

_Static_assert((int)TCP_COUNTER_COUNT <= (int)CELL_MAP_ENTRIES &&
	       (int)VERDICT_MAX <= (int)CELL_LIST_TEXTS &&
	       (int)VERDICT_TEXT_BYTES <= (int)CELL_LIST_TEXT_MAX &&
	       TCP_COUNTER_COUNT + (int)REASON_CLASS_COUNT <= (int)CELL_MAPS_ENTRIES &&
	       (VERDICT_MAX + VERDICT_NOTES) * (int)VERDICT_TEXT_BYTES +
	       VERDICT_MAX * (int)VERDICT_NAME_MAX <= (int)CELL_LISTS_BYTES,
	       "cells hold all");

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

static struct cell *begin_row(struct counter_rows *rows,
			      const struct row_kind *kind, bool whole)
{
	struct cell *cells = rows->row.row.cells;
	uint64_t end_ns = rows->span.end_ns;

	memset(cells, 0, sizeof(rows->row.row.cells));
	rows->row.row.kind = kind;
	cell_set_wall(&cells[COLUMN_TIME], &rows->row.wall, end_ns);
	cell_set_id(&cells[COLUMN_SINCE], CELL_SINCE, end_ns - rows->first_ns);
	cell_set_number(&cells[COLUMN_MONO_NS], end_ns);
	cell_set_ms(&cells[COLUMN_INTERVAL], end_ns - rows->span.begin_ns);
	cell_set_bool(&cells[COLUMN_WHOLE], whole);
	return cells;
}

static uint64_t traced_of(const struct counter_rows *rows,
			  enum tcp_counter counter)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < REASON_CLASS_COUNT; i++)
		if (classes[counter] & 1u << i)
			sum += rows->span.traced[i];
	return sum;
}

static bool is_shown(const struct counter_rows *rows, enum tcp_counter counter)
{
	return rows->zeros || rows->span.grown.values[counter] ||
	       (rows->traced && traced_of(rows, counter));
}

static void put_counter(struct counter_rows *rows, enum tcp_counter counter,
			bool whole)
{
	const struct counter_span *span = &rows->span;
	struct cell *cells = begin_row(rows, &kind_counter, whole);
	uint64_t grown = span->grown.values[counter];
	double seconds = (double)(span->end_ns - span->begin_ns) / NS_PER_S;

	cell_set_word(&cells[COLUMN_COUNTER], &rows->names[counter]);
	if (tcp_counters_know(&span->grown, counter)) {
		cell_set_number(&cells[COLUMN_GROWN], grown);
		/* Thousandths of it are shown, as microseconds of ms are. */
		if (seconds > 0)
			cell_set_ms(&cells[COLUMN_PER_S],
				    (uint64_t)((double)grown / seconds *
					       NS_PER_MS));
	}
	if (rows->traced && classes[counter])
		cell_set_number(&cells[COLUMN_TRACED], traced_of(rows, counter));
	cell_set_text(&cells[COLUMN_MEANING], tcp_counters_meaning(counter));
	output_row(rows->row.output, &rows->row.row);
}

/* A row of words: in a table a line. */
static void put_words(struct counter_rows *rows, const struct row_kind *kind,
		      bool whole, const char *name, const char *text)
{
	struct cell *cells = begin_row(rows, kind, whole);
	struct cell_list *list = &rows->words_list;

	*list = (struct cell_list){ .count = 1, .texts = { text } };
	cell_set_text(&cells[COLUMN_COUNTER], name);
	cell_set_list(&cells[COLUMN_MEANING], list);
	rows->row.row.histogram = &(struct row_histogram){ .words = rows->line };
	output_row(rows->row.output, &rows->row.row);
	rows->row.row.histogram = NULL;
}

static void put_verdict(struct counter_rows *rows, const struct verdict *verdict,
			bool whole)
{
	bool last = whole && rows->intervals;

	snprintf(rows->line, sizeof(rows->line), "%sverdict: %s%s%s%s",
		 last ? "whole run, " : "", verdict->text, verdict->source ? " (" : "",
		 verdict->source ? verdict->source : "",
		 verdict->source ? ")" : "");
	put_words(rows, &kind_verdict, whole, verdict->name, verdict->text);
}

static void put_note(struct counter_rows *rows, const char *text, bool whole)
{
	snprintf(rows->line, sizeof(rows->line), "note: %s", text);
	put_words(rows, &kind_note, whole, NULL, text);
}

/* As a table or CSV has them: a row of each. Notes stand at the end of a run. */
static unsigned int put_rows(struct counter_rows *rows, size_t notes, bool whole)
{
	unsigned int count = 0;

	output_open_group(rows->row.output);
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		if (is_shown(rows, (enum tcp_counter)i)) {
			put_counter(rows, (enum tcp_counter)i, whole);
			count++;
		}
	for (size_t i = 0; i < rows->verdicts.count; i++, count++)
		put_verdict(rows, &rows->verdicts.items[i], whole);
	for (size_t i = 0; whole && i < notes; i++, count++)
		put_note(rows, rows->notes[i], whole);
	output_close_group(rows->row.output);
	return count;
}

static void add_entry(struct cell_map *map, const struct word *name,
		      uint64_t value)
{
	map->entries[map->count++] = (struct cell_entry){
		.name = name, .value = value
	};
}

static void fill_maps(struct counter_rows *rows)
{
	rows->counter_map.count = rows->traced_map.count = 0;
	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		if (is_shown(rows, (enum tcp_counter)i) &&
		    tcp_counters_know(&rows->span.grown, (enum tcp_counter)i))
			add_entry(&rows->counter_map, &rows->names[i],
				  rows->span.grown.values[i]);
	for (int i = 0; i < REASON_CLASS_COUNT; i++)
		if (rows->zeros || rows->span.traced[i])
			add_entry(&rows->traced_map, &rows->row.class_words[i],
				  rows->span.traced[i]);
}

static void fill_lists(struct counter_rows *rows, size_t notes)
{
	rows->verdict_list.count = rows->words_list.count =
		rows->verdicts.count;
	for (size_t i = 0; i < rows->verdicts.count; i++) {
		rows->verdict_list.texts[i] = rows->verdicts.items[i].name;
		rows->words_list.texts[i] = rows->verdicts.items[i].text;
	}
	rows->notes_list.count = notes;
	for (size_t i = 0; i < notes; i++)
		rows->notes_list.texts[i] = rows->notes[i];
}

static unsigned int put_object(struct counter_rows *rows, size_t notes,
			       bool whole)
{
	struct cell *cells = begin_row(rows, &kind_counters, whole);

	fill_maps(rows);
	fill_lists(rows, notes);
	cell_set_list(&cells[COLUMN_VERDICT], &rows->verdict_list);
	cell_set_list(&cells[COLUMN_WORDS], &rows->words_list);
	cell_set_list(&cells[COLUMN_NOTES], &rows->notes_list);
	cell_set_map(&cells[COLUMN_COUNTERS], &rows->counter_map);
	if (rows->traced)
		cell_set_map(&cells[COLUMN_TRACED], &rows->traced_map);
	if (rows->span.grown.netns)
		cell_set_number(&cells[COLUMN_NETNS], rows->span.grown.netns);
	output_row(rows->row.output, &rows->row.row);
	return 1;
}

void counter_rows_init(struct counter_rows *rows,
		       const struct view_options *options)
{
	const char *format = output_options(rows->row.output)->format;

	rows->intervals = options->interval_ns;
	rows->zeros = options->counters.zeros;
	rows->nests = output_format_find(format)->nests;
	for (int i = 0; i < TCP_COUNTER_COUNT; i++) {
		const char *name = tcp_counters_name((enum tcp_counter)i);

		rows->names[i].length = (uint8_t)strlen(name);
		memcpy(rows->names[i].text, name, rows->names[i].length);
	}
}

unsigned int counter_rows_put(struct counter_rows *rows, bool whole)
{
	const uint64_t *traced = rows->traced ? rows->span.traced : NULL;
	size_t notes;

	verdict_judge(&rows->verdicts, &rows->span.grown);
	notes = verdict_notes(rows->notes, &rows->span.grown, traced);
	return rows->nests ? put_object(rows, notes, whole) :
			     put_rows(rows, notes, whole);
}

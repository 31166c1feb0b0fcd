/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chrome's trace-event JSON, which ui.perfetto.dev and chrome://tracing open: a
 * track for each socket's TCP states and one for its congestion states, grouped
 * by process; retransmissions, resets, errors and losses as instants, round trip
 * and window as counters. An array whose closing bracket may be missing until the
 * end, as the format allows: so a watch can be looked at while it runs.
 */
#include "output.h"

#include <string.h>

#include "cell_text.h"
#include "common/number_text.h"
#include "common/safe_text.h"

struct text {
	char *bytes;
	size_t length;
};

static void put_bytes(struct text *text, const char *bytes, size_t length)
{
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static void put(struct text *text, const char *words)
{
	put_bytes(text, words, strlen(words));
}

static void put_number(struct text *text, uint64_t number)
{
	text->length += number_text_u64(text->bytes + text->length, number);
}

/* Microseconds with the nanoseconds behind the point. */
static void put_us(struct text *text, uint64_t ns)
{
	put_number(text, ns / 1000);
	text->bytes[text->length++] = '.';
	number_text_digits(text->bytes + text->length, (uint32_t)(ns % 1000), 3);
	text->length += 3;
}

static uint64_t number_of(const struct cell *cell)
{
	return cell->type == CELL_NUMBER ? (uint64_t)cell->number : 0;
}

/* Two tracks a socket: its TCP states, and its congestion states. */
static uint64_t track_of(const struct row *row, bool cong)
{
	const struct cell *sock = &row->cells[COLUMN_SOCK];

	return sock->type == CELL_SOCK ? sock->id * 2 + cong : 0;
}

/* `,\n{"ph":"X","pid":1,"tid":2` */
static void begin_event(struct text *text, const char *phase,
			const struct row *row, uint64_t track)
{
	put(text, ",\n{\"ph\":\"");
	put(text, phase);
	put(text, "\",\"pid\":");
	put_number(text, number_of(&row->cells[COLUMN_PID]));
	put(text, ",\"tid\":");
	put_number(text, track);
}

static void put_time(struct text *text, uint64_t ns)
{
	put(text, ",\"ts\":");
	put_us(text, ns);
}

static void put_name(struct text *text, const struct cell *cell,
		     const char *otherwise)
{
	put(text, ",\"name\":\"");
	if (cell->type == CELL_WORD && cell->word->length)
		put_bytes(text, cell->word->text, cell->word->length);
	else if (cell->type == CELL_TEXT)
		put(text, cell->text);
	else
		put(text, otherwise);
	put(text, "\"");
}

static void put_cell(struct text *text, const struct cell *cell)
{
	text->length += cell_text(text->bytes + text->length, cell, NULL);
}

/* What the process and the track are called; once would do, but a format keeps
 * nothing between rows. */
static void put_names(struct text *text, const struct row *row)
{
	const struct cell *comm = &row->cells[COLUMN_COMM];

	if (comm->type == CELL_COMM) {
		begin_event(text, "M", row, 0);
		put(text, ",\"name\":\"process_name\",\"args\":{\"name\":\"");
		text->length += safe_text_json(text->bytes + text->length,
					       comm->comm, EVENT_COMM_BYTES);
		put(text, "\"}}");
	}
	for (unsigned int cong = 0; cong < 2; cong++) {
		begin_event(text, "M", row, track_of(row, cong));
		put(text, ",\"name\":\"thread_name\",\"args\":{\"name\":\"");
		put_cell(text, &row->cells[COLUMN_LPORT]);
		put(text, " > ");
		put_cell(text, &row->cells[COLUMN_REMOTE]);
		put(text, cong ? " congestion\"}}" : "\"}}");
	}
}

/* A stay that has ended, from its begin as far as that is known. */
static void put_slice(struct text *text, const struct row *row, bool cong)
{
	const struct cell *duration = &row->cells[COLUMN_DURATION];
	uint64_t end_ns = number_of(&row->cells[COLUMN_MONO_NS]);
	uint64_t lasted_ns = duration->type == CELL_DURATION ?
			     duration->span.min_ns : 0;

	if (!lasted_ns || lasted_ns > end_ns)
		return;
	begin_event(text, "X", row, track_of(row, cong));
	put_time(text, end_ns - lasted_ns);
	put(text, ",\"dur\":");
	put_us(text, lasted_ns);
	put_name(text, &row->cells[COLUMN_OLD], "?");
	put(text, ",\"args\":{\"next\":\"");
	put_cell(text, &row->cells[COLUMN_NEW]);
	put(text, "\",\"why\":\"");
	put_cell(text, &row->cells[COLUMN_WHY]);
	put(text, "\"}}");
}

static void put_instant(struct text *text, const struct row *row,
			const char *what)
{
	begin_event(text, "i", row, track_of(row, false));
	put_time(text, number_of(&row->cells[COLUMN_MONO_NS]));
	put(text, ",\"s\":\"t\",\"name\":\"");
	put(text, what);
	if (row->cells[COLUMN_WHY].type != CELL_NONE) {
		put(text, " ");
		put_cell(text, &row->cells[COLUMN_WHY]);
	}
	put(text, "\"}");
}

static void put_counter(struct text *text, const struct row *row,
			enum column_id id)
{
	const struct cell *cell = &row->cells[id];

	if (cell->type != CELL_NUMBER)
		return;
	begin_event(text, "C", row, track_of(row, false));
	put_time(text, number_of(&row->cells[COLUMN_MONO_NS]));
	put(text, ",\"name\":\"");
	put(text, columns[id].name);
	put(text, " ");
	put_cell(text, &row->cells[COLUMN_LPORT]);
	put(text, " > ");
	put_cell(text, &row->cells[COLUMN_REMOTE]);
	put(text, "\",\"args\":{\"");
	put(text, columns[id].name);
	put(text, "\":");
	put_cell(text, cell);
	put(text, "}}");
}

static bool is_kind(const struct row *row, const char *name)
{
	return !strcmp(row->kind->name, name);
}

/* A life begins here or is first seen, or its port has been chosen. */
static bool is_to_be_named(const struct row *row)
{
	const struct cell *duration = &row->cells[COLUMN_DURATION];
	const struct cell *old = &row->cells[COLUMN_OLD];

	return duration->type != CELL_DURATION ||
	       duration->span.max_ns == SPAN_NO_LIMIT ||
	       (old->type == CELL_WORD && !memcmp(old->word->text, "SYN_SENT", 8));
}

/* Rows that sum up have no place on a time line and are left out. */
static void put_row(struct output *output, const struct row *row)
{
	struct text text = { .bytes = output_reserve(output, OUTPUT_RESERVE_MAX) };

	if (row->cells[COLUMN_MONO_NS].type != CELL_NUMBER)
		return;
	if (is_kind(row, "state")) {
		if (is_to_be_named(row))
			put_names(&text, row);
		put_slice(&text, row, false);
	} else if (is_kind(row, "cong")) {
		put_slice(&text, row, true);
	} else if (is_kind(row, "retrans") || is_kind(row, "reset") ||
		   is_kind(row, "error") || is_kind(row, "lost") ||
		   is_kind(row, "stuck")) {
		put_instant(&text, row, row->kind->name);
	}
	put_counter(&text, row, COLUMN_SRTT);
	put_counter(&text, row, COLUMN_CWND);
	output_commit(output, text.length);
}

/* Something must stand before the first comma. */
static void begin(struct output *output)
{
	static const char first[] =
		"[\n{\"ph\":\"M\",\"pid\":0,\"name\":\"process_name\","
		"\"args\":{\"name\":\"(not known)\"}}";

	memcpy(output_reserve(output, sizeof(first)), first, sizeof(first) - 1);
	output_commit(output, sizeof(first) - 1);
}

static void end(struct output *output)
{
	static const char last[] = "\n]\n";

	memcpy(output_reserve(output, sizeof(last)), last, sizeof(last) - 1);
	output_commit(output, sizeof(last) - 1);
}

const struct output_format output_perfetto = {
	.name = "perfetto",
	.summary = "for ui.perfetto.dev and chrome://tracing",
	.rows = OUTPUT_ROWS_EVENTS | OUTPUT_ROWS_VALUES,
	.rows_words = "single events and windows",
	.begin = begin,
	.row = put_row,
	.end = end
};

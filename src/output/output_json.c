/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as JSON, one object a line. */
#include <string.h>

#include "cell_text.h"
#include "common/histogram.h"
#include "common/number_text.h"
#include "common/safe_text.h"
#include "output.h"
#include "put.h"

/* Raised only when a key goes away or comes to mean something else. */
#define VERSION "1"

enum {
	KEY_MAX = COLUMN_NAME_BYTES + 8,
	KEYS_OF_DURATION = 3,
	BUCKET_MAX = sizeof("{\"gt_us\":,\"le_us\":,\"count\":},") +
		     3 * NUMBER_TEXT_U64
};

/* Every column once, a duration thrice; the largest value else is a process name of
 * which every byte is escaped. */
#define CELLS_MAX ((COLUMN_COUNT + KEYS_OF_DURATION) * \
		   (KEY_MAX + 6 * EVENT_COMM_BYTES + 2) + 64)
#define STACK_MAX (ROW_STACK_MAX + 2 * ROW_STACK_NAMES)

_Static_assert(CELLS_MAX + CELL_TEXT_MAPS_MAX + STACK_MAX <= OUTPUT_RESERVE_MAX,
	       "any line fits");
_Static_assert(CELLS_MAX + STACK_MAX + HISTOGRAM_LOG2_BUCKETS * BUCKET_MAX <=
	       OUTPUT_RESERVE_MAX, "so does one with a histogram");
_Static_assert(CELLS_MAX + CELL_TEXT_MAPS_MAX + CELL_TEXT_LISTS_MAX <=
	       OUTPUT_RESERVE_MAX, "so does one with lists");
_Static_assert(6 * EVENT_COMM_BYTES >= CELL_TEXT_MAX, "no value is larger");

static size_t put_key(char *text, const struct column *column)
{
	/* All of it, since a size known beforehand needs no call. */
	memcpy(text, column->key, sizeof(column->key));
	return column->key_length;
}

static size_t put_ms(char *text, bool known, uint64_t ns)
{
	return known ? number_text_ms_full(text, ns) : PUT(text, "null");
}

/* As in put_key(): copies a fixed size, counts what it needs. */
static size_t put_digits(char *text, const char digits[NUMBER_TEXT_MS],
			 size_t length)
{
	memcpy(text, digits, NUMBER_TEXT_MS);
	return length;
}

static size_t put_duration(char *text, const struct cell *cell)
{
	struct span span = cell->type == CELL_DURATION ? cell->span :
							 SPAN_UNKNOWN;
	bool exact = span_is_exact(span);
	size_t length = PUT(text, ",\"duration_ms\":");
	char minimum[NUMBER_TEXT_MS] = "";
	size_t digits = put_ms(minimum, exact || span.min_ns, span.min_ns);

	length += exact ? put_digits(text + length, minimum, digits) :
			  PUT(text + length, "null");
	length += PUT(text + length, ",\"duration_min_ms\":");
	length += put_digits(text + length, minimum, digits);
	length += PUT(text + length, ",\"duration_max_ms\":");
	if (exact)
		return length + put_digits(text + length, minimum, digits);
	return length + put_ms(text + length, span.max_ns != SPAN_NO_LIMIT,
			       span.max_ns);
}

static size_t put_string(char *text, const struct cell *cell,
			 struct wall_text *wall)
{
	size_t length = 1;

	text[0] = '"';
	if (cell->type == CELL_COMM)
		length += safe_text_json(text + 1, cell->comm, EVENT_COMM_BYTES);
	else if (cell->type == CELL_WALL)
		length += wall_text_rfc3339(wall, text + 1, cell->id);
	else
		length += cell_text(text + 1, cell, wall);
	text[length] = '"';
	return length + 1;
}

/* Not inlined, nor is put_histogram(): rows of single events have none. */
__attribute__((noinline))
static size_t put_map(char *text, const struct cell_map *map)
{
	size_t length = 0;

	text[length++] = '{';
	for (size_t i = 0; i < map->count; i++) {
		const struct cell_entry *entry = &map->entries[i];

		if (i)
			text[length++] = ',';
		text[length++] = '"';
		length += put_bytes(text + length, entry->name->text,
				    entry->name->length);
		length += PUT(text + length, "\":");
		length += map->durations ?
			put_ms(text + length, true, entry->value) :
			number_text_u64(text + length, entry->value);
	}
	text[length++] = '}';
	return length;
}

/* Its texts need no escapes (column.h). */
__attribute__((noinline))
static size_t put_list(char *text, const struct cell_list *list)
{
	size_t length = 0;

	text[length++] = '[';
	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->texts[i];

		length += i ? PUT(text + length, ",\"") : PUT(text + length, "\"");
		length += put_bytes(text + length, item,
				    strnlen(item, CELL_LIST_TEXT_MAX));
		text[length++] = '"';
	}
	text[length++] = ']';
	return length;
}

static size_t put_value(char *text, const struct cell *cell,
			struct wall_text *wall)
{
	switch ((enum cell_type)cell->type) {
	case CELL_NONE:
	case CELL_UNKNOWN:
	case CELL_DURATION:
		return PUT(text, "null");
	case CELL_MAP:
		return put_map(text, cell->map);
	case CELL_LIST:
		return put_list(text, cell->list);
	case CELL_NUMBER:
	case CELL_SINCE:
	case CELL_MICROS:
	case CELL_BOOL:
		return cell_text(text, cell, wall);
	case CELL_MS:
		return number_text_ms_full(text, cell->id);
	case CELL_HEX:
	case CELL_TEXT:
	case CELL_WORD:
	case CELL_COMM:
	case CELL_SOCK:
	case CELL_ADDRESS:
	case CELL_ENDPOINT:
	case CELL_WALL:
		return put_string(text, cell, wall);
	}
	return PUT(text, "null");
}

static size_t put_member(char *text, enum column_id id, const struct cell *cell,
			 struct wall_text *wall)
{
	size_t length;

	if (id == COLUMN_DURATION)
		return put_duration(text, cell);
	length = put_key(text, &columns[id]);
	return length + put_value(text + length, cell, wall);
}

/* Buckets up to the last that has any; those without are left out. */
__attribute__((noinline))
static size_t put_histogram(char *text, const struct histogram_log2 *counts)
{
	size_t length = PUT(text, ",\"buckets\":["), begin = length;

	for (unsigned int i = 0; i < HISTOGRAM_LOG2_BUCKETS; i++) {
		uint64_t gt, le;

		if (!counts->buckets[i])
			continue;
		if (length > begin)
			text[length++] = ',';
		histogram_log2_edges(i, &gt, &le);
		length += PUT(text + length, "{\"gt_us\":");
		length += number_text_u64(text + length, gt);
		length += PUT(text + length, ",\"le_us\":");
		length += number_text_u64(text + length, le);
		length += PUT(text + length, ",\"count\":");
		length += number_text_u64(text + length, counts->buckets[i]);
		text[length++] = '}';
	}
	text[length] = ']';
	return length + 1;
}

/* Its names need no escapes (column.h). */
static size_t put_stack(char *text, const char *stack)
{
	size_t length = PUT(text, ",\"stack\":");

	if (!stack)
		return length + PUT(text + length, "null");
	length += PUT(text + length, "[\"");
	for (; *stack; stack++)
		if (*stack == ';')
			length += PUT(text + length, "\",\"");
		else
			text[length++] = *stack;
	return length + PUT(text + length, "\"]");
}

/* Not put_member(), which is for one caller only to be in line with it. */
static size_t put_figure(char *text, const struct row *row, enum column_id id)
{
	const struct column *column = &columns[id];
	const struct cell *cell = &row->cells[id];

	memcpy(text, column->key, column->key_length);
	text += column->key_length;
	return column->key_length +
	       (cell->type == CELL_NONE ? PUT(text, "null") :
		number_text_u64(text, (uint64_t)cell->number));
}

static bool has_key(const struct row_kind *kind, enum column_id id)
{
	return column_ids_have(&kind->json, id);
}

/* Of the common keys those that few sources know. */
__attribute__((noinline))
static size_t put_place(char *text, const struct row *row)
{
	static const enum column_id ids[] = {
		COLUMN_NETNS, COLUMN_CGROUP, COLUMN_PACKETS_OUT,
		COLUMN_TOTAL_RETRANS, COLUMN_SRTT, COLUMN_CWND
	};
	size_t count = sizeof(ids) / sizeof(ids[0]), length = 0;

	/* Where they are among the kind's own keys they are there already. */
	if (has_key(row->kind, COLUMN_SRTT))
		count -= 2;
	for (size_t i = 0; i < count; i++)
		length += put_figure(text + length, row, ids[i]);
	if (row->cells[COLUMN_SEQUENCE].type != CELL_NONE)
		length += put_figure(text + length, row, COLUMN_SEQUENCE);
	return length;
}

static void put_row(struct output *output, const struct row *row)
{
	const struct row_kind *kind = row->kind;
	struct wall_text *wall = output_wall_text(output);
	char *line = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t length = PUT(line, "{\"v\":" VERSION ",\"event\":\"");

	length += put_bytes(line + length, kind->name, strlen(kind->name));
	line[length++] = '"';
	for (size_t i = 0; i < kind->json.count; i++)
		length += put_member(line + length, kind->json.ids[i],
				     &row->cells[kind->json.ids[i]], wall);
	if (row->cells[COLUMN_PACKETS_OUT].type != CELL_NONE)
		length += put_place(line + length, row);
	if (row->histogram && row->histogram->counts)
		length += put_histogram(line + length, row->histogram->counts);
	if (output_options(output)->stack)
		length += put_stack(line + length, row->stack);
	length += PUT(line + length, "}\n");
	output_commit(output, length);
}

const struct output_format output_json = {
	.name = "json",
	.summary = "one object a line",
	.rows = OUTPUT_ROWS_ALL,
	.nests = true,
	.row = put_row
};

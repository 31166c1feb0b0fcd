/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as comma-separated values (RFC 4180, but lines end in "\n" alone). */
#include <string.h>

#include "cell_text.h"
#include "common/safe_text.h"
#include "output.h"
#include "put.h"

_Static_assert(COLUMN_LIST_MAX * (2 * CELL_TEXT_MAX + 3) +
	       2 * ROW_STACK_MAX + 3 <= OUTPUT_RESERVE_MAX,
	       "any line fits, every byte of it quoted");

static size_t put_words(char *text, const char *words)
{
	return safe_text_csv(text, words, strnlen(words, CELL_TEXT_MAX));
}

static size_t put_cell(char *text, enum column_id id, const struct row *row,
		       struct wall_text *wall)
{
	const struct cell *cell = &row->cells[id];

	if (id == COLUMN_EVENT)
		return put_words(text, row->kind->name);
	if (cell->type == CELL_COMM)
		return safe_text_csv(text, cell->comm, EVENT_COMM_BYTES);
	if (cell->type == CELL_TEXT)
		return put_words(text, cell->text);
	return cell_text(text, cell, wall);
}

/* The comma behind the last field becomes the end of the line. */
static void end_line(struct output *output, char *line, size_t length)
{
	line[length ? length - 1 : length++] = '\n';
	output_commit(output, length);
}

static void begin(struct output *output)
{
	const struct output_options *options = output_options(output);
	const struct column_list *list = &options->columns;
	char *line = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t length = 0;

	if (!options->header)
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct column_use *use = &list->uses[i];

		length += put_words(line + length, use->title ?
				    use->title : columns[use->id].name);
		line[length++] = ',';
	}
	if (options->stack)
		length += PUT(line + length, "STACK,");
	end_line(output, line, length);
}

/* The last field, be it empty. */
static size_t put_stack(char *text, const char *stack)
{
	size_t length = 0;

	if (stack)
		length = safe_text_csv(text, stack,
				       strnlen(stack, ROW_STACK_MAX));
	text[length] = ',';
	return length + 1;
}

static void put_row(struct output *output, const struct row *row)
{
	const struct output_options *options = output_options(output);
	const struct column_list *list = &options->columns;
	struct wall_text *wall = output_wall_text(output);
	char *line = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t length = 0;

	for (size_t i = 0; i < list->count; i++) {
		length += put_cell(line + length, list->uses[i].id, row, wall);
		line[length++] = ',';
	}
	if (options->stack)
		length += put_stack(line + length, row->stack);
	end_line(output, line, length);
}

const struct output_format output_csv = {
	.name = "csv",
	.summary = "comma-separated values",
	.rows = OUTPUT_ROWS_ALL,
	.begin = begin,
	.row = put_row
};

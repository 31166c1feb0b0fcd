/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as a table for people: aligned columns, one blank between them. */
#include <string.h>

#include "cell_text.h"
#include "common/safe_text.h"
#include "output.h"
#include "output_histogram.h"

enum {
	TINTS_MAX = 32,                 /* bytes of both ends of a tint */
	BLANKS = 16                     /* written at once */
};

_Static_assert(COLUMN_LIST_MAX * (CELL_TEXT_MAX + 1) + COLUMN_WIDTH_MAX +
	       TINTS_MAX < OUTPUT_RESERVE_MAX, "any line fits");
_Static_assert((int)COLUMN_WIDTH_MAX <= (int)CELL_TEXT_MAX,
	       "so does padding");

/* Bytes and characters of a piece of text. */
struct extent {
	size_t bytes;
	size_t characters;
};

static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

/* How many of the bytes hold at most that many characters. */
static size_t bytes_within(const char *text, size_t bytes, size_t characters)
{
	for (size_t i = 0; i < bytes; i++)
		if (starts_character(text[i]) && !characters--)
			return i;
	return bytes;
}

static struct extent plain(size_t bytes)
{
	return (struct extent){ bytes, bytes };
}

static struct extent put_value(char *text, const struct column_use *use,
			       const struct row *row, struct wall_text *wall)
{
	const struct cell *cell = &row->cells[use->id];
	struct extent extent;

	if (use->id == COLUMN_EVENT) {
		*text = row->kind->letter;
		return plain(1);
	}
	if (cell->type == CELL_WORD) {
		memcpy(text, cell->word, sizeof(*cell->word));
		return plain(cell->word->length);
	}
	if (cell->type == CELL_DURATION)
		return plain(cell_text_duration(text, cell->span, use->width));
	if (cell->type != CELL_COMM)
		return plain(cell_text(text, cell, wall));
	extent.bytes = safe_text_terminal(text, cell->comm, EVENT_COMM_BYTES,
					  &extent.characters);
	return extent;
}

/* Gives the value the column's width, but for blanks at the end of a line. */
static size_t align(char *text, const struct column_use *use,
		    struct extent extent, bool last)
{
	size_t padding;

	if (extent.characters >= use->width)
		return extent.characters > use->width && use->cut ?
			bytes_within(text, extent.bytes, use->width) :
			extent.bytes;
	if (use->left && last)
		return extent.bytes;
	padding = use->width - extent.characters;
	if (use->left) {
		/* By more than is needed, since a size known beforehand is one
		 * store instead of a call. */
		for (size_t done = 0; done < padding; done += BLANKS)
			memset(text + extent.bytes + done, ' ', BLANKS);
	} else {
		memmove(text + padding, text, extent.bytes);
		memset(text, ' ', padding);
	}
	return extent.bytes + padding;
}

static size_t put_cell(char *text, const struct column_use *use,
		       const struct row *row, struct wall_text *wall, bool last)
{
	struct extent extent = put_value(text, use, row, wall);

	if (!extent.bytes && !(last && use->optional)) {
		*text = '-';
		extent = plain(1);
	}
	return align(text, use, extent, last);
}

static size_t put_title(char *text, const struct column_use *use, bool last)
{
	const char *title = use->title ? use->title : columns[use->id].title;
	size_t length = strnlen(title, CELL_TEXT_MAX);

	memcpy(text, title, length);
	return align(text, use, plain(length), last);
}

static size_t put_tint(char *text, const char *tint)
{
	size_t length = strlen(tint);

	memcpy(text, "\033[", 2);
	memcpy(text + 2, tint, length);
	text[2 + length] = 'm';
	return length + 3;
}

/* Ends a line of which length bytes stand in the buffer after the first start
 * bytes, which print nothing. */
static void end_line(struct output *output, char *line, size_t start,
		     size_t length)
{
	size_t cut_width = output_options(output)->cut_width;
	char *text = line + start;

	if (cut_width)
		length = bytes_within(text, length, cut_width);
	while (length && text[length - 1] == ' ')
		length--;
	if (start)
		length += put_tint(text + length, "");
	text[length++] = '\n';
	output_commit(output, start + length);
}

static void begin(struct output *output)
{
	const struct output_options *options = output_options(output);
	const struct column_list *list = &options->columns;
	char *line = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t length = 0;

	if (!options->header || !list->count)
		return;
	for (size_t i = 0; i < list->count; i++) {
		bool last = i + 1 == list->count;

		length += put_title(line + length, &list->uses[i], last);
		line[length++] = ' ';
	}
	end_line(output, line, 0, length);
}

/* Each group has its heading, and a blank line between it and the one before. */
static void open_group(struct output *output, bool first)
{
	if (first || !output_options(output)->header ||
	    !output_options(output)->columns.count)
		return;
	*output_reserve(output, 1) = '\n';
	output_commit(output, 1);
	begin(output);
}

static void put_line(struct output *output, const struct row *row)
{
	const struct output_options *options = output_options(output);
	const struct column_list *list = &options->columns;
	struct wall_text *wall = output_wall_text(output);
	char *line = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t start = options->color && row->kind->tint ?
		       put_tint(line, row->kind->tint) : 0;
	size_t length = 0;

	for (size_t i = 0; i < list->count; i++) {
		bool last = i + 1 == list->count;

		length += put_cell(line + start + length, &list->uses[i], row,
				   wall, last);
		line[start + length++] = ' ';
	}
	end_line(output, line, start, length);
}

/* Each function in a line of its own, indented. */
static void put_stack(struct output *output, const char *stack)
{
	enum { INDENT = 4 };

	while (*stack) {
		size_t length = strcspn(stack, ";");
		char *line = output_reserve(output, INDENT + length + 1);

		memset(line, ' ', INDENT);
		memcpy(line + INDENT, stack, length);
		line[INDENT + length] = '\n';
		output_commit(output, INDENT + length + 1);
		stack += length + (stack[length] == ';');
	}
}

/* The terminal wraps it. */
static void put_words(struct output *output, const char *words)
{
	size_t length = strnlen(words, OUTPUT_RESERVE_MAX - 1);
	char *line = output_reserve(output, length + 1);

	memcpy(line, words, length);
	line[length] = '\n';
	output_commit(output, length + 1);
}

/* What stands in place of a line of cells; false: nothing does. */
__attribute__((noinline))
static bool put_sum(struct output *output, const struct row *row)
{
	if (!output_options(output)->columns.count)
		output_histogram_row(output, row);
	else if (row->histogram->words)
		put_words(output, row->histogram->words);
	else
		return false;
	return true;
}

static void put_row(struct output *output, const struct row *row)
{
	if (!row->histogram || !put_sum(output, row))
		put_line(output, row);
	if (row->stack)
		put_stack(output, row->stack);
}

const struct output_format output_table = {
	.name = "table",
	.summary = "aligned columns for people",
	.rows = OUTPUT_ROWS_ALL,
	.begin = begin,
	.row = put_row,
	.open_group = open_group
};

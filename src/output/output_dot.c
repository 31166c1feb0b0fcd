/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows that lead from one state to another as graphs for graphviz, one a group
 * of rows: an edge a row, coloured by its trigger. The columns shown are the
 * edge's label. Rows without both ends become comments.
 */
#include <string.h>

#include "cell_text.h"
#include "output.h"
#include "put.h"

_Static_assert(COLUMN_LIST_MAX * (2 * CELL_TEXT_MAX + COLUMN_NAME_BYTES + 4) +
	       1024 <= OUTPUT_RESERVE_MAX, "any edge fits");

/* Words of the column trigger; the last stands for what is not known. */
static const struct {
	const char *word, *color;
} triggers[] = {
	{ "call", "#1f5fa8" },
	{ "packet", "#1c7a3c" },
	{ "timer", "#b3261e" },
	{ "unknown", "#707070" },
};

enum { TRIGGER_COUNT = sizeof(triggers) / sizeof(triggers[0]) };

static size_t put_words(char *text, const char *words)
{
	return put_bytes(text, words, strlen(words));
}

/* As inside of double quotes. */
static size_t put_escaped(char *text, const char *bytes, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			text[used++] = '\\';
		text[used++] = bytes[i];
	}
	return used;
}

static size_t put_cell(char *text, const struct row *row, enum column_id id,
		       struct wall_text *wall)
{
	char value[CELL_TEXT_MAX];

	return put_escaped(text, value, cell_text(value, &row->cells[id], wall));
}

static const char *color_of(const struct row *row)
{
	const struct cell *cell = &row->cells[COLUMN_TRIGGER];
	size_t i = 0;

	if (cell->type != CELL_WORD)
		return triggers[TRIGGER_COUNT - 1].color;
	while (i < TRIGGER_COUNT - 1 &&
	       (strlen(triggers[i].word) != cell->word->length ||
		memcmp(triggers[i].word, cell->word->text, cell->word->length)))
		i++;
	return triggers[i].color;
}

/* Those have a place of their own in the picture. */
static bool is_label(enum column_id id)
{
	return id != COLUMN_OLD && id != COLUMN_NEW && id != COLUMN_TRIGGER &&
	       id != COLUMN_EVENT;
}

/* "count 12\np50_ms 1.373\nclosed by us"; free text has no name. */
static size_t put_label(char *text, struct output *output,
			const struct row *row, const char *separator)
{
	const struct column_list *list = &output_options(output)->columns;
	size_t length = 0;

	for (size_t i = 0; i < list->count; i++) {
		enum column_id id = list->uses[i].id;

		if (!is_label(id) || row->cells[id].type == CELL_NONE)
			continue;
		if (length)
			length += put_words(text + length, separator);
		if (!columns[id].optional) {
			length += put_words(text + length, columns[id].name);
			text[length++] = ' ';
		}
		length += put_cell(text + length, row, id,
				   output_wall_text(output));
	}
	return length;
}

static size_t put_legend(char *text)
{
	size_t length = PUT(text, "\tsubgraph cluster_legend {\n"
				  "\t\tlabel=\"trigger\";\n");

	for (size_t i = 0; i < TRIGGER_COUNT; i++) {
		length += PUT(text + length, "\t\t\"");
		length += put_words(text + length, triggers[i].word);
		length += PUT(text + length, "\" [shape=plaintext, fontcolor=\"");
		length += put_words(text + length, triggers[i].color);
		length += PUT(text + length, "\"];\n");
	}
	return length + PUT(text + length, "\t}\n");
}

static void open_group(struct output *output, bool first)
{
	char *text = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t length;

	(void)first;
	length = PUT(text, "digraph tcp {\n"
			   "\tnode [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
			   "\tedge [fontname=\"sans-serif\", fontsize=10];\n");
	length += put_legend(text + length);
	output_commit(output, length);
}

static void close_group(struct output *output)
{
	output_commit(output, PUT(output_reserve(output, 2), "}\n"));
}

static size_t put_edge(char *text, struct output *output, const struct row *row)
{
	struct wall_text *wall = output_wall_text(output);
	const char *color = color_of(row);
	size_t length = PUT(text, "\t\"");

	length += put_cell(text + length, row, COLUMN_OLD, wall);
	length += PUT(text + length, "\" -> \"");
	length += put_cell(text + length, row, COLUMN_NEW, wall);
	length += PUT(text + length, "\" [label=\"");
	length += put_label(text + length, output, row, "\\n");
	length += PUT(text + length, "\", color=\"");
	length += put_words(text + length, color);
	length += PUT(text + length, "\", fontcolor=\"");
	length += put_words(text + length, color);
	return length + PUT(text + length, "\"];\n");
}

static void put_row(struct output *output, const struct row *row)
{
	char *text = output_reserve(output, OUTPUT_RESERVE_MAX);
	size_t length;

	if (row->cells[COLUMN_OLD].type != CELL_NONE &&
	    row->cells[COLUMN_NEW].type != CELL_NONE) {
		length = put_edge(text, output, row);
	} else {
		length = PUT(text, "// ");
		length += put_label(text + length, output, row, ", ");
		text[length++] = '\n';
	}
	output_commit(output, length);
}

const struct output_format output_dot = {
	.name = "dot",
	.summary = "graphs for graphviz",
	.rows = OUTPUT_ROWS_EDGES,
	.rows_words = "what has states and ways between them",
	.row = put_row,
	.open_group = open_group,
	.close_group = close_group
};

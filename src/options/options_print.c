/* SPDX-License-Identifier: BSD-2-Clause */
/* The help of each command, its columns and the version, printed from the
 * tables of options and columns. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "metrics/metrics_http.h"
#include "options_table.h"
#include "options_word.h"
#include "output/column.h"
#include "tcpwatch/backend.h"

enum {
	LABEL_WIDTH = 24,
	COMMAND_WIDTH = 16,
	COLUMN_NAME_WIDTH = 14,
	LABEL_BYTES = 64
};

static const char *const group_titles[OPTIONS_GROUP_COUNT] = {
	[OPTIONS_GROUP_SELECT] = "What to show (lists may be repeated):",
	[OPTIONS_GROUP_SHOW] = "How to show it:",
	[OPTIONS_GROUP_RUN] = "How to run:",
	[OPTIONS_GROUP_GENERAL] = "Always:",
};

/* Everybody knows them: their names on one line. */
static const enum options_group brief = OPTIONS_GROUP_GENERAL;

static int finish(struct error *err)
{
	/* errno is that of the last write, which failed if an earlier did. A
	 * reader that goes away, as head(1) does, has what it wants. */
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return 0;
	return error_set(err, errno ? errno : EIO, "cannot write to stdout: %s",
			 strerror(errno ? errno : EIO));
}

/* "-r, -i, --read FILE" */
static void row_label(const struct options_row *row, char *label, size_t size)
{
	int name_length = (int)strcspn(row->names, " ");
	const char *letter;
	size_t used = 0;

	/* Names without a letter stand under those that have one. */
	if (!row->letters[0])
		used += (size_t)snprintf(label, size, "    ");
	for (letter = row->letters; *letter && used < size; letter++)
		used += (size_t)snprintf(label + used, size - used, "-%c%s",
					 *letter,
					 letter[1] || name_length ? ", " : "");
	if (used < size)
		snprintf(label + used, size - used, "%s%.*s%s%s",
			 name_length ? "--" : "", name_length, row->names,
			 row->value ? " " : "", row->value ? row->value : "");
}

static void print_group(enum options_group group, unsigned int scope)
{
	const struct options_row *row;
	char label[LABEL_BYTES];
	bool titled = false;

	for (row = options_table; row->take; row++) {
		if (row->group != group || !(row->scope & scope))
			continue;
		if (!titled)
			printf("%s%s", group_titles[group],
			       group == brief ? "" : "\n");
		titled = true;
		row_label(row, label, sizeof(label));
		if (group == brief)
			printf("  %s", label);
		else
			printf("  %-*s  %s\n", LABEL_WIDTH, label, row->help);
	}
	if (group == brief)
		printf("\n");
}

static void print_commands(void)
{
	size_t i;

	printf("Commands ('tcpwatch help COMMAND' has the options of each):\n");
	for (i = 0; views[i]; i++)
		printf("  %-*s  %s\n", COMMAND_WIDTH,
		       views[i]->name[0] ? views[i]->name : "(none)",
		       views[i]->summary);
	for (i = 0; options_errands[i].name; i++)
		printf("  %-*s  %s\n", COMMAND_WIDTH, options_errands[i].name,
		       options_errands[i].summary);
}

static bool reads_recording(const struct view_ops *view)
{
	return options_table_scope(view->name) == OPTIONS_SCOPE_REPORT;
}

/* A list is made at once, and a recording has no room for it. */
static bool takes_command(const struct view_ops *view)
{
	return !view->is_list && !reads_recording(view);
}

/* At the end, where a small terminal shows it. */
static void print_beginnings(void)
{
	printf("It hangs: tcpwatch sockets --problems   "
	       "It is slow: tcpwatch counters 10\n"
	       "What their words mean: tcpwatch help zero-window   "
	       "All words: help " OPTIONS_WORD_ALL "\n");
}

int options_print_help(const struct view_ops *view, struct error *err)
{
	bool whole = !view || !view->name[0];
	unsigned int scope = options_table_scope(whole ? "" : view->name);
	unsigned int group;

	if (whole)
		printf("Usage: tcpwatch [COMMAND] [OPTION...] [-- CMD [ARG...]]"
		       "   More: man tcpwatch\n");
	else
		printf("Usage: tcpwatch %s [OPTION...]%s%s%s\n%s\n", view->name,
		       reads_recording(view) ? " [FILE]" : "",
		       view->takes_interval ? " [INTERVAL [OUTPUTS]]" : "",
		       takes_command(view) ? " [-- CMD [ARG...]]" : "",
		       view->summary);
	if (whole)
		print_commands();
	for (group = 0; group < OPTIONS_GROUP_COUNT; group++)
		print_group(group, scope);
	if (whole)
		print_beginnings();
	return finish(err);
}

int options_print_errand(const struct options_errand *errand, struct error *err)
{
	printf("Usage: tcpwatch %s [OPTION...]%s\n%s\n", errand->name,
	       errand->takes_command ? " [-- CMD [ARG...]]" : "",
	       errand->summary);
	for (unsigned int group = 0; group < OPTIONS_GROUP_COUNT; group++)
		print_group(group, errand->scope);
	return finish(err);
}

int options_print_meaning(const struct meaning *meaning, struct error *err)
{
	if (meaning)
		meaning_print(meaning, stdout);
	else
		meaning_print_names(stdout);
	return finish(err);
}

int options_print_columns(const struct view_ops *view, struct error *err)
{
	for (size_t i = 0; i < view->columns->count; i++) {
		const struct column *column = &columns[view->columns->ids[i]];

		printf("%-*s %s", COLUMN_NAME_WIDTH, column->name,
		       column->meaning);
		if (column->unit)
			printf(" (%s)", column->unit);
		putchar('\n');
	}
	return finish(err);
}

int options_print_version(struct error *err)
{
	char build[BACKEND_REPORT_BYTES];

	backend_describe_build(build);
	printf("tcpwatch %s\n%s%s\n", TCPWATCH_VERSION, build,
	       metrics_http_is_built ? "; metrics by HTTP" : "");
	return finish(err);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* From options to an open output; see watch_output.h. */
#include "watch_output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/ioctl.h>

#include "process/signals.h"
#include "watch.h"

static bool is_stopping(void *context)
{
	(void)context;
	return signals_stopping();
}

static bool is_on_terminal(const struct options *options)
{
	return !options->output_path && isatty(STDOUT_FILENO);
}

/* The terminal's width, or 0 where nothing must be cut: the words of a problem are
 * what was asked for, and the terminal wraps them. */
static size_t cut_width(const struct options *options)
{
	struct winsize size;

	if (options->view_options.sockets.problems || !is_on_terminal(options) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}

static bool wants_color(const struct options *options)
{
	const char *terminal = getenv("TERM");

	if (options->color != OPTIONS_COLOR_AUTO)
		return options->color == OPTIONS_COLOR_ALWAYS;
	return is_on_terminal(options) && terminal && strcmp(terminal, "dumb");
}

int watch_output_columns(const struct options *options,
			 struct column_list *list, struct error *err)
{
	const struct view_ops *view = options->view;
	bool csv = options->format && !strcmp(options->format, "csv");

	if (!options->columns) {
		view->default_columns(&options->view_options, csv, list);
		return 0;
	}
	if (!column_list_parse(list, options->columns, view->columns, err))
		return 0;
	error_prefix(err, "--columns");
	return -err->code;
}

int watch_output_open(const struct options *options, struct output **output,
		      struct output_journal **journal, struct error *err)
{
	struct output_options wanted = {
		.format = options->format,
		.path = options->output_path,
		.header = options->header,
		.wide = options->view_options.wide,
		.iso = options->iso,
		.utc = options->utc,
		.cut_width = cut_width(options),
		.stack = options->view_options.stack,
		.color = wants_color(options),
		.rows = options->rows,
		.stopping = is_stopping,
	};

	*journal = NULL;
	*output = NULL;
	if (watch_output_columns(options, &wanted.columns, err))
		return EXIT_USAGE;
	if (options->journal) {
		*journal = output_journal_open(NULL, err);
		if (!*journal)
			return EXIT_FAILED;
		wanted.journal = *journal;
	}
	*output = output_new(&wanted, err);
	return *output ? EXIT_DONE : EXIT_FAILED;
}

int watch_output_reopen(const struct options *options, struct output *output,
			const struct keeper *keeper, struct error *err)
{
	int fd;

	if (!keeper)
		return output_reopen(output, err);
	fd = keeper_ask_fd(keeper, KEEPER_REOPEN, 0);
	if (fd < 0)
		return error_set(err, -fd, "cannot write to '%s': %s",
				 options->output_path, strerror(-fd));
	return output_replace(output, fd, err);
}

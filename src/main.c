/* SPDX-License-Identifier: BSD-2-Clause */
/* Wires options to the watch and failures to exit codes. */
#include <stdio.h>

#include "column.h"
#include "diagnostics.h"
#include "options.h"
#include "watch.h"

static int list_columns(const struct view_ops *view)
{
	for (unsigned int id = 0; id < COLUMN_COUNT; id++)
		if (view->columns & (1ull << id))
			printf("%-12s %s%s%s%s\n", columns[id].name,
			       columns[id].meaning, columns[id].unit ? " (" : "",
			       columns[id].unit ? columns[id].unit : "",
			       columns[id].unit ? ")" : "");
	return fflush(stdout) ? EXIT_FAILED : EXIT_DONE;
}

static int run(const struct options *options, struct error *err)
{
	switch (options->action) {
	case OPTIONS_HELP:
		return options_print_help(options->view) ? EXIT_FAILED : EXIT_DONE;
	case OPTIONS_VERSION:
		return options_print_version() ? EXIT_FAILED : EXIT_DONE;
	case OPTIONS_LIST_COLUMNS:
		return list_columns(options->view);
	case OPTIONS_WATCH:
		break;
	}
	return watch_run(options, err);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct options options;
	int code;

	if (options_parse(&options, argc, argv, &err)) {
		diagnostics_error(&err);
		return EXIT_USAGE;
	}
	diagnostics_set_verbosity(options.verbosity);
	code = run(&options, &err);
	if (err.code)
		diagnostics_error(&err);
	return code;
}

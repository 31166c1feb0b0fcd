/* SPDX-License-Identifier: BSD-2-Clause */
/* What must not stand together; see options_settle.h. */
#include "options_settle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "options_recording.h"
#include "options_samples.h"
#include "options_table.h"
#include "output/output.h"
#include "view/view.h"
#include "tcpwatch/backend.h"

static const struct backend_ops *find_backend(const char *name)
{
	size_t i;

	for (i = 0; backends[i]; i++) {
		if (!strcmp(backends[i]->name, name))
			return backends[i];
	}
	return NULL;
}

/* A recording needs a backend that reads files, and the other way round. Of
 * one that this build lacks only backend_open() can tell. */
static int settle_backend(const struct options *options, struct error *err)
{
	const struct backend_ops *ops = find_backend(options->backend);
	bool reads_file = ops && ops->promises & BACKEND_FILE;

	if (options->read_path && options->command)
		return error_set(err, EINVAL, "--: a recording has no command to "
				 "wait for; leave out one of -r and -- CMD");
	if (!options->read_path && reads_file)
		return error_set(err, EINVAL,
				 "--backend: '%s' reads a file; give --read FILE",
				 options->backend);
	if (options->read_path && ops && !reads_file)
		return error_set(err, EINVAL,
				 "--backend: '%s' watches this machine and cannot go with --read; "
				 "leave out one of the two",
				 options->backend);
	return 0;
}

static int settle_format(const struct options *options, struct error *err)
{
	const struct output_format *format = output_format_find(options->format);
	const struct view_ops *view = options->view;
	unsigned int rows = view->rows ? view->rows(&options->view_options) :
					 OUTPUT_ROWS_EVENTS;

	if (format->rows & rows)
		return 0;
	return error_set(err, EINVAL, "--format: '%s' is for %s; use table, csv or "
			 "json here", options->format, format->rows_words);
}

static int settle_view(const struct options *options, struct error *err)
{
	const struct view_ops *view = options->view;

	if (settle_format(options, err))
		return -EINVAL;
	if (view->is_list && options->command)
		return error_set(err, EINVAL, "--: '%s' lists what there is and "
				 "starts no command", view->name);
	if (options->read_path && (options->view_options.metrics.file ||
				   options->view_options.metrics.listen))
		return error_set(err, EINVAL, "--read: the metrics of a recording "
				 "go to stdout; leave out -o and --listen");
	return view->check ? view->check(&options->view_options, err) : 0;
}

static void settle_color(struct options *options)
{
	const char *no_color = getenv("NO_COLOR");

	if (options->color == OPTIONS_COLOR_AUTO && no_color && no_color[0])
		options->color = OPTIONS_COLOR_NEVER;
}

int options_settle(struct options *options, unsigned int scope,
		   struct error *err)
{
	int rc;

	settle_color(options);
	rc = options_samples_settle(options, err);
	if (rc < 0)
		return rc;
	if (options->errand && !options->errand->takes_command &&
	    options->command)
		return error_set(err, EINVAL, "--: '%s' starts no command",
				 options->errand->name);
	if (options->action == OPTIONS_RECORD)
		return options_recording_settle_record(options, err);
	if (options->errand)
		return 0;
	if (scope == OPTIONS_SCOPE_REPORT)
		rc = options_recording_settle_report(options, err);
	if (rc == 0)
		rc = settle_view(options, err);
	if (rc == 0 && options->view->is_list)
		options->action = OPTIONS_SOCKETS;
	return rc < 0 ? rc : settle_backend(options, err);
}

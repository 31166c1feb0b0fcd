/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens and closes what a watch is made of; see watch_parts.h. */
#include "watch_parts.h"

#include <unistd.h>

#include "process/privileges.h"
#include "process/ready_file.h"
#include "process/signals.h"
#include "report.h"
#include "syscall_filter.h"
#include "watch.h"
#include "watch_output.h"
#include "watch_wait.h"
#include "watch_wants.h"

/* Every view needs them from the backend, few as observations. */
#define NOT_SHOWN_UNASKED \
	(EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_DESTROY) | EVENT_BIT(EVENT_GONE))

enum { TASKS_MAX = 65536 };

static struct view *open_view(struct watch_parts *parts, struct error *err)
{
	const struct options *options = parts->options;
	struct view_options wanted = options->view_options;

	wanted.filter = &parts->filter;
	wanted.max_sockets = options->max_sockets;
	wanted.latency_ns = options->latency_ns;
	return options->view->new(&wanted, parts->output, err);
}

static int open_tracker(struct watch_parts *parts, unsigned int events,
			struct error *err)
{
	const struct options *options = parts->options;
	const struct tracker_options wanted = {
		.max_sockets = options->max_sockets,
		.max_tasks = TASKS_MAX,
		.since_ns = parts->source.facts.since_ns,
		.events = parts->source.facts.events,
		.shown = (events & ~NOT_SHOWN_UNASKED) | options->view->observed,
		.stuck = options->stuck,
		.reason_wait_ns = options->latency_ns / 2,
		.sink = { watch_rows_take, &parts->rows },
	};

	parts->tracker = tracker_new(&wanted, err);
	if (!parts->tracker)
		return EXIT_FAILED;
	if (options->view->counts)
		options->view->counts(parts->view,
				      tracker_counts(parts->tracker));
	if (parts->command.pid)
		tracker_follow(parts->tracker, parts->command.pid);
	return EXIT_DONE;
}

static int open_waiting(struct watch_parts *parts, int signal_fd,
			struct error *err)
{
	const struct view_ops *view = parts->options->view;
	const struct backend *backend = parts->source.backend;
	const struct watch_wait_fds fds = {
		.signals = signal_fd,
		.output = output_fd(parts->output),
		.backend = backend->ops->fd ? backend->ops->fd(backend) : -1,
		.view = view->fd ? view->fd(parts->view) : -1,
	};

	parts->wait_fd = watch_wait_open(&fds, err);
	return parts->wait_fd < 0 ? EXIT_FAILED : EXIT_DONE;
}

/* What happens to the events, up to a row. */
static int open_events(struct watch_parts *parts, struct error *err)
{
	const struct options *options = parts->options;
	unsigned int events =
		watch_wants_events(options,
				   &output_options(parts->output)->columns);
	int code = watch_source_open(&parts->source, options, events, err);

	parts->rows = (struct watch_rows){
		.options = options,
		.filter = &parts->filter,
		.source = &parts->source,
		.view = parts->view,
	};
	return code == EXIT_DONE ? open_tracker(parts, events, err) : code;
}

/* Every event is on, and a command has not yet begun. */
static int begin(struct watch_parts *parts, struct error *err)
{
	const struct options *options = parts->options;
	const struct view_ops *view = options->view;

	if (output_begin(parts->output, err) ||
	    (view->begin &&
	     view->begin(parts->view, &parts->source.facts, err)) ||
	    (options->ready_path && !parts->source.held &&
	     ready_file_write(options->ready_path, err)))
		return EXIT_FAILED;
	return EXIT_DONE;
}

static int keep_rights(struct watch_parts *parts, struct error *err)
{
	const struct options *options = parts->options;
	const struct keeper_duty duty = {
		parts->source.backend, parts->output, options->output_path,
		options->view_options.metrics.file, &parts->command,
	};
	int ret = keeper_process_open(&parts->keeper, &duty, err);

	if (!ret && options->view->confine)
		options->view->confine(parts->view, &parts->keeper.keeper);
	return ret;
}

/* From here on nothing that comes from outside meets a right of ours. A source that
 * cannot do without has none: recordings were given up for before (report.c). */
static int give_up_rights(struct watch_parts *parts, struct error *err)
{
	struct backend *backend = parts->source.backend;

	if (!backend->ops->confine)
		return EXIT_DONE;
	if (keep_rights(parts, err))
		return EXIT_FAILED;
	backend->ops->confine(backend, &parts->keeper.keeper);
	return privileges_confine(&parts->options->user, err) ||
	       syscall_filter_enter(err) < 0 ? EXIT_FAILED : EXIT_DONE;
}

int watch_parts_open(struct watch_parts *parts, const struct options *options,
		     struct error *err)
{
	int signal_fd, code = EXIT_DONE;

	*parts = (struct watch_parts){
		.options = options,
		.filter = options->filter,
		.command.gate_fd = -1,
		.wait_fd = -1,
	};
	parts->filter.followed_only = options->command &&
				      !filter_is_given(&options->filter);
	signal_fd = signals_open(err);
	if (signal_fd < 0)
		return EXIT_FAILED;
	if (options->recover)
		code = report_recover(options, err);
	if (code == EXIT_DONE)
		code = watch_output_open(options, &parts->output, &parts->journal, err);
	if (code != EXIT_DONE)
		return code;
	parts->view = open_view(parts, err);
	if (!parts->view ||
	    (options->command &&
	     command_fork(&parts->command, options->command, err)))
		return EXIT_FAILED;
	code = open_events(parts, err);
	if (code == EXIT_DONE)
		code = open_waiting(parts, signal_fd, err);
	if (code == EXIT_DONE)
		code = begin(parts, err);
	return code == EXIT_DONE ? give_up_rights(parts, err) : code;
}

void watch_parts_close(struct watch_parts *parts)
{
	command_done(&parts->command);
	watch_source_close(&parts->source);
	keeper_process_close(&parts->keeper);
	tracker_free(parts->tracker);
	parts->options->view->free(parts->view);
	output_free(parts->output);
	output_journal_close(parts->journal);
	if (parts->wait_fd >= 0)
		close(parts->wait_fd);
}

const struct keeper *watch_parts_keeper(const struct watch_parts *parts)
{
	return parts->keeper.pid ? &parts->keeper.keeper : NULL;
}

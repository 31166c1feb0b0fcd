/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop: wait, read events, feed the tracker, let the view make rows, write
 * them out when nothing more is at hand, stop when told to.
 */
#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/diagnostics.h"
#include "filter/filter.h"
#include "output/output.h"
#include "output/output_journal.h"
#include "process/command.h"
#include "process/signals.h"
#include "tracker/tracker.h"
#include "view/view.h"
#include "watch_closing.h"
#include "watch_output.h"
#include "watch_parts.h"
#include "watch_rows.h"
#include "watch_source.h"
#include "watch_wait.h"
#include "tcpwatch/backend.h"

struct watch {
	struct watch_parts parts;
	uint32_t sampled;       /* what the user has been told of it */
	bool ended;             /* the backend has nothing more */
	bool stopped;           /* no more events are wanted, whatever the rows */
	bool reader_gone;       /* nor is what is already here */
	bool asked;             /* the view's descriptor is readable */
};

static bool is_over(const struct watch *watch)
{
	return watch->stopped || watch->parts.rows.over;
}

static void take_event(void *context, const struct event *event)
{
	struct watch_parts *parts = context;

	tracker_take(parts->tracker, event, filter_event(&parts->filter, event));
}

static enum backend_answer read_events(struct watch *watch, struct error *err)
{
	const struct event_sink sink = { take_event, &watch->parts };

	return watch_source_read(&watch->parts.source, &sink, err);
}

static int reopen(struct watch_parts *parts, struct error *err)
{
	if (parts->source.held)
		return error_set(err, EACCES, "SIGHUP, after privileges were given "
				 "up for the recording: cannot write to '%s': %s",
				 parts->options->output_path, strerror(EACCES));
	return watch_output_reopen(parts->options, parts->output,
				   watch_parts_keeper(parts), err);
}

static void reopen_output(struct watch_parts *parts)
{
	struct error err = { 0 };

	if (reopen(parts, &err) ||
	    watch_wait_add_output(parts->wait_fd, output_fd(parts->output), &err))
		diagnostics_error(&err);        /* the old file goes on */
}

/* A command is told to end, and the watch goes on until it has: what it does in
 * its last moments is of interest. A second signal ends the watch at once. */
static void take_stop(struct watch *watch)
{
	struct command *command = &watch->parts.command;

	if (!command->pid || command->signalled)
		watch->stopped = true;
	else
		command_signal(command, signals_stopped_by(),
			       watch_parts_keeper(&watch->parts));
}

static void take_signals(struct watch *watch)
{
	const struct options *options = watch->parts.options;
	unsigned int came = signals_take();

	if (came & SIGNALS_STOP)
		take_stop(watch);
	if (came & SIGNALS_TIME)
		watch->stopped = true;
	if (came & SIGNALS_REPORT)
		watch_rows_report(&watch->parts.rows, false);
	if (came & SIGNALS_CHILD && command_reap(&watch->parts.command))
		watch->stopped = true;
	if (!(came & SIGNALS_HANGUP))
		return;
	if (options->output_path)
		reopen_output(&watch->parts);
	else if (!options->view_options.metrics.file)
		watch->stopped = true;
}

static void lose_reader(struct watch *watch)
{
	watch->stopped = true;
	watch->reader_gone = true;
}

/* 0, or -errno of a failure that ends the run; a reader that went away, or does
 * not read while it is time to stop, ends it without one. */
static int flush(struct watch *watch, struct error *err)
{
	int ret;

	do {
		ret = output_flush(watch->parts.output, err);
	} while (ret == -EINTR && !signals_stopping());
	if (ret != -EPIPE && ret != -EINTR)
		return ret;
	if (ret == -EINTR)
		diagnostics_note("the reader of the output does not read: "
				 "the last rows are dropped");
	lose_reader(watch);
	return 0;
}

static void wait_for_more(struct watch *watch)
{
	/* A backend without a descriptor always has something to read. */
	int timeout_ms = watch->parts.source.backend->ops->fd ? -1 : 0;
	unsigned int found = watch_wait_take(watch->parts.wait_fd, timeout_ms);

	if (found & WATCH_WAIT_ASKED)
		watch->asked = true;
	if (found & WATCH_WAIT_READER_GONE)
		lose_reader(watch);
}

/* Samples that stand for several are too few to be told as all. */
static void tell_sampling(struct watch *watch)
{
	uint32_t sampled = tracker_counts(watch->parts.tracker)->sampled;

	if (sampled <= watch->sampled)
		return;
	watch->sampled = sampled;
	if (sampled > 1)
		diagnostics_note("1 in %" PRIu32 " samples is taken%s", sampled,
				 watch->parts.options->samples.every ? "" :
				 ": there are more than 100000 a second; --sample "
				 "all takes them all");
}

/* What has been read by now belongs to the answer. */
static int serve(struct watch *watch, struct error *err)
{
	if (!watch->asked)
		return 0;
	watch->asked = false;
	return watch->parts.options->view->serve(watch->parts.view, err);
}

static int watch_until_over(struct watch *watch, struct error *err)
{
	while (!is_over(watch)) {
		switch (read_events(watch, err)) {
		case BACKEND_FAILED:
			return -EIO;
		case BACKEND_END:
			watch->ended = true;
			return 0;
		case BACKEND_MORE:
			break;
		case BACKEND_IDLE:
			if (flush(watch, err) || serve(watch, err))
				return -EIO;
			if (!is_over(watch))
				wait_for_more(watch);
			break;
		}
		tell_sampling(watch);
		take_signals(watch);
	}
	return 0;
}

/* What happened before the end was asked for is still taken. */
static int drain(struct watch *watch, struct error *err)
{
	struct backend *backend = watch->parts.source.backend;
	enum backend_answer answer;

	if (watch->ended || watch->reader_gone ||
	    watch_rows_are_all(&watch->parts.rows) || !backend->ops->stop)
		return 0;
	backend->ops->stop(backend);
	do {
		answer = read_events(watch, err);
	} while (answer == BACKEND_MORE || answer == BACKEND_IDLE);
	return answer == BACKEND_FAILED ? -EIO : 0;
}

/* 0, or -errno and *err. */
static int run(struct watch *watch, struct error *err)
{
	struct watch_parts *parts = &watch->parts;
	const struct view_ops *view = parts->options->view;
	int failed;

	command_start(&parts->command);
	if (parts->options->duration_ns)
		signals_set_limit(parts->options->duration_ns);
	failed = watch_until_over(watch, err);
	if (view->end)
		view->end(parts->view);
	if (!failed)
		failed = drain(watch, err);
	/* Also after a failure: what had been understood is shown. */
	tracker_finish(parts->tracker);
	watch_rows_report(&parts->rows, true);
	if (view->finish && view->finish(parts->view, err))
		failed = -EIO;
	output_end(parts->output);
	if (!watch->reader_gone && flush(watch, err))
		failed = -EIO;
	return failed;
}

/* The exit code of a watch that was opened. */
static int run_and_tell(struct watch *watch, struct error *err)
{
	const struct watch_parts *parts = &watch->parts;
	int failed = run(watch, err);
	const struct tracker_counts *counts = tracker_counts(parts->tracker);

	watch_closing_tell(counts, parts->rows.count,
			   parts->journal ? output_journal_dropped(parts->journal) : 0,
			   &parts->command);
	if (failed)
		return EXIT_FAILED;
	if (parts->command.ended)
		return parts->command.exit_code;
	if (parts->options->fail_on_loss && (counts->lost || counts->lost_unknown))
		return EXIT_LOST;
	return EXIT_DONE;
}

int watch_run(const struct options *options, struct error *err)
{
	struct watch watch = { 0 };
	int code = watch_parts_open(&watch.parts, options, err);

	if (code == EXIT_DONE)
		code = run_and_tell(&watch, err);
	watch_parts_close(&watch.parts);
	return code;
}

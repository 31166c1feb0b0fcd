/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop: wait, read events, feed the tracker, let the view make rows, write
 * them out when nothing more is at hand, stop when told to.
 */
#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>

#include "command.h"
#include "diagnostics.h"
#include "keeper_process.h"
#include "privileges.h"
#include "ready_file.h"
#include "report.h"
#include "signals.h"
#include "syscall_filter.h"
#include "tracker.h"
#include "view.h"
#include "watch_closing.h"
#include "watch_missing.h"
#include "watch_output.h"
#include "watch_wants.h"
#include "tcpwatch/backend.h"

/* Every view needs them from the backend, few as observations. */
#define NOT_SHOWN_UNASKED \
	(EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_DESTROY) | EVENT_BIT(EVENT_GONE))

enum { READ_BUDGET = 2048, TASKS_MAX = 65536 };

/* What the loop waits for, told apart by epoll's data. */
enum source { SOURCE_BACKEND, SOURCE_SIGNAL, SOURCE_READER, SOURCE_VIEW };

struct watch {
	const struct options *options;
	struct filter filter;
	struct command command;
	struct output_journal *journal;
	struct output *output;
	struct view *view;
	struct held_files *held; /* the recording's; NULL: there is none */
	struct backend *backend;
	struct backend_facts facts;
	struct keeper_process keeper; /* without one the rights are ours */
	struct tracker *tracker;
	int epoll_fd;
	uint64_t rows;
	uint32_t sampled;       /* what the user has been told of it */
	uint64_t from_ns, to_ns; /* of event time: what is shown */
	bool ended;             /* the backend has nothing more */
	bool over;              /* no more events are wanted */
	bool reader_gone;       /* nor is what is already here */
	bool asked;             /* the view's descriptor is readable */
};

/* The rows that were asked for are there: nothing more is to be shown. */
static bool has_all_rows(const struct watch *watch)
{
	const struct view_ops *view = watch->options->view;

	return (watch->options->rows && watch->rows >= watch->options->rows) ||
	       (view->is_done && view->is_done(watch->view));
}

static void count_rows(struct watch *watch, unsigned int count)
{
	const uint64_t limit = watch->options->rows;

	/* What came in one go beyond the limit has not been printed. */
	watch->rows += count;
	if (limit && watch->rows > limit)
		watch->rows = limit;
	if (has_all_rows(watch))
		watch->over = true;
}

static void report(struct watch *watch, bool final)
{
	const struct view_ops *view = watch->options->view;

	if (view->report && !has_all_rows(watch))
		count_rows(watch, view->report(watch->view, final,
					       wall_clock_of(&watch->facts)));
}

static void take_observation(void *context, const struct observation *observation)
{
	struct watch *watch = context;

	if (has_all_rows(watch) || observation->event.time_ns < watch->from_ns ||
	    (!watch->options->view->takes_all &&
	     !filter_observation(&watch->filter, observation)))
		return;
	if (observation->event.time_ns > watch->to_ns) {
		watch->over = true;
		return;
	}
	count_rows(watch, watch->options->view->take(watch->view, observation,
						     wall_clock_of(&watch->facts)));
}

static void take_event(void *context, const struct event *event)
{
	struct watch *watch = context;

	tracker_take(watch->tracker, event, filter_event(&watch->filter, event));
}

/* Trace events carry process ids of the initial PID namespace: here, nothing
 * that names a process could ever match, where that matters. */
static int check_pids(const struct watch *watch, struct error *err)
{
	const char *option = watch->options->command ? "--" : "--pid";

	if (!watch->facts.foreign_pids || watch->options->view->spares_events ||
	    (!watch->options->command && !watch->filter.endpoints.pids.count))
		return EXIT_DONE;
	error_set(err, EPERM, "%s cannot work inside a PID namespace: the kernel "
		  "reports other process ids; run it outside, or filter by port",
		  option);
	return EXIT_NO_BACKEND;
}

static unsigned int wanted_events(const struct watch *watch)
{
	return watch_wants_events(watch->options,
				  &output_options(watch->output)->columns);
}

static uint64_t moment_ns(const struct watch *watch,
			  const struct options_time *time, uint64_t otherwise_ns)
{
	if (!time->given)
		return otherwise_ns;
	return time->ns + (time->relative ? watch->facts.since_ns : 0);
}

/* A backend that the user names must work. */
static bool may_be_silent(const struct options *options)
{
	return options->view->spares_events && !strcmp(options->backend, "auto");
}

/* After *err has said why there are no events. */
static struct backend *open_silent(const struct backend_options *wanted,
				   struct error *err)
{
	diagnostics_note("no trace beside it: %s", err->text);
	*err = (struct error){ 0 };
	return backend_silent.open(wanted, err);
}

static int keep_rights(struct watch *watch, struct error *err)
{
	const struct options *options = watch->options;
	const struct keeper_duty duty = {
		watch->backend, watch->output, options->output_path,
		options->view_options.metrics.file, &watch->command,
	};
	int ret = keeper_process_open(&watch->keeper, &duty, err);

	if (!ret && options->view->confine)
		options->view->confine(watch->view, &watch->keeper.keeper);
	return ret;
}

static int open_backend(struct watch *watch, struct error *err)
{
	const struct options *options = watch->options;
	struct backend_options wanted =
		watch_wants_backend(options, wanted_events(watch));
	char report[BACKEND_REPORT_BYTES] = "";

	if (report_hold(options, &watch->held, err))
		return watch->held ? EXIT_FAILED : EXIT_NO_BACKEND;
	wanted.held = watch->held;
	wanted.filter = &watch->filter.endpoints;
	watch->backend = wanted.events == EVENT_BIT(EVENT_TICK) ?
			 backend_silent.open(&wanted, err) :
			 backend_open(options->backend,
				      watch_wants_promises(options),
				      &wanted, report, err);
	if (!watch->backend && may_be_silent(options))
		watch->backend = open_silent(&wanted, err);
	if (!watch->backend)            /* EINVAL: what stands in the file */
		return options->read_path && err->code == EINVAL ?
			EXIT_USAGE : EXIT_NO_BACKEND;
	watch->backend->ops->facts(watch->backend, &watch->facts);
	if (report[0])
		diagnostics_note("%s", report);
	if (watch->facts.note)
		diagnostics_note("%s", watch->facts.note);
	if (options->view->note)
		diagnostics_note("%s", options->view->note);
	watch->from_ns = moment_ns(watch, &options->from, 0);
	watch->to_ns = moment_ns(watch, &options->to, UINT64_MAX);
	if (watch->from_ns > watch->to_ns) {
		error_set(err, EINVAL, "--from: is later than --to in '%s', and "
			  "nothing lies between; --info tells its times",
			  options->read_path);
		return EXIT_USAGE;
	}
	watch_missing_tell(options, wanted.events, &watch->facts,
			   options->read_path ? options->read_path :
			   watch->backend->ops->name);
	return check_pids(watch, err);
}

static int open_tracker(struct watch *watch, struct error *err)
{
	const struct tracker_options options = {
		.max_sockets = watch->options->max_sockets,
		.max_tasks = TASKS_MAX,
		.since_ns = watch->facts.since_ns,
		.events = watch->facts.events,
		.shown = (wanted_events(watch) & ~NOT_SHOWN_UNASKED) |
			 watch->options->view->observed,
		.stuck = watch->options->stuck,
		.reason_wait_ns = watch->options->latency_ns / 2,
		.sink = { take_observation, watch },
	};

	watch->tracker = tracker_new(&options, err);
	if (!watch->tracker)
		return EXIT_FAILED;
	if (watch->options->view->counts)
		watch->options->view->counts(watch->view,
					     tracker_counts(watch->tracker));
	if (watch->command.pid)
		tracker_follow(watch->tracker, watch->command.pid);
	return EXIT_DONE;
}

static int wait_for(struct watch *watch, int fd, uint32_t events,
		    enum source source, struct error *err)
{
	struct epoll_event event = { .events = events, .data.u32 = source };

	/* EPERM: a regular file, which never makes anybody wait. */
	if (epoll_ctl(watch->epoll_fd, EPOLL_CTL_ADD, fd, &event) &&
	    errno != EPERM)
		return error_set(err, errno, "cannot wait for events: %s",
				 strerror(errno));
	return 0;
}

/* Waiting for no event on the output still reports that its reader has gone
 * (EPOLLERR), also when there is nothing more to write. */
static int wait_for_reader(struct watch *watch, struct error *err)
{
	return wait_for(watch, output_fd(watch->output), 0, SOURCE_READER, err);
}

static int open_waiting(struct watch *watch, int signal_fd, struct error *err)
{
	const struct view_ops *view = watch->options->view;
	const struct backend *backend = watch->backend;

	watch->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll_fd < 0) {
		error_set(err, errno, "cannot wait for events: %s",
			  strerror(errno));
		return EXIT_FAILED;
	}
	if (wait_for(watch, signal_fd, EPOLLIN, SOURCE_SIGNAL, err) ||
	    wait_for_reader(watch, err))
		return EXIT_FAILED;
	if (backend->ops->fd &&
	    wait_for(watch, backend->ops->fd(backend), EPOLLIN, SOURCE_BACKEND, err))
		return EXIT_FAILED;
	if (view->fd && view->fd(watch->view) >= 0 &&
	    wait_for(watch, view->fd(watch->view), EPOLLIN, SOURCE_VIEW, err))
		return EXIT_FAILED;
	return EXIT_DONE;
}

static const struct keeper *keeper(const struct watch *watch)
{
	return watch->keeper.pid ? &watch->keeper.keeper : NULL;
}

static int reopen(struct watch *watch, struct error *err)
{
	int fd;

	if (watch->held)
		return error_set(err, EACCES, "cannot write to '%s': %s",
				 watch->options->output_path, strerror(EACCES));
	if (!keeper(watch))
		return output_reopen(watch->output, err);
	fd = keeper_ask_fd(keeper(watch), KEEPER_REOPEN, 0);
	if (fd < 0)
		return error_set(err, -fd, "cannot write to '%s': %s",
				 watch->options->output_path, strerror(-fd));
	return output_replace(watch->output, fd, err);
}

static void reopen_output(struct watch *watch)
{
	struct error err = { 0 };

	if (!reopen(watch, &err) && !wait_for_reader(watch, &err))
		return;
	if (watch->held && err.code == EACCES)
		error_prefix(&err, "SIGHUP, after privileges were given up for "
			     "the recording");
	diagnostics_error(&err);                /* the old file goes on */
}

/* A command is told to end, and the watch goes on until it has: what it does in
 * its last moments is of interest. A second signal ends the watch at once. */
static void take_stop(struct watch *watch)
{
	if (!watch->command.pid || watch->command.signalled)
		watch->over = true;
	else
		command_signal(&watch->command, signals_stopped_by(),
			       keeper(watch));
}

static void take_signals(struct watch *watch)
{
	unsigned int came = signals_take();

	if (came & SIGNALS_STOP)
		take_stop(watch);
	if (came & SIGNALS_TIME)
		watch->over = true;
	if (came & SIGNALS_REPORT)
		report(watch, false);
	if (came & SIGNALS_CHILD && command_reap(&watch->command))
		watch->over = true;
	if (!(came & SIGNALS_HANGUP))
		return;
	if (watch->options->output_path)
		reopen_output(watch);
	else if (!watch->options->view_options.metrics.file)
		watch->over = true;
}

/* 0, or -errno of a failure that ends the run; a reader that went away, or does
 * not read while it is time to stop, ends it without one. */
static int flush(struct watch *watch, struct error *err)
{
	int ret;

	do {
		ret = output_flush(watch->output, err);
	} while (ret == -EINTR && !signals_stopping());
	if (ret != -EPIPE && ret != -EINTR)
		return ret;
	if (ret == -EINTR)
		diagnostics_note("the reader of the output does not read: "
				 "the last rows are dropped");
	watch->over = true;
	watch->reader_gone = true;
	return 0;
}

static void wait_for_more(struct watch *watch)
{
	/* A backend without a descriptor always has something to read. */
	int timeout = watch->backend->ops->fd ? -1 : 0;
	struct epoll_event events[4];
	int count = epoll_wait(watch->epoll_fd, events, 4, timeout);

	for (int i = 0; i < count; i++) {
		if (events[i].data.u32 == SOURCE_VIEW)
			watch->asked = true;
		if (events[i].data.u32 != SOURCE_READER)
			continue;
		watch->over = true;
		watch->reader_gone = true;
	}
}

static enum backend_answer read_events(struct watch *watch, struct error *err)
{
	const struct event_sink sink = { take_event, watch };
	const char *note = watch->facts.note;

	watch->backend->ops->facts(watch->backend, &watch->facts);
	if (watch->facts.note && watch->facts.note != note)
		diagnostics_note("%s", watch->facts.note);
	return watch->backend->ops->read(watch->backend, READ_BUDGET, &sink, err);
}

/* Samples that stand for several are too few to be told as all. */
static void tell_sampling(struct watch *watch)
{
	uint32_t sampled = tracker_counts(watch->tracker)->sampled;

	if (sampled <= watch->sampled)
		return;
	watch->sampled = sampled;
	if (sampled > 1)
		diagnostics_note("1 in %" PRIu32 " samples is taken%s", sampled,
				 watch->options->samples.every ? "" :
				 ": there are more than 100000 a second; --sample "
				 "all takes them all");
}

/* What has been read by now belongs to the answer. */
static int serve(struct watch *watch, struct error *err)
{
	if (!watch->asked)
		return 0;
	watch->asked = false;
	return watch->options->view->serve(watch->view, err);
}

static int watch_until_over(struct watch *watch, struct error *err)
{
	while (!watch->over) {
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
			if (!watch->over)
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
	enum backend_answer answer;

	if (watch->ended || watch->reader_gone || has_all_rows(watch) ||
	    !watch->backend->ops->stop)
		return 0;
	watch->backend->ops->stop(watch->backend);
	do {
		answer = read_events(watch, err);
	} while (answer == BACKEND_MORE || answer == BACKEND_IDLE);
	return answer == BACKEND_FAILED ? -EIO : 0;
}

static struct view *open_view(struct watch *watch, struct error *err)
{
	struct view_options wanted = watch->options->view_options;

	wanted.filter = &watch->filter;
	wanted.max_sockets = watch->options->max_sockets;
	wanted.latency_ns = watch->options->latency_ns;
	return watch->options->view->new(&wanted, watch->output, err);
}

/* From here on nothing that comes from outside meets a right of ours. A source that
 * cannot do without has none: recordings were given up for before (report.c). */
static int give_up_rights(struct watch *watch, struct error *err)
{
	const struct backend_ops *ops = watch->backend->ops;

	if (!ops->confine)
		return EXIT_DONE;
	if (keep_rights(watch, err))
		return EXIT_FAILED;
	ops->confine(watch->backend, &watch->keeper.keeper);
	return privileges_confine(&watch->options->user, err) ||
	       syscall_filter_enter(err) < 0 ? EXIT_FAILED : EXIT_DONE;
}

static int set_up(struct watch *watch, struct error *err)
{
	const struct options *options = watch->options;
	int signal_fd = signals_open(err);
	int code;

	if (signal_fd < 0 ||
	    (options->recover && report_recover(options, err)))
		return EXIT_FAILED;
	code = watch_output_open(options, &watch->output, &watch->journal, err);
	if (code != EXIT_DONE)
		return code;
	watch->view = open_view(watch, err);
	if (!watch->view ||
	    (options->command &&
	     command_fork(&watch->command, options->command, err)))
		return EXIT_FAILED;
	code = open_backend(watch, err);
	if (code == EXIT_DONE)
		code = open_tracker(watch, err);
	if (code == EXIT_DONE)
		code = open_waiting(watch, signal_fd, err);
	if (code == EXIT_DONE &&
	    (output_begin(watch->output, err) ||
	     (options->view->begin &&
	      options->view->begin(watch->view, &watch->facts, err))))
		code = EXIT_FAILED;
	if (code == EXIT_DONE && options->ready_path && !watch->held &&
	    ready_file_write(options->ready_path, err))
		code = EXIT_FAILED;
	return code == EXIT_DONE ? give_up_rights(watch, err) : code;
}

static void tear_down(struct watch *watch)
{
	command_done(&watch->command);
	if (watch->backend)
		watch->backend->ops->close(watch->backend);
	keeper_process_close(&watch->keeper);
	held_files_close(watch->held);
	tracker_free(watch->tracker);
	watch->options->view->free(watch->view);
	output_free(watch->output);
	output_journal_close(watch->journal);
	if (watch->epoll_fd >= 0)
		close(watch->epoll_fd);
}

static int run(struct watch *watch, struct error *err)
{
	const struct options *options = watch->options;
	const struct tracker_counts *counts = tracker_counts(watch->tracker);
	int failed;

	command_start(&watch->command);
	if (options->duration_ns)
		signals_set_limit(options->duration_ns);
	failed = watch_until_over(watch, err);
	if (options->view->end)
		options->view->end(watch->view);
	if (!failed)
		failed = drain(watch, err);
	/* Also after a failure: what had been understood is shown. */
	tracker_finish(watch->tracker);
	report(watch, true);
	if (options->view->finish && options->view->finish(watch->view, err))
		failed = -EIO;
	output_end(watch->output);
	if (!watch->reader_gone && flush(watch, err))
		failed = -EIO;
	watch_closing_tell(counts, watch->rows,
			   watch->journal ? output_journal_dropped(watch->journal) : 0,
			   &watch->command);
	if (failed)
		return EXIT_FAILED;
	if (watch->command.ended)
		return watch->command.exit_code;
	if (options->fail_on_loss && (counts->lost || counts->lost_unknown))
		return EXIT_LOST;
	return EXIT_DONE;
}

int watch_run(const struct options *options, struct error *err)
{
	struct watch watch = {
		.options = options,
		.filter = options->filter,
		.command.gate_fd = -1,
		.epoll_fd = -1,
	};
	int code;

	watch.filter.followed_only = options->command &&
				     !filter_is_given(&options->filter);
	code = set_up(&watch, err);
	if (code == EXIT_DONE)
		code = run(&watch, err);
	tear_down(&watch);
	return code;
}

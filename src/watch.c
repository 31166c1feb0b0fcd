/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop: wait, read events, feed the tracker, let the view make rows, write
 * them out when nothing more is at hand, stop when told to.
 */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>

#include "command.h"
#include "diagnostics.h"
#include "output.h"
#include "output_journal.h"
#include "signals.h"
#include "tracker.h"
#include "view.h"
#include "tcpwatch/backend.h"

enum { READ_BUDGET = 2048, TASKS_MAX = 65536 };

/* What the loop waits for, told apart by epoll's data. */
enum source { SOURCE_BACKEND, SOURCE_SIGNAL, SOURCE_TIME, SOURCE_READER };

struct watch {
	const struct options *options;
	struct filter filter;
	struct command command;
	struct output_journal *journal;
	struct output *output;
	struct view *view;
	struct backend *backend;
	struct backend_facts facts;
	struct tracker *tracker;
	int epoll_fd, timer_fd;
	uint64_t rows;
	bool ended;             /* the backend has nothing more */
	bool over;              /* no more events are wanted */
	bool reader_gone;       /* nor is what is already here */
};

static void take_observation(void *context, const struct observation *observation)
{
	struct watch *watch = context;

	if (watch->over && watch->options->rows &&
	    watch->rows >= watch->options->rows)
		return;
	if (!filter_observation(&watch->filter, observation))
		return;
	watch->rows += watch->options->view->take(watch->view, observation,
						  watch->facts.wall_offset_ns,
						  watch->facts.wall_offset_known);
	if (watch->options->rows && watch->rows >= watch->options->rows)
		watch->over = true;
}

static void take_event(void *context, const struct event *event)
{
	struct watch *watch = context;

	tracker_take(watch->tracker, event, filter_event(&watch->filter, event));
}

static bool is_stopping(void *context)
{
	(void)context;
	return signals_stopping();
}

static bool is_on_terminal(const struct options *options)
{
	return !options->output_path && isatty(STDOUT_FILENO);
}

/* The terminal's width, or 0 where nothing must be cut. */
static size_t cut_width(const struct options *options)
{
	struct winsize size;

	if (!is_on_terminal(options) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
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

static int open_output(struct watch *watch, struct error *err)
{
	const struct options *options = watch->options;
	const struct view_ops *view = options->view;
	struct output_options output = {
		.format = options->format,
		.path = options->output_path,
		.header = options->header,
		.wide = options->view_options.wide,
		.iso = options->iso,
		.utc = options->utc,
		.cut_width = cut_width(options),
		.color = wants_color(options),
		.stopping = is_stopping,
	};

	if (options->columns) {
		if (column_list_parse(&output.columns, options->columns,
				      view->columns, err)) {
			error_prefix(err, "--columns");
			return EXIT_USAGE;
		}
	} else {
		view->default_columns(&options->view_options,
				      options->format && !strcmp(options->format, "csv"),
				      &output.columns);
	}
	if (options->journal) {
		watch->journal = output_journal_open(NULL, err);
		if (!watch->journal)
			return EXIT_FAILED;
		output.journal = watch->journal;
	}
	watch->output = output_new(&output, err);
	if (!watch->output)
		return EXIT_FAILED;
	watch->view = view->new(&options->view_options, watch->output, err);
	return watch->view ? EXIT_DONE : EXIT_FAILED;
}

static uint64_t shown_columns(const struct output *output)
{
	const struct column_list *list = &output_options(output)->columns;
	uint64_t shown = 0;

	for (size_t i = 0; i < list->count; i++)
		shown |= UINT64_C(1) << list->uses[i].id;
	return shown;
}

static int open_backend(struct watch *watch, struct error *err)
{
	const struct options *options = watch->options;
	const struct backend_options wanted = {
		.events = options->view->events(&options->view_options,
						shown_columns(watch->output)),
		.latency_ns = options->latency_ns,
		.buffer_bytes = options->buffer_bytes,
		.path = options->read_path,
		.filter = &watch->filter.endpoints,
	};
	char report[BACKEND_REPORT_BYTES];

	watch->backend = backend_open(options->backend,
				      options->read_path ? BACKEND_FILE : BACKEND_LIVE,
				      &wanted, report, err);
	if (!watch->backend)
		return err->code == EINVAL ? EXIT_USAGE : EXIT_NO_BACKEND;
	watch->backend->ops->facts(watch->backend, &watch->facts);
	diagnostics_note("%s", report);
	if (watch->facts.note)
		diagnostics_note("%s", watch->facts.note);
	return EXIT_DONE;
}

static int open_tracker(struct watch *watch, struct error *err)
{
	const struct tracker_options options = {
		.max_sockets = watch->options->max_sockets,
		.max_tasks = TASKS_MAX,
		.since_ns = watch->facts.since_ns,
		.events = watch->facts.events,
		.reason_wait_ns = watch->options->latency_ns / 2,
		.sink = { take_observation, watch },
	};

	watch->tracker = tracker_new(&options, err);
	if (!watch->tracker)
		return EXIT_FAILED;
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

static int start_timer(struct watch *watch, struct error *err)
{
	uint64_t limit_ns = watch->options->duration_ns;
	const struct itimerspec timer = {
		.it_value.tv_sec = (time_t)(limit_ns / 1000000000),
		.it_value.tv_nsec = (long)(limit_ns % 1000000000),
	};

	if (!limit_ns)
		return 0;
	watch->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (watch->timer_fd < 0 ||
	    timerfd_settime(watch->timer_fd, 0, &timer, NULL))
		return error_set(err, errno, "cannot set the time limit: %s",
				 strerror(errno));
	return wait_for(watch, watch->timer_fd, EPOLLIN, SOURCE_TIME, err);
}

/* Waiting for no event on the output still reports that its reader has gone
 * (EPOLLERR), also when there is nothing more to write. */
static int open_waiting(struct watch *watch, int signal_fd, struct error *err)
{
	const struct backend *backend = watch->backend;

	watch->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll_fd < 0) {
		error_set(err, errno, "cannot wait for events: %s",
			  strerror(errno));
		return EXIT_FAILED;
	}
	if (wait_for(watch, signal_fd, EPOLLIN, SOURCE_SIGNAL, err) ||
	    wait_for(watch, output_fd(watch->output), 0, SOURCE_READER, err) ||
	    start_timer(watch, err))
		return EXIT_FAILED;
	if (backend->ops->fd &&
	    wait_for(watch, backend->ops->fd(backend), EPOLLIN, SOURCE_BACKEND, err))
		return EXIT_FAILED;
	return EXIT_DONE;
}

/* By rename, so that whoever sees the file finds it whole. */
static int write_ready_file(const struct watch *watch, struct error *err)
{
	const char *path = watch->options->ready_path;
	char partial[4096], text[16];
	int fd, length, saved;

	if (!path)
		return 0;
	length = snprintf(text, sizeof(text), "%d\n", getpid());
	if ((size_t)snprintf(partial, sizeof(partial), "%s.new", path) >=
	    sizeof(partial))
		return error_set(err, ENAMETOOLONG, "--ready-file: '%s' is too long",
				 path);
	fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd >= 0 && write(fd, text, (size_t)length) == length &&
	    !close(fd) && !rename(partial, path))
		return 0;
	saved = errno;
	return error_set(err, saved, "--ready-file: cannot write '%s': %s", path,
			 strerror(saved));
}

static void reopen_output(struct watch *watch)
{
	struct error err = { 0 };

	if (output_reopen(watch->output, &err))
		diagnostics_error(&err);        /* the old file goes on */
}

static void take_signals(struct watch *watch)
{
	unsigned int came = signals_take();

	if (came & SIGNALS_STOP)
		watch->over = true;
	if (came & SIGNALS_CHILD && command_reap(&watch->command))
		watch->over = true;
	if (!(came & SIGNALS_HANGUP))
		return;
	if (watch->options->output_path)
		reopen_output(watch);
	else
		watch->over = true;
}

/* 0, or -errno of a failure that ends the run; a reader that went away, or a
 * stop signal while it did not read, ends it without one. */
static int flush(struct watch *watch, struct error *err)
{
	int ret;

	do {
		ret = output_flush(watch->output, err);
	} while (ret == -EINTR && !signals_stopping());
	if (ret != -EPIPE && ret != -EINTR)
		return ret;
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
		if (events[i].data.u32 == SOURCE_TIME)
			watch->over = true;
		if (events[i].data.u32 == SOURCE_READER) {
			watch->over = true;
			watch->reader_gone = true;
		}
	}
}

static enum backend_answer read_events(struct watch *watch, struct error *err)
{
	const struct event_sink sink = { take_event, watch };

	watch->backend->ops->facts(watch->backend, &watch->facts);
	return watch->backend->ops->read(watch->backend, READ_BUDGET, &sink, err);
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
			if (flush(watch, err))
				return -EIO;
			if (!watch->over)
				wait_for_more(watch);
			break;
		}
		take_signals(watch);
	}
	return 0;
}

/* What happened before the end was asked for is still taken. */
static int drain(struct watch *watch, struct error *err)
{
	enum backend_answer answer;

	if (watch->ended || watch->reader_gone || !watch->backend->ops->stop)
		return 0;
	watch->backend->ops->stop(watch->backend);
	do {
		answer = read_events(watch, err);
	} while (answer == BACKEND_MORE || answer == BACKEND_IDLE);
	return answer == BACKEND_FAILED ? -EIO : 0;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void print_closing_line(const struct watch *watch)
{
	const struct tracker_counts *counts = tracker_counts(watch->tracker);

	diagnostics_note("%" PRIu64 " event%s, %" PRIu64 " row%s, %s%" PRIu64
			 " lost, %" PRIu64 " evicted, %" PRIu64 " late",
			 counts->events, plural(counts->events), watch->rows,
			 plural(watch->rows),
			 counts->lost_unknown ? "at least " : "", counts->lost,
			 counts->evicted, counts->late);
}

static int set_up(struct watch *watch, struct error *err)
{
	int signal_fd = signals_open(err);
	int code;

	if (signal_fd < 0)
		return EXIT_FAILED;
	code = open_output(watch, err);
	if (code == EXIT_DONE && watch->options->command &&
	    command_fork(&watch->command, watch->options->command, err))
		code = EXIT_FAILED;
	if (code == EXIT_DONE)
		code = open_backend(watch, err);
	if (code == EXIT_DONE)
		code = open_tracker(watch, err);
	if (code == EXIT_DONE)
		code = open_waiting(watch, signal_fd, err);
	if (code == EXIT_DONE && write_ready_file(watch, err))
		code = EXIT_FAILED;
	return code;
}

static void tear_down(struct watch *watch)
{
	command_done(&watch->command);
	if (watch->backend)
		watch->backend->ops->close(watch->backend);
	tracker_free(watch->tracker);
	watch->options->view->free(watch->view);
	output_free(watch->output);
	output_journal_close(watch->journal);
	if (watch->timer_fd >= 0)
		close(watch->timer_fd);
	if (watch->epoll_fd >= 0)
		close(watch->epoll_fd);
}

static int run(struct watch *watch, struct error *err)
{
	const struct tracker_counts *counts = tracker_counts(watch->tracker);
	int failed;

	command_start(&watch->command);
	failed = watch_until_over(watch, err);
	if (signals_stopped_by())
		command_signal(&watch->command, signals_stopped_by());
	if (!failed)
		failed = drain(watch, err);
	/* Also after a failure: what had been understood is shown. */
	tracker_finish(watch->tracker);
	if (!watch->reader_gone && flush(watch, err))
		failed = -EIO;
	print_closing_line(watch);
	if (failed)
		return EXIT_FAILED;
	if (watch->command.ended)
		return watch->command.exit_code;
	if (watch->options->fail_on_loss && (counts->lost || counts->lost_unknown))
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
		.timer_fd = -1,
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

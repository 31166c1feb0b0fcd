/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of a recording: wait, copy pages, begin another file when one is
 * large enough, make it whole at the end. A flight recorder copies nothing until
 * it fires.
 */
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>

#include "common/diagnostics.h"
#include "common/link_target.h"
#include "process/command.h"
#include "process/ready_file.h"
#include "process/signals.h"
#include "trigger.h"
#include "watch/watch.h"
#include "tcpwatch/recording.h"

enum { PATH_BYTES = 4096 };

/* What a recording holds when the user does not say. */
#define EVENTS_USUAL \
	(EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_CONG) | \
	 EVENT_BIT(EVENT_RETRANS) | EVENT_BIT(EVENT_RESET) | \
	 EVENT_BIT(EVENT_ERROR) | EVENT_BIT(EVENT_GONE))
/* ... a flight recorder, which is to cost nothing until it fires. */
#define EVENTS_FLIGHT (EVENTS_USUAL & ~EVENT_BIT(EVENT_GONE))
/* Without these no recording can be understood later. */
#define EVENTS_ALWAYS \
	(EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) | \
	 EVENT_BIT(EVENT_TASK))

struct record {
	const struct options *options;
	const struct recorder_ops *ops;
	struct recorder *recorder;
	struct trigger *trigger;        /* watches for --when; NULL: nobody does */
	struct command command;
	int epoll_fd;
	bool over;
	bool fires;                     /* the flight recorder is to be written */
	uint64_t fired;
};

static int wait_for(struct record *record, int fd, struct error *err)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(record->epoll_fd, EPOLL_CTL_ADD, fd, &event))
		return error_set(err, errno, "cannot wait for events: %s",
				 strerror(errno));
	return 0;
}

/* Before anything is recorded, and long before a flight recorder fires: pieces
 * lie beside the file. */
static int check_folder(const struct options *options, struct error *err)
{
	const char *slash = strrchr(options->output_path, '/');
	char folder[PATH_BYTES] = ".";

	if (slash && (size_t)(slash - options->output_path) + 2 > sizeof(folder))
		return error_set(err, ENAMETOOLONG, "cannot write '%.60s...': %s",
				 options->output_path, strerror(ENAMETOOLONG));
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s",
			 (int)(slash - options->output_path) + 1,
			 options->output_path);
	if (!access(folder, W_OK | X_OK))
		return 0;
	return error_set(err, errno, "cannot write '%s': %s; use -o in a folder "
			 "that is there and may be written to",
			 options->output_path, strerror(errno));
}

static int open_trigger(struct record *record, struct error *err)
{
	if (!record->options->when)
		return 0;
	record->trigger = trigger_open(record->options, err);
	if (!record->trigger)
		return -err->code;
	return wait_for(record, trigger_fd(record->trigger), err);
}

static int open_recorder(struct record *record, struct error *err)
{
	const struct options *options = record->options;
	const struct recorder_options wanted = {
		.path = options->output_path,
		.events = record_events(options),
		.buffer_bytes = options->buffer_bytes,
		.flight_bytes = options->flight_bytes,
		.filter = &options->filter.endpoints,
	};

	if (!recording_recorder)
		return error_set(err, ENOTSUP, "this build cannot record: it was made "
				 "with WITH_TRACEFS=no");
	record->ops = recording_recorder;
	record->recorder = record->ops->open(&wanted, err);
	if (!record->recorder)
		return -err->code;
	if (record->ops->note(record->recorder))
		diagnostics_note("%s", record->ops->note(record->recorder));
	return wait_for(record, record->ops->fd(record->recorder), err);
}

/* FILE.1 becomes FILE.2 and so on, FILE becomes FILE.1. */
static int shift_older(const struct options *options, struct error *err)
{
	char from[PATH_BYTES], to[PATH_BYTES];

	for (uint64_t i = options->rotate; i > 0; i--) {
		snprintf(to, sizeof(to), "%s.%" PRIu64, options->output_path, i);
		if (i > 1)
			snprintf(from, sizeof(from), "%s.%" PRIu64,
				 options->output_path, i - 1);
		else
			snprintf(from, sizeof(from), "%s", options->output_path);
		if (rename(from, to) && errno != ENOENT)
			return error_set(err, errno, "cannot rename '%s': %s",
					 from, strerror(errno));
	}
	return 0;
}

static int write_file(struct record *record, bool last, struct error *err)
{
	/* Of two written by a flight recorder, the second must not replace the
	 * first where older ones are to be kept. */
	if (record->options->flight_bytes && record->options->rotate &&
	    shift_older(record->options, err))
		return -err->code;
	return record->ops->write(record->recorder, last, err);
}

/* Large enough: the next one, or the end. */
static int check_size(struct record *record, struct error *err)
{
	const struct options *options = record->options;
	int ret;

	if (!options->size_limit ||
	    record->ops->bytes(record->recorder) < options->size_limit)
		return 0;
	if (!options->rotate) {
		record->over = true;
		return 0;
	}
	ret = write_file(record, false, err);
	return ret ? ret : shift_older(options, err);
}

static int fire(struct record *record, struct error *err)
{
	record->fires = false;
	record->fired++;
	diagnostics_note("writing the flight recorder to %s",
			 record->options->output_path);
	return write_file(record, false, err);
}

static void take_signals(struct record *record)
{
	unsigned int came = signals_take();

	if (came & (SIGNALS_TIME | SIGNALS_HANGUP))
		record->over = true;
	if (came & SIGNALS_CHILD && command_reap(&record->command))
		record->over = true;
	if (came & SIGNALS_REPORT && record->options->flight_bytes)
		record->fires = true;
	if (!(came & SIGNALS_STOP))
		return;
	if (!record->command.pid || record->command.signalled)
		record->over = true;
	else
		command_signal(&record->command, signals_stopped_by(), NULL);
}

static int record_until_over(struct record *record, struct error *err)
{
	int ret = 0;

	while (!record->over && !ret) {
		struct epoll_event events[4];

		epoll_wait(record->epoll_fd, events, 4, -1);
		ret = record->ops->copy(record->recorder, err);
		if (!ret && record->trigger)
			ret = trigger_read(record->trigger, &record->fires, err);
		if (!ret)
			ret = check_size(record, err);
		take_signals(record);
		if (!ret && record->fires) {
			ret = fire(record, err);
			/* What it waited for has happened. */
			record->over |= record->options->when &&
					!record->options->rotate;
		}
	}
	return ret;
}

static void print_closing_line(const struct record *record)
{
	struct recorder_counts counts;

	record->ops->counts(record->recorder, &counts);
	diagnostics_note("%" PRIu64 " bytes of events in %" PRIu64
			 " recording%s (%s), %" PRIu64 " events lost", counts.bytes,
			 counts.files, counts.files == 1 ? "" : "s",
			 record->options->output_path, counts.lost);
	if (counts.ends_missing)
		diagnostics_note("not all ends of sockets were told or kept: some "
				 "bytes and round trips are not in the recording");
	if (record->command.pid && !record->command.ended)
		diagnostics_note("the command goes on as process %d",
				 (int)record->command.pid);
}

static int run(struct record *record, struct error *err)
{
	const struct options *options = record->options;
	bool needed;
	int ret;

	command_start(&record->command);
	if (options->duration_ns)
		signals_set_limit(options->duration_ns);
	ret = record_until_over(record, err);
	/* A flight recorder that fired has been written; whatever failed, what
	 * can be made whole is. */
	needed = !(record->fired && options->when && !options->rotate);
	if (needed && write_file(record, true, err))
		ret = -err->code;
	print_closing_line(record);
	if (ret)
		return EXIT_FAILED;
	return record->command.ended ? record->command.exit_code : EXIT_DONE;
}

static int set_up(struct record *record, struct error *err)
{
	const struct options *options = record->options;
	int signal_fd = signals_open(err);

	if (signal_fd < 0)
		return EXIT_FAILED;
	record->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (record->epoll_fd < 0) {
		error_set(err, errno, "cannot wait for events: %s",
			  strerror(errno));
		return EXIT_FAILED;
	}
	if (check_folder(options, err) || wait_for(record, signal_fd, err) ||
	    (options->command &&
	     command_fork(&record->command, options->command, err)))
		return EXIT_FAILED;
	if (open_recorder(record, err) || open_trigger(record, err))
		return EXIT_NO_BACKEND;
	/* Begins the file: that it cannot be written shows now. */
	if (record->ops->copy(record->recorder, err))
		return EXIT_FAILED;
	if (options->ready_path && ready_file_write(options->ready_path, err))
		return EXIT_FAILED;
	return EXIT_DONE;
}

static void tear_down(struct record *record)
{
	command_done(&record->command);
	trigger_close(record->trigger);
	if (record->recorder)
		record->ops->close(record->recorder);
	if (record->epoll_fd >= 0)
		close(record->epoll_fd);
}

unsigned int record_events(const struct options *options)
{
	if (options->events)
		return EVENTS_ALWAYS | options->events;
	return EVENTS_ALWAYS |
	       (options->flight_bytes ? EVENTS_FLIGHT : EVENTS_USUAL);
}

int record_run(const struct options *options, struct error *err)
{
	char target[PATH_MAX];
	struct options own = *options;
	struct record record = {
		.options = &own,
		.command.gate_fd = -1,
		.epoll_fd = -1,
	};
	int code;

	code = -link_target(options->output_path, target);
	if (code) {
		error_set(err, code, "cannot write '%s': %s", options->output_path,
			  code == ENAMETOOLONG ? "its name is too long" :
			  "a recording needs a regular file, and this link leads to "
			  "none");
		return EXIT_FAILED;
	}
	own.output_path = target;
	code = set_up(&record, err);
	if (code == EXIT_DONE)
		code = run(&record, err);
	tear_down(&record);
	return code;
}

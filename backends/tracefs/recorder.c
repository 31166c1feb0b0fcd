/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records what the kernel's tracepoints see. Whole pages go from the ring
 * buffers to the disk without passing through this process (splice), so that
 * recording costs next to nothing; nothing is decoded. Pages that are not full
 * yet stay in the kernel until the recording is made whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "clock.h"
#include "recorder_ends.h"
#include "recorder_file.h"
#include "registry.h"
#include "trace_buffers.h"
#include "trace_events.h"
#include "trace_filter.h"
#include "trace_mount.h"
#include "tcpwatch/recording.h"

enum {
	PIPE_BYTES = 1 << 20,
	COPY_EVERY_MS = 250,            /* what is full goes to the disk */
	STATISTICS_BYTES = 1024
};

/* Waking at a quarter leaves three for the time until we run. */
#define WAKE_PERCENT "25"

struct recorder {
	struct trace_instance instance;
	struct trace_page_layout layout;
	struct trace_events events;
	struct recorder_file file;
	struct recorder_ends ends;
	unsigned int *numbers;          /* of the CPUs */
	int *fds;                       /* trace_pipe_raw, as numbers */
	size_t cpu_count;
	size_t buffer_bytes;            /* per CPU */
	int pipe[2];
	size_t pipe_bytes;
	int fd, timer_fd;               /* epoll over all of these */
	bool flight;
	uint8_t *page;
	uint64_t since_ns;
	uint64_t files, all_bytes;
	char note[384];
};

static void tracefs_recorder_close(struct recorder *recorder)
{
	if (!recorder)
		return;
	for (size_t i = 0; recorder->fds && i < recorder->cpu_count; i++)
		if (recorder->fds[i] >= 0)
			close(recorder->fds[i]);
	for (size_t i = 0; i < 2; i++)
		if (recorder->pipe[i] >= 0)
			close(recorder->pipe[i]);
	if (recorder->timer_fd >= 0)
		close(recorder->timer_fd);
	if (recorder->fd >= 0)
		close(recorder->fd);
	recorder_ends_done(&recorder->ends);
	recorder_file_done(&recorder->file);
	trace_instance_close(&recorder->instance);
	trace_events_close(&recorder->events);
	free(recorder->page);
	free(recorder->fds);
	free(recorder->numbers);
	free(recorder);
}

static int list_cpus(struct recorder *recorder, struct error *err)
{
	recorder->numbers = malloc(TRACE_BUFFERS_CPUS_MAX * sizeof(unsigned int));
	recorder->fds = malloc(TRACE_BUFFERS_CPUS_MAX * sizeof(int));
	if (!recorder->numbers || !recorder->fds)
		return error_set(err, ENOMEM, "no memory to list CPUs");
	recorder->cpu_count = trace_buffers_list_cpus(&recorder->instance,
						      recorder->numbers,
						      TRACE_BUFFERS_CPUS_MAX);
	for (size_t i = 0; i < recorder->cpu_count; i++)
		recorder->fds[i] = -1;
	return recorder->cpu_count ? 0 :
	       error_set(err, EIO, "instance %s lists no CPU",
			 recorder->instance.name);
}

static int open_cpus(struct recorder *recorder, struct error *err)
{
	for (size_t i = 0; i < recorder->cpu_count; i++) {
		struct epoll_event event = { .events = EPOLLIN | EPOLLET };
		char file[64];
		int fd;

		snprintf(file, sizeof(file), "per_cpu/cpu%u/trace_pipe_raw",
			 recorder->numbers[i]);
		fd = trace_instance_open_file(&recorder->instance, file,
					      O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			return error_set(err, -fd, "cannot open %s of instance "
					 "%s: %s", file, recorder->instance.name,
					 strerror(-fd));
		recorder->fds[i] = fd;
		/* Asking a flight recorder's buffer would only cost. */
		if (!recorder->flight &&
		    epoll_ctl(recorder->fd, EPOLL_CTL_ADD, fd, &event))
			return error_set(err, errno, "cannot wait for CPU %u: %s",
					 recorder->numbers[i], strerror(errno));
	}
	return 0;
}

static int open_timer(struct recorder *recorder, struct error *err)
{
	const struct itimerspec period = {
		.it_interval.tv_nsec = COPY_EVERY_MS * 1000000L,
		.it_value.tv_nsec = COPY_EVERY_MS * 1000000L,
	};
	struct epoll_event event = { .events = EPOLLIN };

	recorder->fd = epoll_create1(EPOLL_CLOEXEC);
	recorder->timer_fd = timerfd_create(CLOCK_MONOTONIC,
					    TFD_CLOEXEC | TFD_NONBLOCK);
	if (recorder->fd < 0 || recorder->timer_fd < 0 ||
	    pipe2(recorder->pipe, O_CLOEXEC) ||
	    ((!recorder->flight || recorder->ends.gone) &&
	     (timerfd_settime(recorder->timer_fd, 0, &period, NULL) ||
	      epoll_ctl(recorder->fd, EPOLL_CTL_ADD, recorder->timer_fd, &event))))
		return error_set(err, errno, "cannot wait for trace buffers: %s",
				 strerror(errno));
	/* Refused where the user has too many pages in pipes already. */
	fcntl(recorder->pipe[1], F_SETPIPE_SZ, PIPE_BYTES);
	recorder->pipe_bytes = (size_t)fcntl(recorder->pipe[1], F_GETPIPE_SZ);
	return 0;
}

static unsigned int highest_number(const struct recorder *recorder)
{
	unsigned int highest = 0;

	for (size_t i = 0; i < recorder->cpu_count; i++)
		if (recorder->numbers[i] > highest)
			highest = recorder->numbers[i];
	return highest;
}

static int set_up_instance(struct recorder *recorder,
			   const struct recorder_options *options,
			   struct error *err)
{
	bool mounted, wakes;
	const char *tracing_dir = trace_mount_get(&mounted, err);
	int ret = tracing_dir ? trace_instance_open(&recorder->instance,
						    tracing_dir, err) : -ENODEV;

	if (!ret)
		ret = list_cpus(recorder, err);
	if (ret)
		return ret;
	recorder->buffer_bytes = options->buffer_bytes;
	if (recorder->flight)
		recorder->buffer_bytes = (size_t)(options->flight_bytes /
						  recorder->cpu_count);
	ret = trace_buffers_set_up(&recorder->instance, recorder->cpu_count,
				   &recorder->buffer_bytes, &wakes,
				   &recorder->layout, err);
	trace_instance_write(&recorder->instance, "buffer_percent", WAKE_PERCENT);
	if (!ret)
		ret = trace_events_open(&recorder->events, &recorder->instance,
					tracing_dir, options->events, err);
	snprintf(recorder->note, sizeof(recorder->note), "%s",
		 recorder->events.note);
	return ret;
}

static void add_note(struct recorder *recorder, const char *text)
{
	size_t length = strlen(recorder->note);

	snprintf(recorder->note + length, sizeof(recorder->note) - length, "%s%s",
		 length ? "; " : "", text);
}

/* What is recorded although the user wanted to filter it. */
static void note_filter(struct recorder *recorder,
			const struct recorder_options *options)
{
	const struct backend_filter *filter = options->filter;

	if (!filter)
		return;
	if (!trace_filter_compares(&filter->local_addresses) ||
	    !trace_filter_compares(&filter->remote_addresses))
		add_note(recorder, "the kernel compares IPv4 addresses without "
			 "'!' only: all addresses are recorded, filter when you "
			 "read them");
	else if (options->events & EVENT_BIT(EVENT_SAMPLE) &&
		 (filter->local_addresses.count || filter->remote_addresses.count))
		add_note(recorder, "the kernel cannot compare addresses of samples: "
			 "those of all are recorded, filter when you read them");
}

/* Before the events are on: a socket may go away at once. */
static int open_ends(struct recorder *recorder,
		     const struct recorder_options *options, struct error *err)
{
	int ret = recorder_ends_init(&recorder->ends, options, err);

	if (!ret && options->events & EVENT_BIT(EVENT_GONE) &&
	    !recorder->ends.gone)
		add_note(recorder, "sock_diag does not tell of sockets that go "
			 "away: bytes and round trips will not be known");
	return ret;
}

static int set_up(struct recorder *recorder,
		  const struct recorder_options *options, struct error *err)
{
	int ret = set_up_instance(recorder, options, err);

	if (!ret)
		ret = recorder_file_init(&recorder->file, options->path,
					 highest_number(recorder) + 1u,
					 recorder->layout.page_bytes, err);
	note_filter(recorder, options);
	if (!ret)
		ret = open_ends(recorder, options, err);
	if (!ret)
		ret = open_timer(recorder, err);
	if (!ret)
		ret = open_cpus(recorder, err);
	recorder->page = malloc(recorder->layout.page_bytes);
	if (!ret && !recorder->page)
		ret = error_set(err, ENOMEM, "no memory for a page");
	if (!ret)
		ret = trace_events_enable(&recorder->events, &recorder->instance,
					  options->filter, err);
	recorder->since_ns = clock_monotonic_ns();
	return ret;
}

static struct recorder *tracefs_recorder_open(const struct recorder_options *options,
					      struct error *err)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder) {
		error_set(err, ENOMEM, "no memory to record");
		return NULL;
	}
	recorder->fd = recorder->timer_fd = -1;
	recorder->pipe[0] = recorder->pipe[1] = recorder->ends.fd = -1;
	recorder->flight = options->flight_bytes;
	if (!set_up(recorder, options, err))
		return recorder;
	tracefs_recorder_close(recorder);
	return NULL;
}

static int tracefs_recorder_fd(const struct recorder *recorder)
{
	return recorder->fd;
}

/* A CPU that was never online has a file but no buffer behind it. */
static bool means_empty(int code)
{
	return code == EAGAIN || code == EINTR || code == ENODEV;
}

/* Everything in the pipe goes to the piece. */
static int empty_pipe(struct recorder *recorder, unsigned int cpu, int piece,
		      size_t bytes, struct error *err)
{
	while (bytes) {
		ssize_t moved = splice(recorder->pipe[0], NULL, piece, NULL, bytes,
				       SPLICE_F_MOVE);

		if (moved < 0 && errno == EINTR)
			continue;
		if (moved <= 0)
			return recorder_file_failed(&recorder->file, cpu,
						    moved ? errno : EIO, err);
		bytes -= (size_t)moved;
	}
	return 0;
}

/* The full pages of one CPU. What comes meanwhile is for the next time. */
static int copy_cpu(struct recorder *recorder, size_t i, struct error *err)
{
	unsigned int cpu = recorder->numbers[i];
	size_t left = recorder->buffer_bytes;
	size_t most = recorder->pipe_bytes - recorder->pipe_bytes %
		      recorder->layout.page_bytes;

	for (;;) {
		ssize_t moved = splice(recorder->fds[i], NULL, recorder->pipe[1],
				       NULL, most,
				       SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
		int piece, ret;

		if (moved < 0 && !means_empty(errno))
			return error_set(err, errno, "cannot read the trace buffer "
					 "of CPU %u: %s", cpu, strerror(errno));
		if (moved <= 0)
			return 0;
		piece = recorder_file_piece(&recorder->file, cpu, err);
		ret = piece < 0 ? piece : empty_pipe(recorder, cpu, piece,
						     (size_t)moved, err);
		if (ret)
			return ret;
		recorder_file_wrote(&recorder->file, (size_t)moved);
		if ((size_t)moved >= left)
			return 0;
		left -= (size_t)moved;
	}
}

static int copy_all(struct recorder *recorder, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < recorder->cpu_count && !ret; i++)
		ret = copy_cpu(recorder, i, err);
	return ret;
}

static int tracefs_recorder_copy(struct recorder *recorder, struct error *err)
{
	uint64_t expirations;
	ssize_t got = read(recorder->timer_fd, &expirations,
			   sizeof(expirations));

	(void)got;                      /* EAGAIN: a buffer woke us */
	if (recorder->flight)
		return recorder_ends_copy(&recorder->ends, err);
	if (!recorder->file.begun &&
	    recorder_file_begin(&recorder->file, &recorder->instance,
				&recorder->events, recorder->since_ns, err))
		return -err->code;
	return copy_all(recorder, err) ? -err->code :
	       recorder_ends_copy(&recorder->ends, err);
}

static int write_page(struct recorder *recorder, unsigned int cpu, size_t got,
		      struct error *err)
{
	size_t bytes = recorder->layout.page_bytes;
	int piece = recorder_file_piece(&recorder->file, cpu, err);
	ssize_t put;

	if (piece < 0)
		return piece;
	memset(recorder->page + got, 0, bytes - got);
	put = write(piece, recorder->page, bytes);
	if (put != (ssize_t)bytes)
		return recorder_file_failed(&recorder->file, cpu,
					    put < 0 ? errno : ENOSPC, err);
	recorder_file_wrote(&recorder->file, bytes);
	return 0;
}

/* The page of each CPU that is not full yet. */
static int copy_rest(struct recorder *recorder, struct error *err)
{
	for (size_t i = 0; i < recorder->cpu_count; i++) {
		size_t pages = recorder->buffer_bytes /
			       recorder->layout.page_bytes + 1;
		ssize_t got;

		while (pages-- &&
		       (got = read(recorder->fds[i], recorder->page,
				   recorder->layout.page_bytes)) > 0) {
			int ret = write_page(recorder, recorder->numbers[i],
					     (size_t)got, err);

			if (ret)
				return ret;
		}
	}
	return 0;
}

static char *read_statistics(const struct recorder *recorder, size_t i)
{
	char *text = malloc(STATISTICS_BYTES);
	char file[64];
	int length = !text ? 0 : snprintf(text, STATISTICS_BYTES, "CPU: %u\n",
			      recorder->numbers[i]);

	snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", recorder->numbers[i]);
	if (text && trace_instance_read(&recorder->instance, file, text + length,
					STATISTICS_BYTES - (size_t)length) < 0)
		text[length] = '\0';
	return text;
}

static int end_file(struct recorder *recorder, bool last, struct error *err)
{
	char **statistics = calloc(recorder->file.cpu_count, sizeof(*statistics));
	uint64_t bytes = recorder->file.bytes;
	int ret;

	for (size_t i = 0; statistics && last && i < recorder->cpu_count; i++)
		statistics[recorder->numbers[i]] = read_statistics(recorder, i);
	ret = recorder_file_end(&recorder->file, statistics, err);
	for (size_t i = 0; statistics && i < recorder->file.cpu_count; i++)
		free(statistics[i]);
	free(statistics);
	if (ret)
		return ret;
	recorder->files++;
	recorder->all_bytes += bytes;
	return 0;
}

static int tracefs_recorder_write(struct recorder *recorder, bool last,
				  struct error *err)
{
	bool pauses = last || recorder->flight;
	int ret = 0;

	if (pauses)
		trace_instance_write(&recorder->instance, "tracing_on", "0");
	/* What was overwritten in a flight recorder is no news. */
	if (!recorder->file.begun)
		ret = recorder_file_begin(&recorder->file, &recorder->instance,
					  &recorder->events, recorder->flight ?
					  0 : recorder->since_ns, err);
	if (!ret)
		ret = copy_all(recorder, err);
	if (!ret)
		ret = copy_rest(recorder, err);
	if (!ret)
		ret = recorder_ends_write(&recorder->ends, pauses, err);
	recorder->since_ns = clock_monotonic_ns();
	if (pauses && !last)
		trace_instance_write(&recorder->instance, "tracing_on", "1");
	return ret ? ret : end_file(recorder, last, err);
}

static uint64_t number_behind(const char *text, const char *word)
{
	const char *found = strstr(text, word);

	return found ? strtoull(found + strlen(word), NULL, 10) : 0;
}

static uint64_t count_lost(const struct recorder *recorder)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < recorder->cpu_count; i++) {
		char *text = read_statistics(recorder, i);

		if (text && !recorder->flight)
			lost += number_behind(text, "\noverrun: ");
		if (text)
			lost += number_behind(text, "commit overrun: ") +
				number_behind(text, "dropped events: ");
		free(text);
	}
	return lost;
}

static uint64_t tracefs_recorder_bytes(const struct recorder *recorder)
{
	return recorder->file.begun ?
		recorder->file.bytes + recorder->ends.bytes : 0;
}

static void tracefs_recorder_counts(const struct recorder *recorder,
				    struct recorder_counts *counts)
{
	*counts = (struct recorder_counts){
		.bytes = recorder->all_bytes,
		.files = recorder->files,
		.lost = count_lost(recorder),
		.ends_missing = recorder->ends.incomplete,
	};
}

static const char *tracefs_recorder_note(const struct recorder *recorder)
{
	return recorder->note[0] ? recorder->note : NULL;
}

const struct recorder_ops tracefs_recorder = {
	.name = "tracefs",
	.open = tracefs_recorder_open,
	.fd = tracefs_recorder_fd,
	.copy = tracefs_recorder_copy,
	.write = tracefs_recorder_write,
	.bytes = tracefs_recorder_bytes,
	.counts = tracefs_recorder_counts,
	.note = tracefs_recorder_note,
	.close = tracefs_recorder_close,
};

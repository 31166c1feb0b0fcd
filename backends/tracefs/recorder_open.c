/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the recorder, all or nothing, and closes it again, in the kernel too. */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "clock.h"
#include "phrase.h"
#include "trace_buffers.h"
#include "trace_filter.h"
#include "trace_mount.h"

enum {
	PIPE_BYTES = 1 << 20,
	COPY_EVERY_MS = 250             /* what is full goes to the disk */
};

/* Waking at a quarter leaves three for the time until we run. */
#define WAKE_PERCENT "25"

void recorder_close(struct recorder *recorder)
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
	phrase_add(recorder->note, sizeof(recorder->note), "; ", "%s", text);
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

struct recorder *recorder_open(const struct recorder_options *options,
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
	recorder_close(recorder);
	return NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A source that knows no kernel interface but the clock: its ticks let a run go
 * on that does without events. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/timerfd.h>

#include "clock.h"
#include "tcpwatch/backend.h"

#define NS_PER_S UINT64_C(1000000000)

enum { PERIOD_NS = 100000000 };         /* where nobody asks for another */

struct silent {
	struct backend backend; /* first: what core holds */
	int fd;
	uint64_t since_ns;
	bool stopped;
};

static int probe(const struct backend_options *options, struct error *err)
{
	(void)options;
	(void)err;
	return 0;
}

static int set_timer(int fd, uint64_t period_ns)
{
	const struct timespec period = {
		.tv_sec = (time_t)(period_ns / NS_PER_S),
		.tv_nsec = (long)(period_ns % NS_PER_S),
	};
	const struct itimerspec timer = { period, period };

	return timerfd_settime(fd, 0, &timer, NULL);
}

static struct backend *silent_open(const struct backend_options *options,
				   struct error *err)
{
	struct silent *silent = calloc(1, sizeof(*silent));
	uint64_t period_ns = options->latency_ns ? options->latency_ns : PERIOD_NS;

	if (!silent) {
		error_set(err, ENOMEM, "no memory for a clock");
		return NULL;
	}
	silent->backend.ops = &backend_silent;
	silent->since_ns = clock_monotonic_ns();
	silent->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (silent->fd >= 0 && !set_timer(silent->fd, period_ns))
		return &silent->backend;
	error_set(err, errno, "no timer: %s", strerror(errno));
	if (silent->fd >= 0)
		close(silent->fd);
	free(silent);
	return NULL;
}

static void facts(const struct backend *backend, struct backend_facts *facts)
{
	*facts = (struct backend_facts){
		.clock = "monotonic",
		.wall_offset_ns = clock_wall_offset_ns(),
		.wall_offset_known = true,
		.since_ns = ((const struct silent *)backend)->since_ns,
		.events = EVENT_BIT(EVENT_TICK),
	};
}

static int silent_fd(const struct backend *backend)
{
	return ((const struct silent *)backend)->fd;
}

static enum backend_answer silent_read(struct backend *backend, size_t budget,
				       const struct event_sink *sink,
				       struct error *err)
{
	const struct silent *silent = (const struct silent *)backend;
	const struct event tick = {
		.time_ns = clock_monotonic_ns(), .kind = EVENT_TICK
	};
	uint64_t periods;

	(void)err;
	if (!budget)
		return silent->stopped ? BACKEND_END : BACKEND_MORE;
	/* EAGAIN: it is not due, and a tick does no harm. */
	if (read(silent->fd, &periods, sizeof(periods)) < 0)
		periods = 0;
	sink->take(sink->context, &tick);
	return silent->stopped ? BACKEND_END : BACKEND_IDLE;
}

static void stop(struct backend *backend)
{
	((struct silent *)backend)->stopped = true;
}

/* The timer is all that there is. */
static void confine(struct backend *backend, const struct keeper *keeper)
{
	(void)backend;
	(void)keeper;
}

static void silent_close(struct backend *backend)
{
	struct silent *silent = (struct silent *)backend;

	if (!silent)
		return;
	close(silent->fd);
	free(silent);
}

const struct backend_ops backend_silent = {
	.name = "silent",
	.summary = "no events, only the time",
	/* What it tells is all there is. */
	.promises = BACKEND_LIVE | BACKEND_EXACT,
	.probe = probe,
	.open = silent_open,
	.facts = facts,
	.fd = silent_fd,
	.read = silent_read,
	.stop = stop,
	.confine = confine,
	.close = silent_close
};

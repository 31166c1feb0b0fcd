/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wakes the reader of the ring buffers; see drain_wake.h.
 *
 * With buffer_percent at 0 (before 5.0 there is no such file) poll() on a trace
 * buffer reports its first event, as our BPF programs do of theirs. Each poll arms
 * one interrupt-driven wake-up in the kernel; while the timer runs ring_fd is
 * taken out of fd, nobody polls, and events cost their writers nothing more.
 */
#include "drain_wake.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/timerfd.h>

enum {
	DRAINS_PER_LATENCY = 5,         /* leaves room for the wait for reasons */
	IDLE_ROUNDS = 10,               /* two latencies without an event */
	HALF_FULL = 50, NEARLY_EMPTY = 10
};

static const uint64_t shortest_period_ns = 1000 * 1000;
static const uint64_t guard_period_ns = 1000 * 1000 * 1000;

static uint64_t longest_period_ns(const struct drain_wake *wake)
{
	return wake->latency_ns / DRAINS_PER_LATENCY;
}

static int set_timer(struct drain_wake *wake, uint64_t period_ns)
{
	struct itimerspec timer;

	if (period_ns == wake->period_ns)
		return 0;
	timer.it_interval.tv_sec = (time_t)(period_ns / 1000000000);
	timer.it_interval.tv_nsec = (long)(period_ns % 1000000000);
	timer.it_value = timer.it_interval;
	if (timerfd_settime(wake->timer_fd, 0, &timer, NULL))
		return -errno;
	wake->period_ns = period_ns;
	return 0;
}

static int watch(int epoll_fd, int operation, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(epoll_fd, operation, fd, &event) ? -errno : 0;
}

/* Quiet, the timer only guards against a wake-up that the kernel forgot (poll()
 * on these files was broken in parts of 6.1 and 6.2): late is better than
 * never. */
static void be_quiet(struct drain_wake *wake)
{
	if (wake->quiet || !wake->wakes ||
	    watch(wake->fd, EPOLL_CTL_MOD, wake->ring_fd, EPOLLIN))
		return;
	wake->quiet = true;
	set_timer(wake, wake->guard_ns);
}

static void be_busy(struct drain_wake *wake)
{
	if (wake->quiet && !watch(wake->fd, EPOLL_CTL_MOD, wake->ring_fd, 0)) {
		wake->quiet = false;
		set_timer(wake, longest_period_ns(wake));
	}
}

int drain_wake_open(struct drain_wake *wake, uint64_t latency_ns, bool wakes,
		    bool ticks, struct error *err)
{
	int ret;

	*wake = (struct drain_wake){
		.latency_ns = latency_ns, .wakes = wakes,
		.guard_ns = ticks ? latency_ns : guard_period_ns,
	};
	wake->fd = epoll_create1(EPOLL_CLOEXEC);
	wake->ring_fd = epoll_create1(EPOLL_CLOEXEC);
	wake->timer_fd = timerfd_create(CLOCK_MONOTONIC,
					TFD_CLOEXEC | TFD_NONBLOCK);
	if (wake->fd < 0 || wake->ring_fd < 0 || wake->timer_fd < 0) {
		ret = -errno;
		goto fail;
	}
	ret = watch(wake->fd, EPOLL_CTL_ADD, wake->timer_fd, EPOLLIN);
	if (!ret)
		ret = watch(wake->fd, EPOLL_CTL_ADD, wake->ring_fd, 0);
	if (!ret)
		ret = set_timer(wake, longest_period_ns(wake));
	if (!ret)
		return 0;
fail:
	drain_wake_close(wake);
	return error_set(err, -ret, "cannot wait for the kernel's buffers: %s",
			 strerror(-ret));
}

void drain_wake_close(struct drain_wake *wake)
{
	if (!wake->latency_ns)
		return;
	if (wake->timer_fd >= 0)
		close(wake->timer_fd);
	if (wake->ring_fd >= 0)
		close(wake->ring_fd);
	if (wake->fd >= 0)
		close(wake->fd);
	*wake = (struct drain_wake){ 0 };
}

int drain_wake_add(struct drain_wake *wake, int buffer_fd)
{
	return watch(wake->ring_fd, EPOLL_CTL_ADD, buffer_fd, EPOLLIN);
}

static void take_timer(struct drain_wake *wake)
{
	uint64_t expirations;

	/* EAGAIN: it was not the timer that woke us. */
	if (read(wake->timer_fd, &expirations, sizeof(expirations)) < 0)
		return;
}

void drain_wake_drained(struct drain_wake *wake, unsigned int fullest,
			bool found, bool pending)
{
	uint64_t period_ns = wake->period_ns;

	take_timer(wake);
	if (!found && !pending) {
		if (++wake->idle_rounds >= IDLE_ROUNDS)
			be_quiet(wake);
		return;
	}
	wake->idle_rounds = 0;
	be_busy(wake);
	if (fullest >= HALF_FULL)
		period_ns = wake->period_ns / 2;
	else if (fullest < NEARLY_EMPTY)
		period_ns = wake->period_ns * 2;
	if (period_ns > longest_period_ns(wake))
		period_ns = longest_period_ns(wake);
	if (period_ns < shortest_period_ns)
		period_ns = shortest_period_ns;
	set_timer(wake, period_ns);
}

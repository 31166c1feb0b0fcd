/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When to drain the ring buffers. A quiet tool sleeps until the kernel has the
 * first event; a busy one drains by a timer, so that each read finds many
 * events and no writer has to wake anybody.
 */
#ifndef DRAIN_WAKE_H
#define DRAIN_WAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

struct drain_wake {
	int fd;                 /* epoll: readable when a drain is due */
	int ring_fd;            /* epoll over the CPUs' buffers, nested in fd */
	int timer_fd;           /* nested in fd */
	uint64_t latency_ns;
	uint64_t guard_ns;      /* longest sleep */
	uint64_t period_ns;     /* of the timer now */
	unsigned int idle_rounds; /* drains in a row that found nothing */
	bool wakes;             /* ring_fd could wake us */
	bool quiet;             /* ... and does */
};

/*
 * An event is to be delivered within latency_ns. wakes: poll() on a buffer
 * reports its first event; else only the timer is used. ticks: the reader has
 * something to say within each latency, events or not. 0 or -errno and *err.
 */
int drain_wake_open(struct drain_wake *wake, uint64_t latency_ns, bool wakes,
		    bool ticks, struct error *err);
void drain_wake_close(struct drain_wake *wake); /* accepts a zeroed object */

/* Also wakes for this buffer. 0 or -errno. */
int drain_wake_add(struct drain_wake *wake, int buffer_fd);

/*
 * A drain is over. fullest: the largest share of a CPU's buffer that it found
 * in use, in percent. pending: events in hand are too young to be delivered.
 * found: it met any event.
 */
void drain_wake_drained(struct drain_wake *wake, unsigned int fullest,
			bool found, bool pending);

#endif

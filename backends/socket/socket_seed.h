/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sockets that are older than the watch, as EVENT_SEEN: a walk for owners,
 * then dumps, in steps that a backend puts between its other work. To be
 * stepped only when the backend's own events are on, so that nothing falls
 * between.
 */
#ifndef SOCKET_SEED_H
#define SOCKET_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/event.h"
#include "tcpwatch/keeper.h"

struct socket_seed;

enum { SOCKET_SEED_LISTED = 128 };

/* Who lists the sockets in place of sock_diag. */
struct socket_seed_lister {
	/* A descriptor for the sockets of this thread's network namespace, to be
	 * given to close(), or -errno. */
	int (*open)(void *context);

	/* At most SOCKET_SEED_LISTED of them, as EVENT_SEEN, with the inode of what
	 * holds each open, or 0. How many; 0 behind the last; or -errno. */
	int (*read)(void *context, int fd, struct event *events,
		    uint64_t *inodes);
	void *context;
};

/* owners: process ids mean the same to /proc and to the backend; else sockets
 * have no owner and only our own network namespace is looked at. lister: NULL =
 * sock_diag; else borrowed until free(). NULL when memory is short. */
struct socket_seed *socket_seed_new(bool owners,
				    const struct socket_seed_lister *lister);
void socket_seed_free(struct socket_seed *seed);        /* accepts NULL */

/* Before the first step: whatever must be opened is asked of keeper (until free)
 * from now on. */
void socket_seed_confine(struct socket_seed *seed, const struct keeper *keeper);

/* Works until there is nothing to do, or events are at hand and no room is left
 * for more, or until CLOCK_MONOTONIC is until_ns. False when all is done but
 * for the events at hand. */
bool socket_seed_step(struct socket_seed *seed, uint64_t until_ns);

/* The next event, NULL when none is at hand. Borrowed until the next call.
 * Times are CLOCK_MONOTONIC, rise, and have passed. */
const struct event *socket_seed_peek(const struct socket_seed *seed);
void socket_seed_drop(struct socket_seed *seed);

/* What the user should know when all is done: static text, or NULL. */
const char *socket_seed_note(const struct socket_seed *seed);

#endif

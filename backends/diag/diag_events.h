/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sock_diag adds to a source of events that knows sockets by address:
 * those that are older than the watch (EVENT_SEEN) and last figures
 * (EVENT_GONE), as one queue in the order of time.
 */
#ifndef DIAG_EVENTS_H
#define DIAG_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "diag_gone.h"
#include "socket/socket_seed.h"
#include "tcpwatch/event.h"

struct diag_events {
	struct socket_seed *seed;       /* NULL: done, or not wanted */
	struct diag_gone *gone;         /* NULL: not wanted, or not told */
	const char *note;               /* what the user should know, or NULL;
	                                 * static, and may come later */
};

/*
 * kinds: EVENT_BIT set that is wanted; owners, lister: as for socket_seed_new().
 * Returns the set that there will be. Only then may the source's own events be off no
 * more: see socket_seed.h.
 */
unsigned int diag_events_open(struct diag_events *diag, unsigned int kinds,
			      bool owners,
			      const struct socket_seed_lister *lister);
void diag_events_close(struct diag_events *diag);       /* accepts zeroed */

/* Before the first step: as socket_seed_confine(). */
void diag_events_confine(struct diag_events *diag, const struct keeper *keeper);

/* Works until there is nothing to do, or CLOCK_MONOTONIC is until_ns. */
void diag_events_step(struct diag_events *diag, uint64_t until_ns);

/* Older sockets are still asked for: step() should come again soon. */
static inline bool diag_events_are_due(const struct diag_events *diag)
{
	return diag->seed;
}

/* Nothing will ever come. */
static inline bool diag_events_are_over(const struct diag_events *diag)
{
	return !diag->seed && !diag->gone;
}

/* The next event, NULL when none is at hand; its time has passed. Borrowed until
 * the next call. */
const struct event *diag_events_peek(const struct diag_events *diag);
void diag_events_drop(struct diag_events *diag);

#endif

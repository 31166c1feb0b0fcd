/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has changed from one look at all sockets to the next, as events with
 * bounds. Pure: it is told what was seen, and when.
 */
#ifndef DIAG_LOOKS_H
#define DIAG_LOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag_message.h"
#include "diag_queue.h"
#include "diag_table.h"
#include "tcpwatch/event.h"

struct diag_looks {
	struct diag_table table;
	struct diag_queue *queue;       /* of the maker */
	unsigned int kinds;             /* EVENT_BIT set to make; STATE always */
	uint32_t number;                /* of the look; the first only learns */
	uint64_t began_ns, before_ns;   /* this look, and the one before */
	size_t swept;                   /* entries that were asked for */
	bool looking;
	bool refused;                   /* a socket found no room in this look */
};

/* What a look must have shown of a socket, and when. */
struct diag_look {
	const struct diag_socket *socket;
	uint64_t from_ns, until_ns;
	int32_t tgid;                   /* who holds it open; 0 = not known */
	bool asked;                     /* ... though it was looked for */
};

/* One socket makes so many events at most. */
enum { DIAG_LOOKS_EVENTS = 8 };

/* Sockets that have a life to follow: not what comes before one (SYN_RECV shows
 * requests) nor what is left after it. */
extern const uint32_t diag_looks_states;

void diag_looks_begin(struct diag_looks *looks, uint64_t now_ns);

/* Whether it would be good to know who holds that socket. */
bool diag_looks_wants_owner(const struct diag_looks *looks,
			    const struct diag_socket *socket);

/* A socket of this look. There must be room for DIAG_LOOKS_EVENTS. */
void diag_looks_take(struct diag_looks *looks, const struct diag_look *look);

/*
 * All have been shown: those that two looks in a row did not show are no more.
 * One could be missed, since others come and go while the kernel goes through its
 * chains. True when done; false when there is no room for more events.
 */
bool diag_looks_sweep(struct diag_looks *looks, uint64_t now_ns);

/* Instead: the look failed, and says nothing of what it did not show. */
void diag_looks_abandon(struct diag_looks *looks);

/* An EVENT_GONE, with its time. Room as for take. */
void diag_looks_end(struct diag_looks *looks, const struct event *gone);

#endif

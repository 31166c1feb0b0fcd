/* SPDX-License-Identifier: BSD-2-Clause */
/* What earlier lists have shown of sockets that are still there, by cookie. */
#ifndef SOCKET_HISTORY_H
#define SOCKET_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "common/span.h"
#include "tcpwatch/socket_list.h"

struct socket_sight {
	uint64_t cookie;
	uint64_t since_ns;      /* in this state for that long, at least ... */
	uint64_t after_ns;      /* ... and not before that; 0 = not known */
	uint32_t drops;
	uint8_t state;          /* enum tcp_state */
};

struct socket_sights {
	struct socket_sight *sights;
	size_t count, room;
};

/* All zero: no list yet. */
struct socket_history {
	struct socket_sights before, now;       /* before is sorted */
	uint64_t before_ns, now_ns;             /* when these lists began; 0 = none */
};

/* Begins the next list; now_ns is CLOCK_MONOTONIC. */
void socket_history_begin(struct socket_history *history, uint64_t now_ns);

/* What follows from the lists alone. */
struct socket_past {
	struct span age;        /* in its state */
	uint32_t new_drops;     /* since the list before */
};

/* One socket of it, seen at seen_ns at the latest. 0 or -ENOMEM. */
int socket_history_take(struct socket_history *history,
			const struct socket_status *status, uint64_t seen_ns,
			struct socket_past *past);

void socket_history_done(struct socket_history *history); /* accepts zeroed */

#endif

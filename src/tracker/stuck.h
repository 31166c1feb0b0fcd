/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that have stayed too long in a state while they are still there. */
#ifndef STUCK_H
#define STUCK_H

#include <stdbool.h>
#include <stdint.h>

#include "socket_table.h"
#include "stuck_limits.h"

struct stuck {
	struct stuck_limits limits;
	uint64_t looked_ns;     /* event time of the last look */
};

/* Time to look again: event time is now_ns. Not more than a few times a second,
 * since that means every socket. */
bool stuck_is_due(struct stuck *stuck, uint64_t now_ns);

/* True when the socket has been too long in its state by now, and nobody has
 * been told; then it counts as told. */
bool stuck_take(const struct stuck *stuck, struct socket_entry *entry,
		uint64_t now_ns);

#endif

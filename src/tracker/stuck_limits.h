/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a socket may stay in a state before somebody wants to know. */
#ifndef STUCK_LIMITS_H
#define STUCK_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/tcp_state.h"

/* --stuck: how long is too long, by enum tcp_state; 0 = never. */
struct stuck_limits {
	uint64_t ns[TCP_STATE_COUNT];
	bool given;             /* any of them */
};

#endif

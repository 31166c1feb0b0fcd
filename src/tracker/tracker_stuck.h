/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of sockets that have been too long in a state, and are there still. */
#ifndef TRACKER_STUCK_H
#define TRACKER_STUCK_H

#include <stdint.h>

#include "tracker.h"

/* Event time is now_ns: tells of each socket that is too long in its state by now,
 * once. Looks at all of them, a few times a second at most. */
void tracker_stuck_tell(struct tracker *tracker, uint64_t now_ns);

#endif

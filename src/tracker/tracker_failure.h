/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel says of sockets that fail: rows of their own, and the reason
 * of a change to CLOSE that waits for it. */
#ifndef TRACKER_FAILURE_H
#define TRACKER_FAILURE_H

#include <stdbool.h>

#include "tracker.h"
#include "tcpwatch/event.h"

/* An EVENT_RESET, and an EVENT_ERROR; wanted: as in tracker_take(). */
void tracker_failure_take_reset(struct tracker *tracker,
				const struct event *event, bool wanted);
void tracker_failure_take_error(struct tracker *tracker,
				const struct event *event, bool wanted);

#endif

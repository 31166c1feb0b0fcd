/* SPDX-License-Identifier: BSD-2-Clause */
/* Events that end a socket's stay in one state and begin that in another. */
#ifndef TRACKER_CHANGE_H
#define TRACKER_CHANGE_H

#include <stdbool.h>

#include "tracker.h"
#include "tcpwatch/event.h"

/* An EVENT_STATE whose states differ, and an EVENT_CONG; wanted: as in
 * tracker_take(). */
void tracker_change_take_state(struct tracker *tracker,
			       const struct event *event, bool wanted);
void tracker_change_take_cong(struct tracker *tracker,
			      const struct event *event, bool wanted);

#endif

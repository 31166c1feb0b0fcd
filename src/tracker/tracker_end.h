/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that go away, and their last figures, which come when they have. */
#ifndef TRACKER_END_H
#define TRACKER_END_H

#include "tracker.h"
#include "tcpwatch/event.h"

/* An EVENT_DESTROY, and an EVENT_GONE. */
void tracker_end_take_destroy(struct tracker *tracker,
			      const struct event *event);
void tracker_end_take_gone(struct tracker *tracker, const struct event *event);

#endif

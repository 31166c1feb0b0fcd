/* SPDX-License-Identifier: BSD-2-Clause */
/* What a socket's window and round trip are at a moment. */
#ifndef TRACKER_SAMPLE_H
#define TRACKER_SAMPLE_H

#include <stdbool.h>

#include "tracker.h"
#include "tcpwatch/event.h"

/* An EVENT_SAMPLE; wanted: as in tracker_take(). */
void tracker_sample_take(struct tracker *tracker, const struct event *event,
			 bool wanted);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What is sent again, and which class of retransmission that is. */
#ifndef TRACKER_RETRANS_H
#define TRACKER_RETRANS_H

#include <stdbool.h>

#include "tracker.h"
#include "tcpwatch/event.h"

/* An EVENT_RETRANS, of a socket or of a listener's SYN-ACK; wanted: as in
 * tracker_take(). */
void tracker_retrans_take(struct tracker *tracker, const struct event *event,
			  bool wanted);

#endif

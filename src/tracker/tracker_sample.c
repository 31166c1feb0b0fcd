/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of samples; see tracker_sample.h. */
#include "tracker_sample.h"

#include "socket_lives.h"
#include "stay.h"
#include "tracker_row.h"
#include "tcpwatch/tcp_state.h"

static void count_sampled(struct tracker *tracker, const struct event *event)
{
	if (event->sample.every > tracker->counts.sampled)
		tracker->counts.sampled = event->sample.every;
}

void tracker_sample_take(struct tracker *tracker, const struct event *event,
			 bool wanted)
{
	struct socket_entry *entry =
		socket_lives_of_sample(&tracker->lives, event);
	struct observation *row;

	count_sampled(tracker, event);
	if (!entry)
		return;
	if (entry->tcp.state == TCP_STATE_UNKNOWN)
		stay_adopt(&entry->tcp, TCP_STATE_ESTABLISHED,
			   &tracker->lives.losses);
	if (event->sample.srtt_us)
		entry->srtt_us = event->sample.srtt_us;
	entry->cwnd = event->sample.cwnd;
	if (!tracker_row_see(tracker, entry, wanted) ||
	    !tracker_row_is_shown(tracker, EVENT_SAMPLE))
		return;
	row = tracker_row_begin(tracker, entry, event, SPAN_UNKNOWN);
	row->old_state = TCP_STATE_ESTABLISHED;
	row->cong = entry->cong.state;
	tracker_row_push(tracker, row);
}

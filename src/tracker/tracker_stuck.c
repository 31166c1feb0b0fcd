/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of sockets that stay; see tracker_stuck.h. */
#include "tracker_stuck.h"

#include "socket_table.h"
#include "stay.h"
#include "stuck.h"
#include "tracker_row.h"

static void tell(struct tracker *tracker, struct socket_entry *entry,
		 uint64_t now_ns)
{
	const struct event event = {
		.kind = EVENT_STUCK,
		.time_ns = now_ns,
		.socket_id = entry->socket_id,
		.has = EVENT_HAS_SOCKET |
		       (entry->family ? EVENT_HAS_ENDPOINTS : 0),
		.family = entry->family,
		.local = entry->local,
		.remote = entry->remote,
	};

	tracker_row_push_as_it_is(tracker, entry, &event,
				  stay_span(&entry->tcp, now_ns));
}

void tracker_stuck_tell(struct tracker *tracker, uint64_t now_ns)
{
	struct socket_entry *entry = NULL;

	if (!stuck_is_due(&tracker->stuck, now_ns))
		return;
	while ((entry = socket_table_next(&tracker->lives.sockets, entry)))
		if (stuck_take(&tracker->stuck, entry, now_ns))
			tell(tracker, entry, now_ns);
}

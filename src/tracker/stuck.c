/* SPDX-License-Identifier: BSD-2-Clause */
/* What is too long; see stuck.h. */
#include "stuck.h"

enum { LOOK_NS = 200000000 };

bool stuck_is_due(struct stuck *stuck, uint64_t now_ns)
{
	if (!stuck->limits.given || now_ns < stuck->looked_ns ||
	    now_ns - stuck->looked_ns < LOOK_NS)
		return false;
	stuck->looked_ns = now_ns;
	return true;
}

bool stuck_take(const struct stuck *stuck, struct socket_entry *entry,
		uint64_t now_ns)
{
	const struct stay *stay = &entry->tcp;
	uint64_t limit_ns;

	if (!entry->wanted || stay->told || stay->state >= TCP_STATE_COUNT ||
	    stay->state == TCP_STATE_CLOSE)
		return false;
	limit_ns = stuck->limits.ns[stay->state];
	/* The least that it can be: nobody is accused without proof. */
	if (!limit_ns || stay_span(stay, now_ns).min_ns < limit_ns)
		return false;
	entry->tcp.told = true;
	return true;
}

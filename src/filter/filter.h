/* SPDX-License-Identifier: BSD-2-Clause */
/* Does the user want this? Endpoints are judged before the tracker, whatever
 * needs the tracker's knowledge after it. */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracker/tracker.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/event.h"
#include "tcpwatch/match.h"

struct filter {
	struct backend_filter endpoints; /* and whatever else a source may apply */
	char comm[64];                  /* fnmatch pattern; "" = any */
	uint32_t states;                /* bits of enum tcp_state; 0 = any */
	bool followed_only;             /* only sockets of followed processes */
};

/* Has the user given any filter at all? */
bool filter_is_given(const struct filter *filter);

/* By netns or cgroup, which is up to a source with BACKEND_PLACE? */
bool filter_is_of_place(const struct filter *filter);

/* Ports, addresses and family of the event; one without endpoints passes only
 * where none of these is filtered. Under a local port filter, negated ones too,
 * local port 0 never passes: the socket has not chosen its port yet. */
bool filter_event(const struct filter *filter, const struct event *event);

/* Owner and states. LOST always passes. Only STATE and RETRANS rows have TCP
 * states; with a state filter others do not pass. */
bool filter_observation(const struct filter *filter,
			const struct observation *observation);

/* The same of a whole life: who owns the socket, and the bits of all states that
 * it has been in. filter: NULL = none. */
bool filter_life(const struct filter *filter, const struct owner *owner,
		 uint32_t states);

#endif

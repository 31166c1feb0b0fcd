/* SPDX-License-Identifier: BSD-2-Clause */
/* The state that a socket is in, since when, and how sure that is. */
#ifndef STAY_H
#define STAY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"
#include "tcpwatch/event.h"

enum stay_certainty {
	STAY_UNKNOWN,           /* since_ns says nothing */
	STAY_AT_LEAST,          /* entered at since_ns or earlier */
	STAY_AT_MOST,           /* entered at since_ns; perhaps left unseen */
	STAY_EXACT,             /* entered at since_ns */
	STAY_BETWEEN            /* entered between from_ns and since_ns */
};

struct stay {
	uint64_t since_ns;
	uint64_t from_ns;       /* STAY_BETWEEN */
	uint32_t losses;        /* how many losses there had been by then */
	uint8_t state;          /* enum tcp_state or enum cong_state */
	uint8_t certainty;      /* enum stay_certainty */
	bool told;              /* that it is too long (stuck.h) */
};

struct stay_losses {            /* of events, up to now */
	uint64_t latest_ns;
	uint32_t count;
};

/* True when the event comes after a younger one of the same socket. */
static inline bool stay_is_older(const struct stay *stay,
				 const struct event *event)
{
	return stay->certainty >= STAY_EXACT &&
	       event->time_ns < stay->since_ns;
}

/* An event says in which TCP state the socket has been all along. */
void stay_adopt(struct stay *tcp, uint8_t state,
		const struct stay_losses *losses);

/* How long it has lasted by now. */
struct span stay_span(const struct stay *stay, uint64_t now_ns);

/* Goes on to the state that an EVENT_STATE brings, or an EVENT_CONG. Returns
 * how long the state before has lasted. */
struct span stay_change_tcp(struct stay *tcp, const struct event *event,
			    const struct stay_losses *losses);
struct span stay_change_cong(struct stay *cong, const struct event *event,
			     const struct stay_losses *losses);

#endif

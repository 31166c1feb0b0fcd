/* SPDX-License-Identifier: BSD-2-Clause */
/* All that is known of one socket's life, summed up from its observations. Pure:
 * no clock, no I/O. */
#ifndef LIFE_H
#define LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"
#include "tracker/reason.h"
#include "tracker/tracker.h"
#include "tcpwatch/event.h"
#include "tcpwatch/tcp_state.h"

enum life_how {                 /* how it began */
	LIFE_BEFORE_US,         /* before the watch, or unseen */
	LIFE_UNSEEN,            /* between two looks */
	LIFE_ACTIVE,            /* by connect() */
	LIFE_PASSIVE,           /* by a SYN to a listener */
	LIFE_LISTENER,
	LIFE_HOW_COUNT
};

enum life_ender {               /* who ended it */
	LIFE_ENDER_UNKNOWN,
	LIFE_ENDER_US,
	LIFE_ENDER_PEER,
	LIFE_ENDER_TIMER,       /* nobody answered any more */
	LIFE_ENDER_NETWORK,     /* it said that there is no way */
	LIFE_ENDER_COUNT
};

struct life {
	uint64_t sock;          /* as in struct observation */
	uint64_t begin_ns;      /* event time of what was seen first */
	uint64_t begin_from_ns, end_from_ns; /* what is sampled may have begun, ended
	                         * as early; else begin_ns, end_ns */
	uint64_t end_ns;        /* of the change to CLOSE; 0 = still open */
	uint64_t state_since_ns, cong_since_ns;
	uint64_t state_ns[TCP_STATE_COUNT];     /* in each state that it left */
	uint64_t cong_ns[CONG_STATE_COUNT];
	uint32_t retrans[REASON_CLASS_COUNT];
	uint64_t tx_bytes, rx_bytes;    /* where figures_known */
	uint32_t srtt_us;       /* the last one; 0 = not known */
	uint32_t cwnd;          /* likewise, in segments */
	struct owner owner;
	struct endpoint local, remote;
	uint8_t family;         /* enum event_family; 0 = not known */
	uint8_t how;            /* enum life_how */
	uint8_t why;            /* enum reason: what began its end */
	bool inferred;          /* ... concluded, not told */
	uint8_t ended_by;       /* enum life_ender */
	uint8_t state;          /* enum tcp_state, the one that it is in */
	uint8_t cong;           /* enum cong_state */
	bool figures_known;
	bool end_unseen;        /* end_ns is when it was destroyed: its change to
	                         * CLOSE came before */
	uint16_t states;        /* bits of the states that it has been in */
	uint16_t states_at_least; /* ... of those that lasted longer than seen */
	uint8_t congs;          /* bits of the congestion states */
};

/* A life that this observation is the first one of. */
void life_begin(struct life *life, const struct observation *observation);

/* Takes over what one more observation of the socket says: of any kind, those
 * that say nothing of it included. */
void life_take(struct life *life, const struct observation *observation);

/* It was destroyed: where its end was not seen, this is what is known of it. */
void life_destroy(struct life *life, uint64_t time_ns);

/* How long it has been by now_ns, or was. */
struct span life_span(const struct life *life, uint64_t now_ns);

/* The time in a state up to now_ns, the one that it is in included. */
uint64_t life_state_ns(const struct life *life, unsigned int state,
		       uint64_t now_ns);
uint64_t life_cong_ns(const struct life *life, unsigned int state,
		      uint64_t now_ns);

/* Does a socket end by that? */
bool life_reason_ends(enum reason why);

/* Does it rather tell what ended a socket than what is known up to now? The first
 * FIN began the end, and a failure is the end, whatever came before. */
bool life_reason_is_better(enum reason why, enum reason known);

/* It did not end as its applications meant it to. */
bool life_failed(const struct life *life);

/* Segments sent again, and loss probes; attempts that failed are none. */
uint64_t life_retransmissions(const struct life *life);

/* "active", "passive", "listen", "before", NULL; "us", "peer", "timer", "network" or
 * NULL. Static text. */
const char *life_how_name(unsigned int how);
const char *life_ender_name(unsigned int ender);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why a socket left a state, and which kind a retransmission is: a closed
 * vocabulary, and the rules that choose from it. Pure: what the rules look at
 * is what the tracker has gathered.
 */
#ifndef REASON_H
#define REASON_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/event.h"

enum reason {
	REASON_UNKNOWN,
	REASON_CONNECT,
	REASON_LISTEN,
	REASON_SYN_RECEIVED,
	REASON_SYNACK_RECEIVED,
	REASON_HANDSHAKE_DONE,
	REASON_SIMULTANEOUS_OPEN,
	REASON_CLOSED_BY_US,
	REASON_CLOSED_BY_PEER,
	REASON_FIN_ACKNOWLEDGED,
	REASON_SIMULTANEOUS_CLOSE,
	REASON_TO_TIME_WAIT,
	REASON_ORPHANED,
	REASON_LISTENER_CLOSED,
	REASON_REFUSED,
	REASON_RESET_BY_PEER,
	REASON_ABORTED_BY_US,
	REASON_TIMED_OUT,
	REASON_KEEPALIVE_TIMED_OUT,
	REASON_HOST_UNREACHABLE,
	REASON_NET_UNREACHABLE,
	REASON_GAVE_UP,
	REASON_KILLED,
	REASON_COUNT
};

/* What set the change off; not the context it ran in. */
enum reason_trigger {
	REASON_TRIGGER_UNKNOWN,
	REASON_TRIGGER_CALL,    /* the application, or the kernel on its behalf */
	REASON_TRIGGER_PACKET,
	REASON_TRIGGER_TIMER,
	REASON_TRIGGER_COUNT
};

/* Kinds of retransmissions. */
enum reason_class {
	REASON_CLASS_UNKNOWN,
	REASON_CLASS_SYN,
	REASON_CLASS_SYNACK,
	REASON_CLASS_RTO,       /* the retransmission timer ran out */
	REASON_CLASS_SLOWSTART, /* what else is sent again after a timeout */
	REASON_CLASS_FAST,      /* the peer's ACKs told of the loss */
	REASON_CLASS_TLP,       /* tail loss probe */
	REASON_CLASS_FAILED,    /* nothing was sent: no retransmission */
	REASON_CLASS_COUNT
};

/* What the rules say of a state change. */
struct reason_verdict {
	uint8_t why;            /* enum reason */
	uint8_t trigger;        /* enum reason_trigger */
	bool inferred;          /* concluded; else the change has no other cause, or
	                         * the kernel named it */
	bool final;             /* nothing that may still come changes it */
};

/* What the socket has shown before a change. */
struct reason_clues {
	bool reset_received, reset_sent;        /* just now */
	bool errors_told;       /* this kernel reports errors of sockets */
	uint8_t cong;           /* enum cong_state */
	uint8_t syns_again;     /* retransmissions in SYN_SENT */
	uint64_t stay_ns;       /* in the state before; at least */
};

/* An EVENT_STATE alone, and with what came before it. */
struct reason_verdict reason_of_change(const struct event *event,
				       const struct reason_clues *clues);

/* The same change, and an error (errno) was reported just before or after it. */
struct reason_verdict reason_of_error(const struct event *event,
				      const struct reason_clues *clues,
				      int32_t error);

/* The same, and the socket sent this reset behind it. */
struct reason_verdict reason_of_reset_sent(const struct event *reset);

/* True when data for a socket that its application has closed may have caused
 * the change: then the socket sends a reset behind it. */
bool reason_may_be_answer(const struct event *event);

/* What a FIN_WAIT2->CLOSE is when the socket was destroyed at once, because its
 * application had closed it. stay_ns: in FIN_WAIT2; UINT64_MAX = not known. */
struct reason_verdict reason_of_orphan(const struct event *event,
				       uint64_t stay_ns);

/* What a retransmission is judged by. */
struct reason_sending {
	uint8_t state;          /* enum tcp_state */
	uint8_t cong;           /* enum cong_state */
	bool timed_out;         /* LOSS was set since the last retransmission */
};

/* *inferred: true when no single fact tells the class. */
enum reason_class reason_of_retransmission(const struct event *event,
					   const struct reason_sending *sending,
					   bool *inferred);

/* The phrase: "closed by us"; NULL for REASON_UNKNOWN and beyond. Static text, as
 * in the functions below. */
const char *reason_name(unsigned int reason);

/* "call", "packet", "timer"; NULL when unknown. */
const char *reason_trigger_name(unsigned int trigger);

/* "syn", "synack", "rto", ...; "unknown" for REASON_CLASS_UNKNOWN and beyond. */
const char *reason_class_name(unsigned int class);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What every socket is doing now: one list, without a watch. */
#ifndef TCPWATCH_SOCKET_LIST_H
#define TCPWATCH_SOCKET_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

enum socket_timer {             /* what it waits for by a timer */
	SOCKET_TIMER_NONE,
	SOCKET_TIMER_RETRANSMIT,        /* or a loss probe */
	SOCKET_TIMER_KEEPALIVE,
	SOCKET_TIMER_SYNACK,
	SOCKET_TIMER_TIME_WAIT,
	SOCKET_TIMER_ZERO_WINDOW,       /* the peer takes nothing */
	SOCKET_TIMER_DELAYED_ACK,
	SOCKET_TIMER_COUNT
};

struct socket_status {
	struct endpoint local, remote;
	uint64_t cookie;
	int32_t tgid;                   /* a process that holds it; 0 = none known */
	int32_t file;                   /* ... as this one of its files */
	char comm[EVENT_COMM_BYTES];    /* untrusted; all zero = not known */
	uint32_t timer_ms;              /* until it runs out */
	uint32_t received;              /* bytes not read; of a listener:
	                                 * connections not accepted */
	uint32_t unacked;               /* bytes, sent or not; of a listener: how
	                                 * many may wait */
	uint32_t notsent;               /* of unacked: not sent yet */
	uint32_t drops;                 /* of a listener: connections that found no
	                                 * room, in its whole life */
	uint32_t in_flight;             /* segments not acknowledged */
	uint32_t srtt_us;
	uint32_t cwnd;                  /* segments */
	uint32_t resent;                /* segments, in its whole life */
	uint32_t rto_ms;                /* of the retransmission timer, as it is now */
	uint32_t data_sent_ms;          /* since it last sent data, ... */
	uint32_t data_received_ms;      /* ... received some, ... */
	uint32_t ack_received_ms;       /* ... and an ACK */
	uint8_t family;                 /* enum event_family */
	uint8_t state;                  /* enum tcp_state */
	uint8_t timer;                  /* enum socket_timer */
	uint8_t retries;                /* of the timer */
	uint8_t backoff;                /* how often its time was doubled */
	bool held;                      /* a process has it open */
	bool has_info;                  /* notsent, backoff and in_flight to
	                                 * ack_received_ms are known */
};

struct socket_list_sink {
	/* The status is borrowed until take() returns. 0, or -errno to end the
	 * list. */
	int (*take)(void *context, const struct socket_status *status);
	void *context;
};

/* Lists the sockets of our network namespace in these states (bits of
 * 1 << enum tcp_state) that pass filter (NULL = all; as in backend.h it may leave
 * out less). 0, or -errno and *err. */
int socket_list_read(uint32_t states, const struct backend_filter *filter,
		     const struct socket_list_sink *sink, struct error *err);

/* Could it? 0, or -errno and *err. */
int socket_list_check(struct error *err);

#endif

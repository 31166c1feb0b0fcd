/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes that sock_diag answers with. Pure, so that recorded bytes can stand for
 * a kernel; every length is checked.
 */
#ifndef DIAG_MESSAGE_H
#define DIAG_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

enum diag_timer {               /* values are the kernel's own */
	DIAG_TIMER_NONE,
	DIAG_TIMER_RETRANSMIT,          /* or a loss probe, or for reordering */
	DIAG_TIMER_KEEPALIVE,           /* or SYN-ACK */
	DIAG_TIMER_TIME_WAIT,
	DIAG_TIMER_ZERO_WINDOW,
	DIAG_TIMER_DELAYED_ACK          /* 7.2 on */
};

/* A socket as sock_diag shows it. */
struct diag_socket {
	uint64_t cookie;                /* 0 = none */
	struct endpoint local, remote;
	uint32_t inode;                 /* 0 = no process holds it */
	uint32_t uid;
	uint32_t unread;                /* bytes received, or for a listener
	                                 * connections */
	uint32_t unsent;                /* bytes not acknowledged, sent or not, or
	                                 * for a listener its backlog */
	uint32_t expires_ms;            /* of the timer */
	uint32_t drops;                 /* of a listener: connections that found no
	                                 * room; 0 when nobody asked */
	uint8_t timer;                  /* enum diag_timer */
	uint8_t retries;                /* of the timer */
	uint8_t family;                 /* enum event_family, by the addresses */
	uint8_t state;                  /* enum tcp_state */
	bool mini;                      /* what is left of one that was closed */
	const uint8_t *info;            /* its tcp_info as this kernel has it, or
	                                 * NULL; borrowed from the answer */
	size_t info_length;
};

enum diag_message_kind {
	DIAG_MESSAGE_SOCKET,            /* message->socket */
	DIAG_MESSAGE_DONE,              /* the dump is complete */
	DIAG_MESSAGE_ERROR,             /* message->error */
	DIAG_MESSAGE_OTHER,             /* none of ours: go on */
	DIAG_MESSAGE_END,               /* no more in these bytes */
	DIAG_MESSAGE_BROKEN             /* lengths that cannot be: the rest of these
	                                 * bytes means nothing */
};

struct diag_message {
	uint32_t sequence;              /* of the request; 0 = of none */
	bool interrupted;               /* the dump is inconsistent: ask again */
	int error;                      /* positive errno; 0 of a DONE: complete */
	struct diag_socket socket;
};

/* Bytes of an answer that are still to be read. */
struct diag_reader {
	const uint8_t *at;
	size_t left;
};

/* Takes the next message off the reader. *message is set as far as its kind
 * says, sequence and interrupted also for OTHER. */
enum diag_message_kind diag_message_next(struct diag_reader *reader,
					 struct diag_message *message);

#endif

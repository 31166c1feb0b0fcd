/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of sock_diag: what is asked and what the kernel answers. Pure, so
 * that recorded bytes can stand for a kernel; every length is checked.
 */
#ifndef DIAG_MESSAGE_H
#define DIAG_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

enum {
	DIAG_MESSAGE_REQUEST_BYTES = 72,        /* without a filter */
	DIAG_MESSAGE_FILTER_MAX = 16384,
	DIAG_MESSAGE_REQUEST_MAX = DIAG_MESSAGE_REQUEST_BYTES + 4 +
				   DIAG_MESSAGE_FILTER_MAX
};

/* What is asked for. */
struct diag_query {
	uint32_t states;                /* as bits (1 << enum tcp_state) */
	bool info;                      /* with tcp_info */
	bool memory;                    /* with what was dropped */
	const uint8_t *filter;          /* diag_filter.h; borrowed */
	size_t filter_length;           /* 0 = none */
};

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

/* Writes the request for all TCP sockets of that address family (AF_INET,
 * AF_INET6: the kernel knows no other). Returns its length. */
size_t diag_message_request(uint8_t request[DIAG_MESSAGE_REQUEST_MAX],
			    uint8_t address_family,
			    const struct diag_query *query, uint32_t sequence);

/* The same for one socket, with its tcp_info. The kernel finds only one with
 * that cookie, within our network namespace. */
void diag_message_request_one(uint8_t request[DIAG_MESSAGE_REQUEST_BYTES],
			      const struct diag_socket *socket,
			      uint32_t sequence);

/* Bytes that a segment of the socket may carry, by its info; 0 = not known. */
uint16_t diag_message_mss(const struct diag_socket *socket);

/* Takes the next message off the reader. *message is set as far as its kind
 * says, sequence and interrupted also for OTHER. */
enum diag_message_kind diag_message_next(struct diag_reader *reader,
					 struct diag_message *message);

struct tcp_info;

/* Copies as much of the socket's tcp_info as both the kernel and this build have;
 * the rest is zero. False when there is none. */
bool diag_message_info(const struct diag_socket *socket, struct tcp_info *info);

/* An EVENT_GONE without a time, from the socket of a destroy notification. */
struct event diag_message_gone(const struct diag_socket *socket);

#endif

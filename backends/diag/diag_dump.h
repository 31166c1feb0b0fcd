/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All TCP sockets of a network namespace, asked of sock_diag piece by piece
 * without blocking: first those of AF_INET, then those of AF_INET6.
 */
#ifndef DIAG_DUMP_H
#define DIAG_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag_message.h"
#include "diag_query.h"
#include "tcpwatch/error.h"

struct diag_dump {
	int fd;                         /* of the opener */
	struct diag_query query;
	uint32_t sequence;              /* of the request now */
	unsigned int family;            /* index of the one that is asked */
	unsigned int tries;             /* for this family */
	bool asked;                     /* its answer is not complete ... */
	bool interrupted;               /* ... and not consistent */
	uint64_t previous_ns;           /* before the call that made the kernel
	                                 * fill what comes next */
};

/* One piece of the answer: its sockets were looked at between these times. */
struct diag_piece {
	uint64_t from_ns, until_ns;     /* CLOCK_MONOTONIC */
	struct diag_reader reader;      /* over the room given to read */
};

/* No answer is larger (netlink_recvmsg(), every kernel). */
enum { DIAG_DUMP_ROOM = 32768 };

/* A socket for sock_diag in the network namespace of this thread: the
 * descriptor, or -errno. */
int diag_dump_socket(void);

/* fd: as above, it and the query's filter borrowed until the dump is over. */
void diag_dump_init(struct diag_dump *dump, int fd,
		    const struct diag_query *query);

/*
 * Reads the next piece into room (DIAG_DUMP_ROOM). 1: *piece is one; 0: there
 * is no more; -errno: the dump failed, -ENOENT when the kernel has no sock_diag
 * for TCP. The kernel answers while it is asked: nothing is waited for. A dump that
 * the kernel calls inconsistent begins again: its sockets then come twice.
 */
int diag_dump_read(struct diag_dump *dump, uint8_t *room,
		   struct diag_piece *piece);

/* The next socket of the piece; false: there is none. */
bool diag_dump_next(struct diag_piece *piece, struct diag_message *message);

/* What went wrong, -errno of one of these, in words: *err and -errno. */
int diag_dump_refuse(struct error *err, int ret);

#endif

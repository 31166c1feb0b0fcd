/* SPDX-License-Identifier: BSD-2-Clause */
/* How large a socket's segments may be: asked of sock_diag once a socket, since
 * no trace event tells it. */
#ifndef SOCKET_MSS_H
#define SOCKET_MSS_H

#include <stdint.h>

#include "tcpwatch/event.h"

enum { SOCKET_MSS_PLACES = 4096 };

struct socket_mss_place {
	uint64_t cookie;        /* 0 = none has been asked for here */
	uint16_t mss;           /* 0 = sock_diag does not know the socket */
};

struct socket_mss {
	int fd;                 /* -1: nothing is known, ever */
	uint32_t sequence;
	struct socket_mss_place *places;        /* by cookie */
};

/* Without sock_diag or memory every answer is 0. */
void socket_mss_open(struct socket_mss *mss);
void socket_mss_close(struct socket_mss *mss);  /* accepts a zeroed object */

/* Of the socket that an EVENT_SAMPLE is about; 0 = not known, as of those of
 * other network namespaces. Asks the kernel at most once for each socket, or
 * again where another one has taken its place. */
uint16_t socket_mss_get(struct socket_mss *mss, const struct event *sample);

#endif

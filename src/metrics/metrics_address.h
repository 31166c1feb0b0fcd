/* SPDX-License-Identifier: BSD-2-Clause */
/* Where metrics are served: ADDRESS:PORT, and a socket that listens there. */
#ifndef METRICS_ADDRESS_H
#define METRICS_ADDRESS_H

#include <stdbool.h>

#include <netinet/in.h>

#include "tcpwatch/error.h"

struct metrics_address {
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	};
};

/* "127.0.0.1:9417", "[::1]:9417", or ":9417" and "9417" on loopback. 0, or
 * -EINVAL and *err. */
int metrics_address_parse(struct metrics_address *address, const char *text,
			  struct error *err);

/* A descriptor, not blocking, or -errno and *err. text: as above. */
int metrics_address_listen(const char *text, struct error *err);

#endif

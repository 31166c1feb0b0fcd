/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes that sock_diag is asked with. */
#ifndef DIAG_QUERY_H
#define DIAG_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag_message.h"

enum {
	DIAG_QUERY_BYTES = 72,          /* without a filter */
	DIAG_QUERY_FILTER_MAX = 16384,
	DIAG_QUERY_MAX = DIAG_QUERY_BYTES + 4 + DIAG_QUERY_FILTER_MAX
};

/* What is asked for. */
struct diag_query {
	uint32_t states;                /* as bits (1 << enum tcp_state) */
	bool info;                      /* with tcp_info */
	bool memory;                    /* with what was dropped */
	const uint8_t *filter;          /* diag_filter.h; borrowed */
	size_t filter_length;           /* 0 = none */
};

/* Writes the request for all TCP sockets of that address family (AF_INET,
 * AF_INET6: the kernel knows no other). Returns its length. */
size_t diag_query_compose(uint8_t request[DIAG_QUERY_MAX],
			  uint8_t address_family,
			  const struct diag_query *query, uint32_t sequence);

/* The same for one socket, with its tcp_info. The kernel finds only one with
 * that cookie, within our network namespace. */
void diag_query_compose_one(uint8_t request[DIAG_QUERY_BYTES],
			    const struct diag_socket *socket,
			    uint32_t sequence);

#endif

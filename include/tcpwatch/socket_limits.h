/* SPDX-License-Identifier: BSD-2-Clause */
/* How patient the kernel is with TCP peers: what is set for a network namespace,
 * and what a process has set for one socket. */
#ifndef TCPWATCH_SOCKET_LIMITS_H
#define TCPWATCH_SOCKET_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/socket_list.h"

/* Of our network namespace, from /proc/sys/net/ipv4; what this kernel does not
 * have or does not show is as kernels have it by default. */
struct socket_limits {
	uint32_t retries;               /* of data, tcp_retries2 */
	uint32_t orphan_retries;        /* the same once its process has closed it;
	                                 * 0: 8 */
	uint32_t syn_retries;
	uint32_t syn_linear_timeouts;   /* of these without doubling (6.5 on) */
	uint32_t synack_retries;
	uint32_t rto_max_ms;            /* 6.15 on; 120000 */
	uint32_t keepalive_idle_s;      /* who sets nothing has these three */
	uint32_t keepalive_interval_s;
	uint32_t keepalive_count;
};

void socket_limits_read(struct socket_limits *limits);

/* Options that sock_diag does not tell. */
struct socket_options {
	bool keepalive;                 /* on; only then do the next three matter */
	uint32_t keep_idle_s, keep_interval_s, keep_count;
	uint32_t user_timeout_ms;       /* 0 = none */
	uint32_t defer_accept_s;        /* of a listener; 0 = off */
	uint32_t syn_retries;
};

/*
 * Copies the socket out of its process for as long as that takes: were the
 * process to close it meanwhile, no FIN would be sent. 0, or -errno: -ENOSYS
 * before 5.6, -EPERM without the right to trace the process, -ESRCH when there is
 * no process with that socket, or none any more.
 */
int socket_options_read(const struct socket_status *status,
			struct socket_options *options);

#endif

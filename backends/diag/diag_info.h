/* SPDX-License-Identifier: BSD-2-Clause */
/* What a socket's tcp_info tells; older kernels have less of it. */
#ifndef DIAG_INFO_H
#define DIAG_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "diag_message.h"
#include "tcpwatch/event.h"

struct tcp_info;

/* Copies as much of the socket's tcp_info as both the kernel and this build have;
 * the rest is zero. False when there is none. */
bool diag_info_get(const struct diag_socket *socket, struct tcp_info *info);

/* Bytes that a segment of the socket may carry, by its info; 0 = not known. */
uint16_t diag_info_mss(const struct diag_socket *socket);

/* An EVENT_GONE without a time, from the socket of a destroy notification. */
struct event diag_info_gone(const struct diag_socket *socket);

#endif

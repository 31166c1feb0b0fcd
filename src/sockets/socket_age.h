/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a socket has been in its state at least, from how it is now. Pure. */
#ifndef SOCKET_AGE_H
#define SOCKET_AGE_H

#include <stdint.h>

#include "tcpwatch/socket_limits.h"

/* In milliseconds; 0 = nothing tells. */
uint64_t socket_age_of(const struct socket_status *status,
		       const struct socket_limits *limits);

#endif

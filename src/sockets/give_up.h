/* SPDX-License-Identifier: BSD-2-Clause */
/* When the kernel will give a socket up whose peer does not answer, by its own
 * rules, and for how long that has lasted. Pure. */
#ifndef GIVE_UP_H
#define GIVE_UP_H

#include <stdbool.h>
#include <stdint.h>

#include "tcpwatch/socket_limits.h"

struct give_up {
	uint64_t since_ms;      /* for so long nothing has come, at least */
	uint64_t left_ms;
	uint32_t tries;         /* that are allowed; 0 = another rule holds */
	const char *by;         /* the limit that will be reached; static */
};

/* False when nothing waits for an answer, or it is not known: *give_up is left
 * alone. options: NULL = not known, then by those of the namespace. */
bool give_up_of(const struct socket_status *status,
		const struct socket_limits *limits,
		const struct socket_options *options, struct give_up *give_up);

#endif

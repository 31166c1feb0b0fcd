/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with a socket, in words, from how it is now. Pure. */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/socket_limits.h"
#include "tcpwatch/socket_list.h"

enum { PROBLEM_TEXT_BYTES = 97 };

struct problem_facts {
	const struct socket_status *status;
	const struct socket_limits *limits;
	const struct socket_options *options;   /* NULL = not known */
	size_t unclosed;        /* sockets in CLOSE_WAIT that its owner has */
	uint32_t new_drops;     /* of a listener, since the list before */
};

/* Writes it to text (PROBLEM_TEXT_BYTES), terminated; false when nothing is
 * wrong. */
bool problem_of(const struct problem_facts *facts, char *text);

/* Only its options can tell whether something is wrong, or how much. */
bool problem_needs_options(const struct problem_facts *facts);

#endif

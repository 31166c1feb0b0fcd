/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with a socket, in words, from how it is now. Pure. */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/socket_list.h"

enum { PROBLEM_TEXT_BYTES = 80 };

/* Writes it to text (PROBLEM_TEXT_BYTES), terminated; false when nothing is wrong.
 * unclosed: how many sockets in CLOSE_WAIT its owner has. */
bool problem_of(const struct socket_status *status, size_t unclosed,
		char *text);

#endif

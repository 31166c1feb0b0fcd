/* SPDX-License-Identifier: BSD-2-Clause */
/* Backends that are wrong on purpose, each in one way, to show that the check
 * of the contract finds what it should. */
#ifndef BROKEN_BACKENDS_H
#define BROKEN_BACKENDS_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/backend.h"

struct broken_backend {
	const char *crime;              /* a word of what the check must say */
	struct backend_ops ops;
};

/* Number 0 is in order, so crime is NULL; false when there is no such number.
 * Only the one that was asked for last may be used. */
bool broken_backends_get(size_t number, struct broken_backend *broken);

/* Closes what the broken ones have left open. */
void broken_backends_clean(void);

#endif

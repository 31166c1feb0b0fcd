/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's filter as a program that sock_diag runs for each socket
 * (INET_DIAG_REQ_BYTECODE); what is left out here is filtered in user space. */
#ifndef DIAG_FILTER_H
#define DIAG_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "diag_query.h"
#include "tcpwatch/backend.h"

/*
 * Writes the program to code (DIAG_QUERY_FILTER_MAX) and returns its length; 0:
 * every socket passes. filter: NULL = the user has none. Whatever has port or
 * address 0 always passes.
 */
size_t diag_filter_compose(uint8_t *code, const struct backend_filter *filter);

#endif

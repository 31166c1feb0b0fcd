/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts a backend through everything that backend.h promises. */
#ifndef BACKEND_CONTRACT_H
#define BACKEND_CONTRACT_H

#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"

/*
 * What the backend did against its contract, in static words; NULL: nothing.
 * refusal: if open() refused to work here, as it may, receives its error;
 * else its code stays 0. Only one check at a time.
 */
const char *backend_contract_check(const struct backend_ops *ops,
				   const struct backend_options *options,
				   struct error *refusal);

#endif

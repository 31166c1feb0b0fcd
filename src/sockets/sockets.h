/* SPDX-License-Identifier: BSD-2-Clause */
/* The command sockets: what each open socket is doing now, without a watch. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "options/options.h"
#include "tcpwatch/error.h"

/* Lists them once, or at each interval; the exit status, with *err after a
 * failure. */
int sockets_run(const struct options *options, struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that are right by themselves and wrong together, and what follows from
 * others. */
#ifndef OPTIONS_SETTLE_H
#define OPTIONS_SETTLE_H

#include "options.h"
#include "tcpwatch/error.h"

/* All of argv has been read; scope: of the command (options_table.h). 0, or -EINVAL
 * and *err. */
int options_settle(struct options *options, unsigned int scope,
		   struct error *err);

#endif

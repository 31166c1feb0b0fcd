/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a recording in the making (dat_pieces.h): one file of all. */
#ifndef DAT_JOIN_H
#define DAT_JOIN_H

#include <stddef.h>

#include "tcpwatch/error.h"

/* Makes one file of FILE and its pieces, and removes these. statistics: the
 * kernel's, by CPU, each may be NULL; NULL = none. 0, or -errno with *err and
 * everything still there. */
int dat_join(const char *file, char *const *statistics, size_t cpus,
	     struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is always whole: what is new in it comes by rename. */
#ifndef METRICS_FILE_H
#define METRICS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/error.h"
#include "tcpwatch/keeper.h"

/* Whether such a file can be written: 0, or -errno and *err. Leaves nothing. A link
 * stays one: what it leads to is written, and has to be there. */
int metrics_file_check(const char *path, struct error *err);

/* Replaces its contents. keeper: who has the right to; NULL: we do. 0, or -errno and
 * *err with the file as it was. */
int metrics_file_write(const char *path, const struct keeper *keeper,
		       const char *bytes, size_t length, struct error *err);

/* For the keeper: a file beside it, the descriptor or -errno; and the end of that,
 * which takes its place or is removed: 0 or -errno. */
int metrics_file_begin(const char *path, struct error *err);
int metrics_file_end(const char *path, bool whole, struct error *err);

#endif

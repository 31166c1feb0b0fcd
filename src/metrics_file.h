/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is always whole: what is new in it comes by rename. */
#ifndef METRICS_FILE_H
#define METRICS_FILE_H

#include <stddef.h>

#include "tcpwatch/error.h"

/* Whether such a file can be written: 0, or -errno and *err. Leaves nothing. */
int metrics_file_check(const char *path, struct error *err);

/* Replaces its contents. 0, or -errno and *err with the file as it was. */
int metrics_file_write(const char *path, const char *bytes, size_t length,
		       struct error *err);

#endif

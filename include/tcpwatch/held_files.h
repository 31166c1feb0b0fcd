/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of a recording, opened before anything of them is read, so that
 * privileges may be given up in between.
 */
#ifndef TCPWATCH_HELD_FILES_H
#define TCPWATCH_HELD_FILES_H

#include "tcpwatch/error.h"

struct held_files;

/* Opens the file and the pieces beside it (FILE.cpu0, ..., FILE.ends), and reads
 * nothing. NULL: *err is set. */
struct held_files *held_files_open(const char *path, struct error *err);

/* A descriptor of the caller's own, at the start of the file; it may share its
 * offset with others of that file. held NULL: it is opened now, without waiting
 * for a FIFO's writer. -errno; -ENOENT also when it is not held. */
int held_files_get(const struct held_files *held, const char *path);

/* Accepts NULL. */
void held_files_close(struct held_files *held);

#endif

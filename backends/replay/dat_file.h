/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that may hold anything: read by offset and exact length, so that a
 * read beyond its end is a failure and never a short answer. */
#ifndef DAT_FILE_H
#define DAT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "tcpwatch/held_files.h"

struct dat_file {
	int fd;                 /* -1: not open */
	uint64_t size;          /* when it was opened */
};

/* Only regular files, whose size is known; of those held, unless NULL. 0 or
 * -errno and *err. */
int dat_file_open(struct dat_file *file, const char *path,
		  const struct held_files *held, struct error *err);
void dat_file_close(struct dat_file *file);     /* accepts fd -1 */

/* True when so many bytes lie at that offset. */
bool dat_file_has(const struct dat_file *file, uint64_t offset, uint64_t bytes);

/* Reads all of them: 0, or -EBADMSG when the file ends before, or -errno. */
int dat_file_read(const struct dat_file *file, uint64_t offset, void *bytes,
		  size_t length);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Small files of text, as /proc and /sys have them. */
#ifndef SMALL_FILE_H
#define SMALL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The beginning of the file, as far as one read() gives it, terminated. False,
 * and text empty, when there is nothing to be read. */
bool small_file_read(const char *path, char *text, size_t room);

#endif

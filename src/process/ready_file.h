/* SPDX-License-Identifier: BSD-2-Clause */
/* --ready-file: tells others that every event is on. */
#ifndef READY_FILE_H
#define READY_FILE_H

#include "tcpwatch/error.h"

/* Makes the file, holding our process id, at once whole; what is there and no
 * regular file (/dev/fd/3, a FIFO, a link) is written as it is. 0 or -errno, *err. */
int ready_file_write(const char *path, struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a watch waits for while there is nothing to read. */
#ifndef WATCH_WAIT_H
#define WATCH_WAIT_H

#include "tcpwatch/error.h"

/* Whose descriptors these are; negative: there is none. */
struct watch_wait_fds {
	int signals, output, backend, view;
};

enum {
	WATCH_WAIT_ASKED = 1u << 0,     /* the view's is readable */
	WATCH_WAIT_READER_GONE = 1u << 1 /* nobody reads the output any more */
};

/* Returns the descriptor to be waited on and closed, or -errno and *err. */
int watch_wait_open(const struct watch_wait_fds *fds, struct error *err);

/* The output's descriptor is another one by now. 0 or -errno and *err. */
int watch_wait_add_output(int wait_fd, int output_fd, struct error *err);

/* Until one of them is readable, a signal interrupts, or timeout_ms (-1: never)
 * is over. Returns WATCH_WAIT_*. */
unsigned int watch_wait_take(int wait_fd, int timeout_ms);

#endif

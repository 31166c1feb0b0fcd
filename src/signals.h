/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals as something to wait for and to ask about. They interrupt blocking
 * writes: whoever reads our output may have stopped, and the tool must still
 * end when it is told to.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>

#include "tcpwatch/error.h"

enum {
	SIGNALS_STOP = 1u << 0,         /* SIGINT, SIGTERM */
	SIGNALS_HANGUP = 1u << 1,       /* SIGHUP */
	SIGNALS_CHILD = 1u << 2         /* SIGCHLD */
};

/* Installs the handlers, ignores SIGPIPE. Returns a descriptor that becomes
 * readable with a signal, or -errno and *err. Once a process; never closed. */
int signals_open(struct error *err);

/* The SIGNALS_* that came since the last call. */
unsigned int signals_take(void);

/* True from the first SIGINT or SIGTERM on. */
bool signals_stopping(void);

/* The signal that asked to stop, 0 = none. */
int signals_stopped_by(void);

/* Gives a child the default actions back. Async-signal-safe. */
void signals_reset(void);

#endif

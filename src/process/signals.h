/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals and the time limit as something to wait for and to ask about. They
 * interrupt blocking writes: whoever reads our output may have stopped, and the
 * tool must still end when it is told to.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

#include "tcpwatch/error.h"

enum {
	SIGNALS_STOP = 1u << 0,         /* SIGINT, SIGTERM and others that would end
	                                 * the process */
	SIGNALS_HANGUP = 1u << 1,       /* SIGHUP */
	SIGNALS_CHILD = 1u << 2,        /* the child ended */
	SIGNALS_TIME = 1u << 3,         /* the time limit is over */
	SIGNALS_REPORT = 1u << 4        /* SIGUSR1: show what there is */
};

/* Installs the handlers; a SIGHUP that is ignored (nohup) stays so. Returns a
 * descriptor that becomes readable with a signal, or -errno and *err. Once a
 * process; never closed. */
int signals_open(struct error *err);

/* That child is no SIGNALS_CHILD. */
void signals_except(pid_t child);

/* The SIGNALS_* that came since the last call. */
unsigned int signals_take(void);

/* SIGNALS_TIME comes after that time. */
void signals_set_limit(uint64_t limit_ns);

/* True from the first STOP, CHILD or TIME on: no write is worth waiting for. */
bool signals_stopping(void);

/* The last signal that was a SIGNALS_STOP; 0 = none, or one of the terminal's,
 * which our children have got as well. */
int signals_stopped_by(void);

/* Whether that signal is one to stop: such alone are passed on. */
bool signals_stop_by(int number);

/* For a process that prints and ends: a reader that goes away makes its writes
 * fail with EPIPE. */
void signals_ignore_pipe(void);

/* For a child that ends by other means. */
void signals_ignore(void);

/* Gives a child the actions that this process was started with.
 * Async-signal-safe. */
void signals_restore(void);

#endif

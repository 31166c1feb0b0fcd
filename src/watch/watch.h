/* SPDX-License-Identifier: BSD-2-Clause */
/* The watch: from a backend's events to an output's bytes, until it is over. */
#ifndef WATCH_H
#define WATCH_H

#include "options/options.h"
#include "tcpwatch/error.h"

enum {                          /* see EXIT STATUS in the man page */
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_BACKEND = 3,
	EXIT_LOST = 4
};

/* Runs the watch and returns the exit code; with a failure *err says why. */
int watch_run(const struct options *options, struct error *err);

#endif

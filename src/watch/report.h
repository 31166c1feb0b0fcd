/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command report does besides showing rows. */
#ifndef REPORT_H
#define REPORT_H

#include "options/options.h"
#include "tcpwatch/error.h"
#include "tcpwatch/held_files.h"

/* Prints what is in the recording. EXIT_DONE (watch.h), or another exit code with
 * *err. */
int report_info(const struct options *options, struct error *err);

/* Makes the recording whole if it was cut short, and says so; returns the like. */
int report_recover(const struct options *options, struct error *err);

/*
 * Opens the recording that is to be read, says so in the ready file, and gives
 * up all privileges, before a byte of it is read; *held is the caller's. NULL
 * and success when there is none, or a script, which is nobody else's. 0 or
 * -errno and *err.
 */
int report_hold(const struct options *options, struct held_files **held,
		struct error *err);

#endif

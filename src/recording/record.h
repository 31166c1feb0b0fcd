/* SPDX-License-Identifier: BSD-2-Clause */
/* The command record: events to a file, for later and for other programs. */
#ifndef RECORD_H
#define RECORD_H

#include "options/options.h"
#include "tcpwatch/error.h"

/* EVENT_BIT set that these options have recorded. */
unsigned int record_events(const struct options *options);

/* Records until told to stop; the exit status, with *err after a failure. */
int record_run(const struct options *options, struct error *err);

#endif

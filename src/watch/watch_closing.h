/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run says of itself at its end. */
#ifndef WATCH_CLOSING_H
#define WATCH_CLOSING_H

#include <stdint.h>

#include "process/command.h"
#include "tracker/tracker.h"

/* The closing line on stderr, and what else the user should know: dropped rows
 * are those that the journal did not take. */
void watch_closing_tell(const struct tracker_counts *counts, uint64_t rows,
			uint64_t dropped, const struct command *command);

#endif

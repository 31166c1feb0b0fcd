/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked for and its source does not have, said once at the start. */
#ifndef WATCH_MISSING_H
#define WATCH_MISSING_H

#include "options/options.h"
#include "tcpwatch/backend.h"

/* wanted: EVENT_BIT set that was asked of the backend. name: of the source, as the
 * user knows it. Of resets and errors a source that watches each event says itself
 * that its kernel has none. */
void watch_missing_tell(const struct options *options, unsigned int wanted,
			const struct backend_facts *facts, const char *name);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the events of a watch come from, and what the user is told of that. */
#ifndef WATCH_SOURCE_H
#define WATCH_SOURCE_H

#include <stdint.h>

#include "options/options.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/held_files.h"

struct watch_source {           /* zero-initialise */
	struct held_files *held;        /* the recording's; NULL: there is none */
	struct backend *backend;
	struct backend_facts facts;     /* as of the last watch_source_read() */
	uint64_t from_ns, to_ns;        /* of event time: what is to be shown */
};

/* Opens what the options ask for; events: EVENT_BIT set that is wanted of it.
 * EXIT_DONE (watch.h), or another exit code with *err; whatever was opened by then
 * is for watch_source_close(). */
int watch_source_open(struct watch_source *source,
		      const struct options *options, unsigned int events,
		      struct error *err);

/* One batch, after the facts have been brought up to date. */
enum backend_answer watch_source_read(struct watch_source *source,
				      const struct event_sink *sink,
				      struct error *err);

void watch_source_close(struct watch_source *source);   /* accepts zeroed */

#endif

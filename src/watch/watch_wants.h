/* SPDX-License-Identifier: BSD-2-Clause */
/* What the user's options ask of a backend, so that whoever wants to know which
 * one a watch would take can ask for the same. */
#ifndef WATCH_WANTS_H
#define WATCH_WANTS_H

#include "options/options.h"
#include "output/column_list.h"
#include "tcpwatch/backend.h"

/* EVENT_BIT set that the command needs when it shows these columns. */
unsigned int watch_wants_events(const struct options *options,
				const struct column_list *shown);

/* BACKEND_* that it must promise. */
unsigned int watch_wants_promises(const struct options *options);

/* All but filter and held: those are the caller's. Borrows from options. */
struct backend_options watch_wants_backend(const struct options *options,
					   unsigned int events);

#endif

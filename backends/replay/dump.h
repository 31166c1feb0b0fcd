/* SPDX-License-Identifier: BSD-2-Clause */
/* A text dump, of `trace-cmd report` or of the kernel's trace file, as a source
 * of events: the part of the replay backend for those. */
#ifndef DUMP_H
#define DUMP_H

#include <stdbool.h>

#include "tcpwatch/backend.h"

/* Is there an event of ours among the first lines of the file? */
bool dump_is(const struct backend_options *options);

/* As backend_ops.open; the backend has ops of its own. */
struct backend *dump_open(const struct backend_options *options,
			  struct error *err);

#endif

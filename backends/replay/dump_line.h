/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of a text dump, of `trace-cmd report` or of the kernel's trace file, to
 * an event, as far as such a line says what happened. */
#ifndef DUMP_LINE_H
#define DUMP_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/event.h"

struct dump_line {
	struct event event;             /* socket_id stands for the addresses: such
	                                 * a line does not say which socket it is */
	struct event task;              /* EVENT_TASK of who ran, by its thread */
};

/* False: no event of ours. text: terminated, may be anything. */
bool dump_line_parse(struct dump_line *line, const char *text);

#endif

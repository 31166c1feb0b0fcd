/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several trace instances in one recording may have seen the same event, each
 * with a time stamp of its own. Whoever follows sockets must see it once.
 */
#ifndef TWINS_H
#define TWINS_H

#include <stdbool.h>
#include <stddef.h>

#include "tcpwatch/event.h"

struct twins;

struct twins *twins_new(void);          /* NULL when memory is short */
void twins_free(struct twins *twins);   /* accepts NULL */

/* True when another instance than this gave this event just before, on the
 * same CPU. event: its padding and what it does not use are zero. */
bool twins_take(struct twins *twins, size_t instance, const struct event *event);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which closed socket an error report is about. The kernel's event names no
 * socket, its endpoints may be zero by then, and it comes up to 2 ms behind the
 * change to CLOSE on 6.1 and later, before it in some paths of older kernels.
 * So it is joined by where it ran, time and endpoints, and only where a single
 * socket can be meant: two network namespaces may have one tuple.
 */
#ifndef ERROR_JOIN_H
#define ERROR_JOIN_H

#include <stddef.h>
#include <stdint.h>

#include "reason_queue.h"
#include "tcpwatch/event.h"

enum { ERROR_JOIN_KEPT = 8 };

/* Reports that found no row: their change to CLOSE may follow. */
struct error_join {
	struct event kept[ERROR_JOIN_KEPT];
	size_t count;
};

/* The ticket of the one waiting row that the report can be about; 0 = none, or
 * more than one. */
uint64_t error_join_find(struct reason_queue *rows, const struct event *error);

/* Remembers a report whose row may come; the oldest is forgotten. */
void error_join_keep(struct error_join *join, const struct event *error);

/* The errno of the one kept report that belongs to this change to CLOSE, which
 * is then forgotten; 0 = none, or more than one. stay_ns: in the state before, at
 * least. */
int32_t error_join_take(struct error_join *join, const struct event *close,
			uint64_t stay_ns);

#endif

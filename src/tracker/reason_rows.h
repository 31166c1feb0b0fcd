/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State changes on their way to the view, and what the kernel says around them:
 * a change to CLOSE waits in a reason_queue until a reset, an error report or
 * the end of its socket has told why.
 */
#ifndef REASON_ROWS_H
#define REASON_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "error_join.h"
#include "reason_queue.h"
#include "socket_table.h"
#include "tracker.h"

enum { REASON_ROWS_CPUS = 16 };         /* beyond them, some share a place */

struct reason_rows {
	struct reason_queue queue;
	struct error_join errors;
	uint64_t answering[REASON_ROWS_CPUS]; /* by CPU: ticket of the row whose
				 * socket, which is gone, may send a reset as the next
				 * that its CPU does; or 0 */
	unsigned int answering_count; /* ... that are not 0 */
	bool errors_told;       /* this kernel reports errors of sockets */
};

/* Gives the row of an EVENT_STATE its reason, as far as it is known by now, and
 * pushes it; entry is its socket. */
void reason_rows_push(struct reason_rows *rows, struct socket_entry *entry,
		      struct observation *row);

/* The socket sent or received a reset, maybe the reason of a row that waits. */
void reason_rows_take_reset(struct reason_rows *rows,
			    struct socket_entry *entry,
			    const struct event *event);

/* The socket whose row can be the only one that this error report is about; 0 =
 * there is none, or more than one. */
uint64_t reason_rows_socket_of_error(struct reason_rows *rows,
				     const struct event *event);

/* The report is about this socket; NULL: of none that is known by now. */
void reason_rows_take_error(struct reason_rows *rows,
			    struct socket_entry *entry,
			    const struct event *event);

/* The socket was destroyed: no more can come but a reset, at once. */
void reason_rows_take_destroy(struct reason_rows *rows,
			      struct socket_entry *entry,
			      const struct event *event);

/* An event while rows->answering_count: it is the reset of the row of its CPU, or
 * tells that there is none, or is of no such CPU. */
void reason_rows_settle_answer(struct reason_rows *rows,
			       const struct event *event);

/* The address is used: its row, if one waits, goes. */
static inline void reason_rows_release(struct reason_rows *rows,
				       struct socket_entry *entry)
{
	if (entry->row)
		reason_queue_settle(&rows->queue, entry->row);
	entry->row = 0;
}

#endif

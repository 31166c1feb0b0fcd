/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread to name, for the names that a trace.dat carries: the last one wins. */
#ifndef NAME_TABLE_H
#define NAME_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

struct name_table {
	struct name {
		int32_t tid;            /* 0 = free */
		char comm[EVENT_COMM_BYTES];
	} *names;
	size_t room, used;              /* room: a power of two, or 0 */
};

/* Takes an EVENT_TASK; what finds no memory or room is left out. A thread that
 * has no name has its process's, if that came before. */
void name_table_take(struct name_table *table, const struct event *event);
void name_table_done(struct name_table *table); /* accepts a zeroed object */

/* "TID NAME\n" of all, in memory that the caller frees, terminated. NULL when
 * memory is short. */
char *name_table_text(const struct name_table *table, size_t *length);

#endif

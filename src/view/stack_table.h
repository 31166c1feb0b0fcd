/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel stacks that the source has told, as text for rows. */
#ifndef STACK_TABLE_H
#define STACK_TABLE_H

#include <stdbool.h>

#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

struct stack_table;

/* addresses: functions without a name show theirs. NULL when memory is short. */
struct stack_table *stack_table_new(bool addresses, struct error *err);
void stack_table_free(struct stack_table *table); /* accepts NULL */

/* Takes an EVENT_FRAME. Where memory is short the stack is not known. */
void stack_table_take(struct stack_table *table, const struct event *event);

/* Of an event, as struct row has it; one that is too long ends in "...". NULL
 * when the event has none, or one of which nothing can be shown. Borrowed until
 * the next stack_table_take(). */
const char *stack_table_find(const struct stack_table *table,
			     const struct event *event);

#endif

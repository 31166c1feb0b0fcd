/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel stacks as events: few ways lead to a state change, so each stack is
 * told once, as FRAME events, and then has a number.
 */
#ifndef KERNEL_STACKS_H
#define KERNEL_STACKS_H

#include <stddef.h>
#include <stdint.h>

#include "trace_stack.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"

struct kernel_stacks;

/* Names come from the list of symbols at path; *why, which is no failure, is set
 * where it gives none. NULL when memory is short. */
struct kernel_stacks *kernel_stacks_new(const char *path, struct error *why);
void kernel_stacks_free(struct kernel_stacks *stacks); /* accepts NULL */

/* The number of that stack, for event.state.stack; one that has none is told to
 * the sink first, with the time and CPU of the event that it belongs to. */
uint32_t kernel_stacks_take(struct kernel_stacks *stacks,
			    const struct trace_stack *stack,
			    const struct event *event,
			    const struct event_sink *sink);

#endif

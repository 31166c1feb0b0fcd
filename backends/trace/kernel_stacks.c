/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers kernel stacks and tells their frames; see kernel_stacks.h. */
#include "kernel_stacks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel_symbols.h"

struct known {
	size_t count;
	uint64_t frames[TRACE_STACK_FRAMES];
};

struct kernel_stacks {
	struct kernel_symbols symbols;
	uint32_t last;                  /* number given; 0 = none yet */
	uint32_t hashes[EVENT_STACKS];  /* by number, modulo their count */
	struct known known[EVENT_STACKS];
};

struct kernel_stacks *kernel_stacks_new(const char *path, struct error *why)
{
	struct kernel_stacks *stacks = calloc(1, sizeof(*stacks));

	if (stacks)
		kernel_symbols_open(&stacks->symbols, path, why);
	return stacks;
}

void kernel_stacks_free(struct kernel_stacks *stacks)
{
	if (!stacks)
		return;
	kernel_symbols_close(&stacks->symbols);
	free(stacks);
}

static uint32_t hash_of(const struct trace_stack *stack)
{
	uint64_t hash = stack->count;

	for (size_t i = 0; i < stack->count; i++)
		hash = (hash ^ stack->frames[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static bool is_same(const struct known *known, const struct trace_stack *stack)
{
	return known->count == stack->count &&
	       !memcmp(known->frames, stack->frames,
		       stack->count * sizeof(stack->frames[0]));
}

/* 0 when it has none. The ones that came last come again soonest. */
static uint32_t find(const struct kernel_stacks *stacks,
		     const struct trace_stack *stack, uint32_t hash)
{
	uint32_t end = stacks->last > EVENT_STACKS ?
		       stacks->last - EVENT_STACKS : 0;

	for (uint32_t number = stacks->last; number > end; number--)
		if (stacks->hashes[number % EVENT_STACKS] == hash &&
		    is_same(&stacks->known[number % EVENT_STACKS], stack))
			return number;
	return 0;
}

static bool begins(const char *name, const char *prefix)
{
	return name && !strncmp(name, prefix, strlen(prefix));
}

/* Our own doing, on top of every stack. */
static bool is_of_tracer(const char *name)
{
	return begins(name, "trace_event_") || begins(name, "__traceiter_") ||
	       begins(name, "ftrace_") || begins(name, "__ftrace_") ||
	       begins(name, "trace_buffer_") ||
	       begins(name, "__trace_") || begins(name, "event_trigger");
}

/* Below is what the interrupt met, and no part of what it does. The names are
 * those of x86 and arm64, today's and of older kernels. */
static bool is_interrupt_entry(const char *name)
{
	static const char *const entries[] = {
		"asm_common_interrupt", "asm_sysvec_", "common_interrupt",
		"ret_from_intr", "apic_timer_interrupt", "el1h_64_irq",
		"el1_irq",
	};

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (begins(name, entries[i]))
			return true;
	return false;
}

/* A long name takes several events. */
static void tell_frame(const struct event_sink *sink, struct event *event,
		       const char *name)
{
	size_t length = name ? strlen(name) : 0;

	do {
		size_t part = length < EVENT_FRAME_BYTES ? length :
							   EVENT_FRAME_BYTES;

		memset(event->frame.name, 0, sizeof(event->frame.name));
		if (part)
			memcpy(event->frame.name, name, part);
		event->frame.goes_on = part < length;
		sink->take(sink->context, event);
		name += part;
		length -= part;
	} while (length);
}

/* Frames are return addresses, maybe behind the end of the function: the call
 * is before them. */
static const char *name_of(const struct kernel_stacks *stacks, uint64_t frame)
{
	return kernel_symbols_find(&stacks->symbols, frame - 1);
}

static void tell(const struct kernel_stacks *stacks,
		 const struct trace_stack *stack, struct event event,
		 const struct event_sink *sink)
{
	size_t i = 0;

	while (i + 1 < stack->count &&
	       is_of_tracer(name_of(stacks, stack->frames[i])))
		i++;
	for (; i < stack->count; i++) {
		const char *name = name_of(stacks, stack->frames[i]);
		const char *next = i + 1 < stack->count ?
				   name_of(stacks, stack->frames[i + 1]) : NULL;

		event.frame.address = stack->frames[i];
		tell_frame(sink, &event, name);
		/* One entry may be two frames: common_interrupt and what
		 * calls it. */
		if (is_interrupt_entry(name) && !is_interrupt_entry(next))
			return;
	}
}

uint32_t kernel_stacks_take(struct kernel_stacks *stacks,
			    const struct trace_stack *stack,
			    const struct event *event,
			    const struct event_sink *sink)
{
	uint32_t hash = hash_of(stack);
	uint32_t number = find(stacks, stack, hash);
	struct known *known;

	if (number || !stack->count)
		return number;
	/* No run lasts until they have been used up. */
	number = ++stacks->last;
	known = &stacks->known[number % EVENT_STACKS];
	stacks->hashes[number % EVENT_STACKS] = hash;
	known->count = stack->count;
	memcpy(known->frames, stack->frames,
	       stack->count * sizeof(stack->frames[0]));
	tell(stacks, stack, (struct event){
		.kind = EVENT_FRAME,
		.time_ns = event->time_ns,
		.cpu = event->cpu,
		.frame.stack = number,
	}, sink);
	return number;
}

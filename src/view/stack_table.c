/* SPDX-License-Identifier: BSD-2-Clause */
/* Gathers frames into stacks; see stack_table.h. */
#include "stack_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/number_text.h"
#include "output/column.h"

struct stack {
	uint32_t number;                /* 0 = none */
	bool shown;                     /* it says something */
	bool goes_on;                   /* the last name is not complete */
	bool full;                      /* takes no more */
	size_t length, capacity, names;
	char *text;                     /* NUL-terminated; NULL: memory was short */
};

struct stack_table {
	bool addresses;
	struct stack stacks[EVENT_STACKS]; /* by number, modulo their count */
};

struct stack_table *stack_table_new(bool addresses, struct error *err)
{
	struct stack_table *table = calloc(1, sizeof(*table));

	if (table)
		table->addresses = addresses;
	else
		error_set(err, ENOMEM, "out of memory for kernel stacks");
	return table;
}

void stack_table_free(struct stack_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < EVENT_STACKS; i++)
		free(table->stacks[i].text);
	free(table);
}

/* What memory the former stack had there is used again. */
static void begin(struct stack *stack, uint32_t number)
{
	*stack = (struct stack){
		.number = number,
		.text = stack->text,
		.capacity = stack->capacity,
	};
}

static bool make_room(struct stack *stack, size_t bytes)
{
	size_t capacity = stack->capacity ? stack->capacity : 256;
	char *text;

	while (capacity < stack->length + bytes)
		capacity *= 2;
	if (capacity == stack->capacity)
		return true;
	text = realloc(stack->text, capacity);
	if (!text)
		return false;
	stack->text = text;
	stack->capacity = capacity;
	return true;
}

/* The end of what has room is kept for the sign that there is more. */
static void append(struct stack *stack, const char *bytes, size_t length)
{
	static const char more[] = ";...";

	if (stack->length + length + sizeof(more) > ROW_STACK_MAX ||
	    stack->names == ROW_STACK_NAMES) {
		stack->full = true;
		bytes = more;
		length = sizeof(more) - 1;
	}
	if (!make_room(stack, length + 1)) {
		stack->full = true;
		stack->shown = false;
		return;
	}
	memcpy(stack->text + stack->length, bytes, length);
	stack->length += length;
	stack->text[stack->length] = '\0';
}

/* Modules choose names. */
static size_t put_safely(char *text, const char *name)
{
	size_t length = strnlen(name, EVENT_FRAME_BYTES);

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)name[i];

		text[i] = byte >= 0x80 || !isprint(byte) ||
			  strchr(";,\"\\", byte) ? '?' : (char)byte;
	}
	return length;
}

static size_t put_unnamed(char *text, uint64_t address, bool shown)
{
	if (!shown) {
		text[0] = '?';
		return 1;
	}
	memcpy(text, "0x", 2);
	return 2 + number_text_hex16(text + 2, address);
}

void stack_table_take(struct stack_table *table, const struct event *event)
{
	const struct event_frame *frame = &event->frame;
	struct stack *stack = &table->stacks[frame->stack % EVENT_STACKS];
	bool named = frame->name[0];
	char text[EVENT_FRAME_BYTES + 32];
	size_t length = 0;

	if (stack->number != frame->stack)
		begin(stack, frame->stack);
	if (stack->full)
		return;
	if (stack->length && !stack->goes_on)
		text[length++] = ';';
	length += named ? put_safely(text + length, frame->name) :
			  put_unnamed(text + length, frame->address,
				      table->addresses);
	stack->shown |= named || table->addresses;
	append(stack, text, length);
	stack->names += !frame->goes_on;
	stack->goes_on = frame->goes_on;
}

const char *stack_table_find(const struct stack_table *table,
			     const struct event *event)
{
	const struct stack *stack;

	if (event->kind != EVENT_STATE || !(event->has & EVENT_HAS_STACK))
		return NULL;
	stack = &table->stacks[event->state.stack % EVENT_STACKS];
	return stack->number == event->state.stack && stack->shown ?
	       stack->text : NULL;
}

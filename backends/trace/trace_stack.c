/* SPDX-License-Identifier: BSD-2-Clause */
/* Decodes records of kernel stacks; see trace_stack.h. */
#include "trace_stack.h"

#include <errno.h>
#include <string.h>

#include "trace_format_text.h"

/* Of struct trace_entry, the same on every kernel. */
enum { FLAGS_OFFSET = 2, TID_OFFSET = 4, ENTRY_BYTES = 8 };

static bool read_format(struct trace_stack_format *format,
			const struct trace_format_text *text)
{
	unsigned int type = trace_format_text_id(text);
	unsigned int count, count_bytes, frames, frames_bytes;

	if (!type || type > UINT16_MAX ||
	    !trace_format_text_field(text, "size", &count, &count_bytes) ||
	    !trace_format_text_field(text, "caller", &frames, &frames_bytes))
		return false;
	/* The array's declared size means nothing, and was 0 at first. */
	if (count < ENTRY_BYTES || count_bytes != sizeof(uint32_t) ||
	    count > UINT16_MAX || frames < count + count_bytes ||
	    frames > UINT16_MAX)
		return false;
	format->type = (uint16_t)type;
	format->count_offset = (uint16_t)count;
	format->frames_offset = (uint16_t)frames;
	return true;
}

int trace_stack_format_parse(struct trace_stack_format *format, const char *text,
			     uint8_t long_bytes, struct error *err)
{
	const struct trace_format_text whole = { text, strlen(text) };

	if ((long_bytes != 4 && long_bytes != 8) || !read_format(format, &whole))
		return error_set(err, EBADMSG, "tcpwatch does not understand their "
				 "format, ftrace:kernel_stack");
	format->long_bytes = long_bytes;
	return 0;
}

/* A number of so many bytes. */
static uint64_t load(const struct trace_stack_format *format,
		     const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 |
			bytes[format->big_endian ? i : size - 1 - i];
	return value;
}

/* Kernels before 5.2 ended the list with one that is all ones. */
static bool is_end(const struct trace_stack_format *format, uint64_t frame)
{
	return frame == (format->long_bytes == 8 ? UINT64_MAX : UINT32_MAX);
}

bool trace_stack_decode(const struct trace_stack_format *format,
			const uint8_t *data, size_t length,
			struct trace_stack *stack)
{
	const uint8_t *at = data + format->frames_offset;
	uint64_t count;

	if (length < format->frames_offset ||
	    load(format, data, 2) != format->type)
		return false;
	count = load(format, data + format->count_offset, 4);
	if (count > (length - format->frames_offset) / format->long_bytes)
		return false;
	stack->context = data[FLAGS_OFFSET] & EVENT_CONTEXT_INTERRUPT;
	stack->tid = (int32_t)load(format, data + TID_OFFSET, 4);
	stack->count = 0;
	for (; count && stack->count < TRACE_STACK_FRAMES; count--) {
		uint64_t frame = load(format, at, format->long_bytes);

		if (is_end(format, frame))
			break;
		stack->frames[stack->count++] = frame;
		at += format->long_bytes;
	}
	return true;
}

bool trace_stack_is_of(const struct trace_stack *stack,
		       const struct event *event)
{
	return stack->tid == event->tid && stack->context == event->context;
}

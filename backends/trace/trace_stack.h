/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records that the trace option `stacktrace` adds: behind each event's, on
 * the same CPU, where the kernel was at that moment.
 */
#ifndef TRACE_STACK_H
#define TRACE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

enum { TRACE_STACK_FRAMES = 128 };      /* of a deeper one the outermost go */

struct trace_stack_format {
	bool big_endian;
	uint8_t long_bytes;             /* of an address: 4 or 8 */
	uint16_t type;                  /* common_type of these records */
	uint16_t count_offset;          /* of the field size, 4 bytes */
	uint16_t frames_offset;         /* of the field caller */
};

struct trace_stack {
	int32_t tid;
	uint8_t context;                /* EVENT_CONTEXT_* */
	size_t count;
	uint64_t frames[TRACE_STACK_FRAMES]; /* where each will go on, the
	                                      * innermost first */
};

/* Parses the text of events/ftrace/kernel_stack/format. long_bytes is told by
 * trace_page_layout.commit_bytes. 0 or -EBADMSG with *err. Does not set
 * big_endian: the text does not say. */
int trace_stack_format_parse(struct trace_stack_format *format, const char *text,
			     uint8_t long_bytes, struct error *err);

/* False: another record, or one that holds less than it says. */
bool trace_stack_decode(const struct trace_stack_format *format,
			const uint8_t *data, size_t length,
			struct trace_stack *stack);

/* The stack behind an event's record is that event's: in between the CPU may
 * have been interrupted, and have recorded other events. */
bool trace_stack_is_of(const struct trace_stack *stack,
		       const struct event *event);

#endif

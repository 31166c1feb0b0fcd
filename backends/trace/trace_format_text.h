/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of one `format` file: what the kernel says about one event's records.
 * Reads it in place, trusts nothing in it, and never looks at the print format:
 * recordings of unknown origin carry such texts too.
 */
#ifndef TRACE_FORMAT_TEXT_H
#define TRACE_FORMAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { TRACE_FORMAT_NAME_BYTES = 64 };

struct trace_format_text {
	const char *text;               /* borrowed; need not be terminated */
	size_t length;
};

/* The event's name; false: none, or one that is longer. */
bool trace_format_text_name(const struct trace_format_text *format,
			    char name[TRACE_FORMAT_NAME_BYTES]);

/* The common_type of its records; 0 = the text does not say. */
unsigned int trace_format_text_id(const struct trace_format_text *format);

/* Where the field of that name lies, in bytes; false when there is none. */
bool trace_format_text_field(const struct trace_format_text *format,
			     const char *name, unsigned int *offset,
			     unsigned int *size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorded `format` files, and a reader of them that shares nothing with
 * the one under test. Failures end the running test. */
#ifndef RECORDED_FORMAT_H
#define RECORDED_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/trace_record.h"

enum { RECORDED_FORMAT_BYTES = 8192 };

struct recorded_format {
	char text[RECORDED_FORMAT_BYTES];       /* NUL-terminated */
	size_t length;
};

/* The releases under tests/recorded/formats; NULL-terminated. */
extern const char *const recorded_releases[];

/* Reads any file under tests/recorded/formats/<release>/. False when there is
 * none. */
bool recorded_format_read(struct recorded_format *format, const char *release,
			  const char *name);

/* The same, under tests/recorded/derived/. */
bool recorded_format_read_derived(struct recorded_format *format,
				  const char *name);

/* As recorded_format_read(), for the format of a trace event. */
bool recorded_format_read_event(struct recorded_format *format,
				const char *release, enum trace_event event);

/* The number behind "ID: ". */
unsigned int recorded_format_id(const struct recorded_format *format);

/* Where a field lies; false when the format has no such field. */
bool recorded_format_field(const struct recorded_format *format,
			   const char *name, size_t *offset, size_t *size);

/* The end of the last field, rounded up to four bytes. */
size_t recorded_format_size(const struct recorded_format *format);

/* Takes the line of a field out of the text. */
void recorded_format_drop(struct recorded_format *format, const char *name);

/* Writes another size into the line of a field: one digit for one digit. */
void recorded_format_resize(struct recorded_format *format, const char *name,
			    char digit);

#endif

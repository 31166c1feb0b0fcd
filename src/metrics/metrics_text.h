/* SPDX-License-Identifier: BSD-2-Clause */
/* The two text formats that Prometheus reads: families of samples into memory
 * that grows. */
#ifndef METRICS_TEXT_H
#define METRICS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/histogram.h"

enum metrics_format {
	METRICS_FORMAT_TEXT,    /* text format 0.0.4 */
	METRICS_FORMAT_OPENMETRICS, /* OpenMetrics 1.0.0 */
	METRICS_FORMAT_COUNT
};

enum metrics_type { METRICS_COUNTER, METRICS_GAUGE, METRICS_HISTOGRAM };

/* Static text. */
struct metrics_family {
	const char *name;       /* of a counter: without its "_total" */
	const char *help;       /* a sentence without quotes and backslashes */
	uint8_t type;           /* enum metrics_type */
};

/* Borrowed until the call returns. */
struct metrics_label {
	const char *name;       /* NULL: there is none */
	const char *value;      /* UTF-8; escaped here */
};

enum { METRICS_LABELS = 3 };

/* Of one sample; unused ones, last, are zero. */
struct metrics_labels {
	struct metrics_label list[METRICS_LABELS];
};

struct metrics_text {           /* zero-initialised = empty */
	char *bytes;            /* not terminated */
	size_t length, capacity;
	uint8_t format;         /* enum metrics_format */
	bool failed;            /* memory was short: bytes are not to be used */
};

/* Which buckets of a histogram are told, as powers of two of a microsecond. */
struct metrics_bounds {
	uint8_t first, last, step;
};

/* Empties it and keeps its memory. */
void metrics_text_begin(struct metrics_text *text, enum metrics_format format);

/* Once, behind the last family. */
void metrics_text_end(struct metrics_text *text);

void metrics_text_done(struct metrics_text *text);      /* accepts a zeroed one */

/* What the family's samples, which follow, are about. */
void metrics_text_family(struct metrics_text *text,
			 const struct metrics_family *family);

/* A sample of the family; of a counter "_total" follows the name. */
void metrics_text_number(struct metrics_text *text,
			 const struct metrics_family *family,
			 const struct metrics_labels *labels, uint64_t value);

/* Likewise, in seconds. */
void metrics_text_seconds(struct metrics_text *text,
			  const struct metrics_family *family,
			  const struct metrics_labels *labels, uint64_t ns);

/* Cumulative buckets, sum and count. histogram: buckets of microseconds, the sum
 * of nanoseconds. */
void metrics_text_histogram(struct metrics_text *text,
			    const struct metrics_family *family,
			    const struct metrics_labels *labels,
			    const struct histogram_log2 *histogram,
			    const struct metrics_bounds *bounds);

/* The media type of the format, for HTTP. Static text. */
const char *metrics_text_media_type(enum metrics_format format);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Families, samples, escapes and numbers of both text formats. */
#include "metrics_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/ns.h"

enum { FIRST_CAPACITY = 16384, NUMBER_BYTES = 48, US_PER_S = 1000000 };

void metrics_text_begin(struct metrics_text *text, enum metrics_format format)
{
	text->length = 0;
	text->format = (uint8_t)format;
	text->failed = false;
}

void metrics_text_done(struct metrics_text *text)
{
	free(text->bytes);
	*text = (struct metrics_text){ 0 };
}

static bool has_room(struct metrics_text *text, size_t bytes)
{
	size_t capacity = text->capacity ? text->capacity : FIRST_CAPACITY;
	char *larger;

	while (capacity - text->length < bytes)
		capacity *= 2;
	if (capacity == text->capacity)
		return true;
	larger = realloc(text->bytes, capacity);
	if (!larger) {
		text->failed = true;
		return false;
	}
	text->bytes = larger;
	text->capacity = capacity;
	return true;
}

static void put_bytes(struct metrics_text *text, const char *bytes,
		      size_t length)
{
	if (text->failed || !has_room(text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static void put(struct metrics_text *text, const char *words)
{
	put_bytes(text, words, strlen(words));
}

static void put_line(struct metrics_text *text, const char *first,
		     const char *second, const char *third)
{
	put(text, first);
	put(text, second);
	put(text, third);
	put(text, "\n");
}

static bool is_open(const struct metrics_text *text)
{
	return text->format == METRICS_FORMAT_OPENMETRICS;
}

static bool ends_on(const char *name, const char *end)
{
	size_t length = strlen(name), wanted = strlen(end);

	return length >= wanted && !strcmp(name + length - wanted, end);
}

/* The older format's counters have their "_total" here, too. */
void metrics_text_family(struct metrics_text *text,
			 const struct metrics_family *family)
{
	static const char *const types[] = {
		[METRICS_COUNTER] = "counter",
		[METRICS_GAUGE] = "gauge",
		[METRICS_HISTOGRAM] = "histogram",
	};
	bool total = family->type == METRICS_COUNTER && !is_open(text);
	const char *end = total ? "_total " : " ";

	put(text, "# HELP ");
	put_line(text, family->name, end, family->help);
	put(text, "# TYPE ");
	put_line(text, family->name, end, types[family->type]);
	if (is_open(text) && ends_on(family->name, "_seconds"))
		put_line(text, "# UNIT ", family->name, " seconds");
}

void metrics_text_end(struct metrics_text *text)
{
	if (is_open(text))
		put(text, "# EOF\n");
}

static void put_escaped(struct metrics_text *text, const char *value)
{
	for (; *value; value++) {
		switch (*value) {
		case '\\':
			put(text, "\\\\");
			break;
		case '"':
			put(text, "\\\"");
			break;
		case '\n':
			put(text, "\\n");
			break;
		default:
			put_bytes(text, value, 1);
		}
	}
}

/* Returns what stands in front of the next one. */
static const char *put_label(struct metrics_text *text, const char *before,
			     const char *name, const char *value)
{
	put(text, before);
	put(text, name);
	put(text, "=\"");
	put_escaped(text, value);
	put(text, "\"");
	return ",";
}

/* le: NULL = none. */
static void put_labels(struct metrics_text *text,
		       const struct metrics_labels *labels, const char *le)
{
	const char *before = "{";

	for (size_t i = 0; i < METRICS_LABELS && labels->list[i].name; i++)
		before = put_label(text, before, labels->list[i].name,
				   labels->list[i].value);
	if (le)
		before = put_label(text, before, "le", le);
	put(text, *before == '{' ? " " : "} ");
}

static const char *suffix_of(const struct metrics_family *family)
{
	return family->type == METRICS_COUNTER ? "_total" : "";
}

static void put_sample(struct metrics_text *text, const char *name,
		       const char *suffix, const struct metrics_labels *labels)
{
	put(text, name);
	put(text, suffix);
	put_labels(text, labels, NULL);
}

__attribute__((format(printf, 2, 3)))
static void put_number(struct metrics_text *text, const char *format, ...)
{
	char number[NUMBER_BYTES];
	va_list values;

	va_start(values, format);
	vsnprintf(number, sizeof(number), format, values);
	va_end(values);
	put(text, number);
}

void metrics_text_number(struct metrics_text *text,
			 const struct metrics_family *family,
			 const struct metrics_labels *labels, uint64_t value)
{
	put_sample(text, family->name, suffix_of(family), labels);
	put_number(text, "%" PRIu64 "\n", value);
}

static void put_seconds(struct metrics_text *text, uint64_t ns)
{
	put_number(text, "%" PRIu64 ".%09" PRIu64 "\n", ns / NS_PER_S,
		   ns % NS_PER_S);
}

void metrics_text_seconds(struct metrics_text *text,
			  const struct metrics_family *family,
			  const struct metrics_labels *labels, uint64_t ns)
{
	put_sample(text, family->name, suffix_of(family), labels);
	put_seconds(text, ns);
}

/* Both formats know a bound by its text: it must stay the same for ever. */
static void bound_text(char bound[NUMBER_BYTES], unsigned int power)
{
	uint64_t us = UINT64_C(1) << power;
	size_t length;

	snprintf(bound, NUMBER_BYTES, "%" PRIu64 ".%06" PRIu64, us / US_PER_S,
		 us % US_PER_S);
	for (length = strlen(bound); bound[length - 1] == '0'; length--)
		bound[length - 1] = '\0';
}

static void put_bucket(struct metrics_text *text, const char *name,
		       const struct metrics_labels *labels, const char *le,
		       uint64_t count)
{
	put(text, name);
	put(text, "_bucket");
	put_labels(text, labels, le);
	put_number(text, "%" PRIu64 "\n", count);
}

void metrics_text_histogram(struct metrics_text *text,
			    const struct metrics_family *family,
			    const struct metrics_labels *labels,
			    const struct histogram_log2 *histogram,
			    const struct metrics_bounds *bounds)
{
	uint64_t count = 0;
	unsigned int told = bounds->first;
	char bound[NUMBER_BYTES];

	for (unsigned int i = 0; i <= bounds->last; i++) {
		count += histogram->buckets[i];
		if (i != told)
			continue;
		told += bounds->step;
		bound_text(bound, i);
		put_bucket(text, family->name, labels, bound, count);
	}
	put_bucket(text, family->name, labels, "+Inf", histogram->count);
	put_sample(text, family->name, "_sum", labels);
	put_seconds(text, histogram->sum);
	put_sample(text, family->name, "_count", labels);
	put_number(text, "%" PRIu64 "\n", histogram->count);
}

const char *metrics_text_media_type(enum metrics_format format)
{
	return format == METRICS_FORMAT_OPENMETRICS ?
	       "application/openmetrics-text; version=1.0.0; charset=utf-8" :
	       "text/plain; version=0.0.4; charset=utf-8";
}

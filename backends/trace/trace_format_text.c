/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds lines and numbers in a format text; see trace_format_text.h. */
#include "trace_format_text.h"

#include <string.h>

/* What follows it is code of a kind, and may be anything. */
#define PRINT "print fmt:"

enum { NUMBER_MAX = 1 << 24 };          /* more is no offset, size or ID */

struct line {
	const char *at, *end;
	const char *next;               /* where the line after it begins */
};

static struct line before_first(const struct trace_format_text *format)
{
	return (struct line){ .next = format->text };
}

/* Steps to the next line, its indentation skipped; false at the end of what is
 * of interest. */
static bool next_line(const struct trace_format_text *format, struct line *line)
{
	const char *end = format->text + format->length;
	const char *newline;

	if (line->next >= end)
		return false;
	line->at = line->next;
	newline = memchr(line->at, '\n', (size_t)(end - line->at));
	line->end = newline ? newline : end;
	line->next = line->end + 1;
	while (line->at < line->end && (*line->at == '\t' || *line->at == ' '))
		line->at++;
	return !((size_t)(line->end - line->at) >= strlen(PRINT) &&
		 !memcmp(line->at, PRINT, strlen(PRINT)));
}

/* Steps over the word if the line goes on with it. */
static bool skip(struct line *line, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(line->end - line->at) < length ||
	    memcmp(line->at, word, length))
		return false;
	line->at += length;
	return true;
}

static bool take_number(struct line *line, unsigned int *number)
{
	const char *first = line->at;

	*number = 0;
	for (; line->at < line->end && *line->at >= '0' && *line->at <= '9';
	     line->at++) {
		*number = *number * 10 + (unsigned int)(*line->at - '0');
		if (*number > NUMBER_MAX)
			return false;
	}
	return line->at > first;
}

/* The number behind "\t<word>", and steps over it and its ';'. */
static bool take_property(struct line *line, const char *word,
			  unsigned int *number)
{
	while (line->at < line->end && (*line->at == '\t' || *line->at == ' '))
		line->at++;
	return skip(line, word) && take_number(line, number) && skip(line, ";");
}

static bool is_part_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* Is that what "unsigned char name[16]" declares? */
static bool declares(const char *declaration, const char *end, const char *name)
{
	size_t length = strlen(name);
	const char *bracket;

	bracket = memchr(declaration, '[', (size_t)(end - declaration));
	/* "__data_loc char[] name" has them in front. */
	if (bracket && end[-1] == ']')
		end = bracket;
	return (size_t)(end - declaration) > length &&
	       !memcmp(end - length, name, length) &&
	       !is_part_of_name(end[-(long)length - 1]);
}

bool trace_format_text_name(const struct trace_format_text *format,
			    char name[TRACE_FORMAT_NAME_BYTES])
{
	struct line line = before_first(format);
	size_t length;

	while (next_line(format, &line)) {
		if (!skip(&line, "name: "))
			continue;
		length = (size_t)(line.end - line.at);
		if (length < 1 || length >= TRACE_FORMAT_NAME_BYTES ||
		    memchr(line.at, '\0', length))
			return false;
		memcpy(name, line.at, length);
		name[length] = '\0';
		return true;
	}
	return false;
}

unsigned int trace_format_text_id(const struct trace_format_text *format)
{
	struct line line = before_first(format);
	unsigned int id;

	while (next_line(format, &line))
		if (skip(&line, "ID: "))
			return take_number(&line, &id) ? id : 0;
	return 0;
}

bool trace_format_text_field(const struct trace_format_text *format,
			     const char *name, unsigned int *offset,
			     unsigned int *size)
{
	struct line line = before_first(format);

	while (next_line(format, &line)) {
		const char *declaration, *semicolon;

		if (!skip(&line, "field:"))
			continue;
		declaration = line.at;
		semicolon = memchr(line.at, ';', (size_t)(line.end - line.at));
		if (!semicolon || !declares(declaration, semicolon, name))
			continue;
		line.at = semicolon + 1;
		return take_property(&line, "offset:", offset) &&
		       take_property(&line, "size:", size);
	}
	return false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads recorded format files in the simplest way; see recorded_format.h. */
#include "recorded_format.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const char *const recorded_releases[] = {
	"5.10.0-32-cloud-amd64",
	"6.1.0-50-cloud-amd64",
	"6.12.107+deb13-cloud-amd64",
	"6.18.44",
	"6.19.14+deb13-cloud-amd64",
	"7.3.4+deb13-cloud-amd64",
	NULL
};

__attribute__((format(printf, 2, 3)))
static bool read_file(struct recorded_format *format, const char *path_format,
		      ...)
{
	char path[256] = "tests/recorded/";
	size_t length = strlen(path);
	va_list arguments;
	FILE *file;

	va_start(arguments, path_format);
	vsnprintf(path + length, sizeof(path) - length, path_format, arguments);
	va_end(arguments);
	file = fopen(path, "r");
	if (!file)
		return false;
	format->length = fread(format->text, 1, sizeof(format->text) - 1, file);
	format->text[format->length] = '\0';
	assert_true(feof(file) || format->length < sizeof(format->text) - 1);
	fclose(file);
	return true;
}

bool recorded_format_read(struct recorded_format *format, const char *release,
			  const char *name)
{
	return read_file(format, "formats/%s/%s", release, name);
}

bool recorded_format_read_derived(struct recorded_format *format,
				  const char *name)
{
	return read_file(format, "derived/%s", name);
}

bool recorded_format_read_event(struct recorded_format *format,
				const char *release, enum trace_event event)
{
	const struct trace_event_info *info = &trace_events[event];

	return read_file(format, "formats/%s/%s/%s/format", release,
			 info->system, info->name);
}

unsigned int recorded_format_id(const struct recorded_format *format)
{
	const char *found = strstr(format->text, "\nID: ");
	unsigned int id = 0;

	assert_non_null(found);
	assert_int_equal(sscanf(found, " ID: %u", &id), 1);
	return id;
}

/* The start of the field's line; *behind: what follows its name. */
static char *find_line(const struct recorded_format *format, const char *name,
		       char **behind)
{
	size_t length = strlen(name);
	const char *at = format->text;

	while ((at = strstr(at, name))) {
		const char *line = at;

		while (line > format->text && line[-1] != '\n')
			line--;
		if (at > line && at[-1] == ' ' && !strncmp(line, "\tfield:", 7) &&
		    (at[length] == ';' || at[length] == '[')) {
			*behind = (char *)at + length;
			return (char *)line;
		}
		at++;
	}
	return NULL;
}

bool recorded_format_field(const struct recorded_format *format,
			   const char *name, size_t *offset, size_t *size)
{
	char *behind;

	if (!find_line(format, name, &behind))
		return false;
	assert_int_equal(sscanf(strchr(behind, ';'), "; offset:%zu; size:%zu;",
				offset, size), 2);
	return true;
}

size_t recorded_format_size(const struct recorded_format *format)
{
	const char *at = format->text;
	size_t end = 0;

	while ((at = strstr(at, "\toffset:"))) {
		size_t offset, size;

		assert_int_equal(sscanf(at, " offset:%zu; size:%zu;", &offset,
					&size), 2);
		if (offset + size > end)
			end = offset + size;
		at++;
	}
	return (end + 3) & ~(size_t)3;
}

void recorded_format_drop(struct recorded_format *format, const char *name)
{
	char *behind;
	char *line = find_line(format, name, &behind);
	char *next;

	assert_non_null(line);
	next = strchr(behind, '\n') + 1;
	memmove(line, next, strlen(next) + 1);
	format->length = strlen(format->text);
}

void recorded_format_resize(struct recorded_format *format, const char *name,
			    char digit)
{
	char *behind, *size;

	assert_non_null(find_line(format, name, &behind));
	size = strstr(behind, "size:");
	assert_non_null(size);
	size += strlen("size:");
	assert_int_equal(size[1], ';');
	*size = digit;
}

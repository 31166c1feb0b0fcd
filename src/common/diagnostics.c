/* SPDX-License-Identifier: BSD-2-Clause */
/* Words to the user on stderr, each message one write. */
#include "diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "safe_text.h"

#define PREFIX "tcpwatch: "

enum { MESSAGE_BYTES = 1024, PREFIX_BYTES = sizeof(PREFIX) - 1 };

static int verbosity;

static void print(const char *text)
{
	char line[PREFIX_BYTES + MESSAGE_BYTES + 1] = PREFIX;
	size_t length = PREFIX_BYTES;

	length += safe_text_terminal(line + length, text,
				     strnlen(text, MESSAGE_BYTES), NULL);
	line[length++] = '\n';
	/* When not even stderr takes it, there is nobody left to tell. */
	if (write(STDERR_FILENO, line, length) < 0)
		return;
}

static void print_format(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

static void print_format(const char *format, va_list arguments)
{
	char text[MESSAGE_BYTES];

	if (vsnprintf(text, sizeof(text), format, arguments) >= 0)
		print(text);
}

void diagnostics_set_verbosity(int level)
{
	verbosity = level;
}

void diagnostics_error(const struct error *err)
{
	print(err->text);
}

void diagnostics_note(const char *format, ...)
{
	va_list arguments;

	if (verbosity < 0)
		return;
	va_start(arguments, format);
	print_format(format, arguments);
	va_end(arguments);
}

void diagnostics_detail(const char *format, ...)
{
	va_list arguments;

	if (verbosity < 1)
		return;
	va_start(arguments, format);
	print_format(format, arguments);
	va_end(arguments);
}

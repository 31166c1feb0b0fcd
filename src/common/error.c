/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps the first failure and the words that go with it. */
#include "tcpwatch/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, int code, const char *format, ...)
{
	va_list arguments;

	if (!err || err->code)
		return -code;
	err->code = code;
	va_start(arguments, format);
	vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	return -code;
}

void error_prefix(struct error *err, const char *prefix)
{
	static const char separator[] = ": ";
	const size_t separator_length = sizeof(separator) - 1;
	const size_t room = sizeof(err->text) - 1 - separator_length;
	size_t shift, kept;

	if (!err || !err->code)
		return;
	shift = strnlen(prefix, room) + separator_length;
	kept = strnlen(err->text, sizeof(err->text) - 1 - shift);
	memmove(err->text + shift, err->text, kept);
	err->text[shift + kept] = '\0';
	memcpy(err->text, prefix, shift - separator_length);
	memcpy(err->text + shift - separator_length, separator,
	       separator_length);
}

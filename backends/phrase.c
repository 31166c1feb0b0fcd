/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts in a row; see phrase.h. */
#include "phrase.h"

#include <stdio.h>
#include <string.h>

void phrase_add_all(char *text, size_t room, const char *between,
		    const char *format, va_list arguments)
{
	size_t length = strlen(text);

	if (length)
		length += (size_t)snprintf(text + length, room - length, "%s",
					   between);
	if (length < room)
		vsnprintf(text + length, room - length, format, arguments);
}

void phrase_add(char *text, size_t room, const char *between,
		const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	phrase_add_all(text, room, between, format, arguments);
	va_end(arguments);
}

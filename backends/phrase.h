/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes and lists in words, which grow by a part at a time until their room is
 * used up. */
#ifndef PHRASE_H
#define PHRASE_H

#include <stdarg.h>
#include <stddef.h>

/* Puts a part behind what text holds, and between in front of it unless it is
 * the first. What finds no room is cut off. */
void phrase_add(char *text, size_t room, const char *between,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same, of a caller that has arguments of its own. */
void phrase_add_all(char *text, size_t room, const char *between,
		    const char *format, va_list arguments)
	__attribute__((format(printf, 4, 0)));

#endif

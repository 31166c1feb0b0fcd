/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes whose number is known, appended to a line of output. */
#ifndef PUT_H
#define PUT_H

#include <stddef.h>
#include <string.h>

/* Returns length, for sums. */
static inline size_t put_bytes(char *text, const char *bytes, size_t length)
{
	memcpy(text, bytes, length);
	return length;
}

#define PUT(text, literal) put_bytes(text, literal, sizeof(literal) - 1)

#endif

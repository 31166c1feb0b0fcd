/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes untrusted bytes fit for a terminal, for CSV and for JSON. A process
 * chooses its own name: it may hold escape sequences, quotes or broken UTF-8.
 * Each function reads at most length bytes, stops at a NUL, writes without a
 * terminating NUL, and returns the number of bytes written, at most
 * 6 * length (safe_text_terminal(): at most length).
 */
#ifndef SAFE_TEXT_H
#define SAFE_TEXT_H

#include <stddef.h>

/*
 * For a terminal: control characters (C0, DEL, C1), those that turn the
 * direction of text or break lines, and bytes that are not UTF-8 become '?'.
 * columns, if not NULL, receives how many characters it is.
 */
size_t safe_text_terminal(char *text, const char *bytes, size_t length,
			  size_t *columns);

/* For inside a JSON string: escapes as JSON wants, and what a terminal must not
 * get as well; U+FFFD for each byte of broken UTF-8. */
size_t safe_text_json(char *text, const char *bytes, size_t length);

/* For one CSV field: as for a terminal, quoted where needed (RFC 4180). */
size_t safe_text_csv(char *text, const char *bytes, size_t length);

#endif

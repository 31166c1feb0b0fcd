/* SPDX-License-Identifier: BSD-2-Clause */
/* "Did you mean": the few right words that are nearest to a wrong one. */
#ifndef OPTIONS_NEAREST_H
#define OPTIONS_NEAREST_H

#include <stddef.h>

enum { OPTIONS_NEAREST_MAX = 3 };

/* Zero-initialise but for word. */
struct options_nearest {
	const char *word;               /* what was typed; borrowed */
	unsigned int distance;          /* of each name kept */
	size_t count;                   /* of names kept */
	struct {
		const char *name;       /* borrowed; not terminated */
		size_t length;
	} kept[OPTIONS_NEAREST_MAX];
};

/* Keeps name (length bytes) when it is like the word, and drops those that are
 * less so. */
void options_nearest_offer(struct options_nearest *nearest, const char *name,
			   size_t length);

/* Writes the names kept as "<before>one, <before>two" ("" when there are
 * none), NUL-terminated and cut to size. */
void options_nearest_text(const struct options_nearest *nearest,
			  const char *before, char *text, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the words nearest to a mistyped one by edit distance. */
#include "options_nearest.h"

#include <stdio.h>
#include <string.h>

enum {
	WORD_MAX = 31,          /* longer words are like no name of ours */
	EDITS_MAX = 2
};

static unsigned int smallest(unsigned int a, unsigned int b, unsigned int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* Insertions, deletions and replacements from one word to the other. */
static unsigned int edits(const char *from, size_t from_length, const char *to,
			  size_t to_length)
{
	unsigned int row[WORD_MAX + 1];
	size_t i, j;

	for (j = 0; j <= to_length; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= from_length; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (j = 1; j <= to_length; j++) {
			unsigned int above = row[j];

			row[j] = smallest(above + 1, row[j - 1] + 1,
					  diagonal + (from[i - 1] != to[j - 1]));
			diagonal = above;
		}
	}
	return row[to_length];
}

static unsigned int distance(const char *word, const char *name, size_t length)
{
	size_t word_length = strnlen(word, WORD_MAX + 1);

	if (word_length > WORD_MAX || length > WORD_MAX)
		return EDITS_MAX + 1;
	if (word_length >= 2 && word_length <= length &&
	    !strncmp(word, name, word_length))
		return 0;       /* abbreviated */
	return edits(word, word_length, name, length);
}

void options_nearest_offer(struct options_nearest *nearest, const char *name,
			   size_t length)
{
	unsigned int offered = distance(nearest->word, name, length);

	/* Short words are two edits away from nearly everything. */
	if (offered > EDITS_MAX || offered * 2 >= length)
		return;
	if (nearest->count > 0 && offered > nearest->distance)
		return;
	if (offered < nearest->distance)
		nearest->count = 0;
	nearest->distance = offered;
	if (nearest->count == OPTIONS_NEAREST_MAX)
		return;
	nearest->kept[nearest->count].name = name;
	nearest->kept[nearest->count].length = length;
	nearest->count++;
}

void options_nearest_text(const struct options_nearest *nearest,
			  const char *before, char *text, size_t size)
{
	size_t used = 0;
	size_t i;

	text[0] = '\0';
	for (i = 0; i < nearest->count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s%.*s",
					 i ? ", " : "", before,
					 (int)nearest->kept[i].length,
					 nearest->kept[i].name);
}

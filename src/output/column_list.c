/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of columns as users write them; see column_list.h. */
#include "column_list.h"

#include <errno.h>
#include <string.h>

enum { WORD_BYTES = 32, NAMES_BYTES = 576 };

/* Room for " (right: )" and the wrong word within struct error's text. */
_Static_assert(NAMES_BYTES + WORD_BYTES + 32 <= sizeof(((struct error *)0)->text),
	       "an error holds the wrong word and all right ones");

/* In *word the next piece of a list separated by commas; returns where to go
 * on, NULL behind the last. */
static const char *next_word(const char *text, char word[WORD_BYTES])
{
	size_t length = strcspn(text, ",");
	size_t kept = length < WORD_BYTES ? length : WORD_BYTES - 1;

	memcpy(word, text, kept);
	word[kept] = '\0';
	return text[length] ? text + length + 1 : NULL;
}

/* The names of the allowed columns, separated by commas. */
static void list_names(char names[NAMES_BYTES],
		       const struct column_ids *allowed)
{
	size_t used = 0;

	for (size_t i = 0; i < allowed->count; i++) {
		const struct column *column = &columns[allowed->ids[i]];
		size_t length = column->name_length;

		if (used + length + 2 > NAMES_BYTES)
			continue;
		if (used)
			names[used++] = ',';
		memcpy(names + used, column->name, length);
		used += length;
	}
	names[used] = '\0';
}

static int wrong_word(struct error *err, const char *word,
		      const struct column_ids *allowed)
{
	char names[NAMES_BYTES];

	list_names(names, allowed);
	return error_set(err, EINVAL, "no column '%s' here (right: %s)", word,
			 names);
}

bool column_list_has(const struct column_list *list, enum column_id id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->uses[i].id == id)
			return true;
	return false;
}

int column_list_parse(struct column_list *list, const char *text,
		      const struct column_ids *allowed, struct error *err)
{
	struct column_list parsed = { 0 };
	char word[WORD_BYTES];

	while (text) {
		int id;

		text = next_word(text, word);
		id = column_find(word);
		if (!column_ids_have(allowed, id))
			return wrong_word(err, word, allowed);
		if (parsed.count == COLUMN_LIST_MAX)
			return error_set(err, EINVAL,
					 "more than %d columns", COLUMN_LIST_MAX);
		parsed.uses[parsed.count++].id = (enum column_id)id;
	}
	*list = parsed;
	return 0;
}

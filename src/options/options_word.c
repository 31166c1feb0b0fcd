/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks words up among the commands and what tcpwatch says; see options_word.h. */
#include "options_word.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "options_nearest.h"

enum { NEAREST_BYTES = 160, WORDS_BYTES = 160 };

const struct options_errand *options_word_errand(const char *word)
{
	const struct options_errand *errand;

	for (errand = options_errands; errand->name; errand++)
		if (!strcmp(errand->name, word))
			return errand;
	return NULL;
}

bool options_word_is_command(const char *word)
{
	return word[0] && (options_word_errand(word) || view_find(word));
}

static void offer_commands(struct options_nearest *nearest)
{
	size_t i;

	for (i = 0; views[i]; i++)
		options_nearest_offer(nearest, views[i]->name,
				      strlen(views[i]->name));
	for (i = 0; options_errands[i].name; i++)
		options_nearest_offer(nearest, options_errands[i].name,
				      strlen(options_errands[i].name));
}

int options_word_refuse(const char *word, struct error *err)
{
	struct options_nearest nearest = { .word = word };
	char right[NEAREST_BYTES];

	offer_commands(&nearest);
	options_nearest_offer(&nearest, "help", strlen("help"));
	options_nearest_text(&nearest, "", right, sizeof(right));
	return error_set(err, EINVAL,
			 "'%.60s' is not a command%s%s; 'tcpwatch help' lists them",
			 word, right[0] ? "; did you mean " : "", right);
}

static int refuse_words(const char *words, struct error *err)
{
	struct options_nearest nearest = { .word = words };
	char right[NEAREST_BYTES];

	offer_commands(&nearest);
	meaning_offer(&nearest);
	options_nearest_offer(&nearest, OPTIONS_WORD_ALL,
			      strlen(OPTIONS_WORD_ALL));
	options_nearest_text(&nearest, "", right, sizeof(right));
	return error_set(err, EINVAL,
			 "'%.60s' is not a command, nor a word of tcpwatch's%s%s; "
			 "'tcpwatch help' lists the ones, 'tcpwatch help "
			 OPTIONS_WORD_ALL "' the others",
			 words, right[0] ? "; did you mean " : "", right);
}

/* What is too long is cut: no name is. */
static void join(char *text, size_t room, char **words)
{
	size_t length = 0;

	for (text[0] = '\0'; *words && length < room; words++)
		length += (size_t)snprintf(text + length, room - length, "%s%s",
					   length ? " " : "", *words);
}

int options_word_explain(struct options *options, char **words,
			 struct error *err)
{
	char text[WORDS_BYTES];

	join(text, sizeof(text), words);
	options->action = OPTIONS_MEANING;
	options->meaning = meaning_find(text);
	if (options->meaning || !strcmp(text, OPTIONS_WORD_ALL))
		return 0;
	return refuse_words(text, err);
}

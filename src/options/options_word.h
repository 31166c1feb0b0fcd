/* SPDX-License-Identifier: BSD-2-Clause */
/* The first word of a command line: a command, or behind "help" what tcpwatch
 * says. */
#ifndef OPTIONS_WORD_H
#define OPTIONS_WORD_H

#include <stdbool.h>

#include "options.h"
#include "options_table.h"
#include "tcpwatch/error.h"

/* Behind "help" it asks for the names of all that has a meaning. */
#define OPTIONS_WORD_ALL "diagnoses"

/* The command of that name that shows no view; NULL = there is none. */
const struct options_errand *options_word_errand(const char *word);

/* Of either kind; "" is none. */
bool options_word_is_command(const char *word);

/* Of a word that is no command: says so, and which ones are like it. -EINVAL and
 * *err. */
int options_word_refuse(const char *word, struct error *err);

/* Makes options print what the words mean (a list that ends with NULL, one at
 * least). 0, or -EINVAL and *err where they mean nothing. */
int options_word_explain(struct options *options, char **words,
			 struct error *err);

#endif

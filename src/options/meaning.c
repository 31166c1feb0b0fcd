/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds and prints what words mean; see meaning.h. */
#include "meaning.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "common/wrap.h"

enum { WIDTH = 79, LABEL_WIDTH = 11, NAMES_INDENT = 2, NAMES_BYTES = 1024 };

static const struct {
	const char *title;      /* of the names */
	const char *said;       /* where one meets them */
	const char *page;       /* where a row names none */
} kinds[MEANING_KIND_COUNT] = {
	[MEANING_PROBLEM] = { "Problems of sockets ('tcpwatch sockets --problems'):",
			      "said by 'sockets --problems'", NULL },
	[MEANING_VERDICT] = { "Verdicts ('tcpwatch counters'):",
			      "a verdict of 'counters'", NULL },
	[MEANING_REASON] = { "WHY of a state change:",
			     "WHY of a state change", "ends" },
	[MEANING_CLASS] = { "CLASS of a retransmission, in the stream its WHY:",
			    "the class of a retransmission", "retransmissions" },
};

static int folded(char letter)
{
	return letter == '-' || letter == '_' ? ' ' :
	       tolower((unsigned char)letter);
}

/* How many letters the name has if the words begin with it; 0 = they do not. */
static size_t begins(const char *words, const char *name)
{
	size_t length = 0;

	while (name[length] && folded(words[length]) == folded(name[length]))
		length++;
	return name[length] || !strchr(" :,", words[length]) ? 0 : length;
}

/* Those whose names are followed by figures. */
static bool has_figures(const struct meaning *meaning)
{
	return meaning->kind == MEANING_PROBLEM ||
	       meaning->kind == MEANING_VERDICT;
}

static size_t fits(const struct meaning *meaning, const char *words)
{
	size_t length = begins(words, meaning->name);

	if (length && words[length] && !has_figures(meaning))
		return 0;
	if (length || !meaning->page)
		return length;
	length = begins(words, meaning->page);
	return words[length] ? 0 : length;
}

const struct meaning *meaning_find(const char *words)
{
	const struct meaning *meaning, *found = NULL;
	size_t longest = 0;

	for (meaning = meanings; meaning->name; meaning++) {
		size_t length = fits(meaning, words);

		if (length > longest) {
			longest = length;
			found = meaning;
		}
	}
	return found;
}

void meaning_offer(struct options_nearest *nearest)
{
	const struct meaning *meaning;

	for (meaning = meanings; meaning->name; meaning++) {
		options_nearest_offer(nearest, meaning->name,
				      strlen(meaning->name));
		if (meaning->page && strcmp(meaning->page, meaning->name) != 0)
			options_nearest_offer(nearest, meaning->page,
					      strlen(meaning->page));
	}
}

static void print_part(FILE *file, const char *label, const char *text)
{
	const struct wrap form = { file, WIDTH, LABEL_WIDTH, LABEL_WIDTH };

	if (!text)
		return;
	fprintf(file, "%-*s", LABEL_WIDTH, label);
	wrap_print(&form, text);
}

void meaning_print(const struct meaning *meaning, FILE *file)
{
	fprintf(file, "%s: %s\n", meaning->name, kinds[meaning->kind].said);
	print_part(file, "It means", meaning->means);
	print_part(file, "It is not", meaning->unlike);
	print_part(file, "Make sure", meaning->look);
	print_part(file, "Do", meaning->remedy);
	fprintf(file, "%-*sman tcpwatch; doc/tcpwatch/diagnoses/%s.md\n",
		LABEL_WIDTH, "More",
		meaning->page ? meaning->page : kinds[meaning->kind].page);
}

/* What is typed: a page, or the name without blanks. */
static size_t put_name(char *text, size_t room, const struct meaning *meaning)
{
	size_t length = (size_t)snprintf(text, room, "%s",
					 meaning->page ? meaning->page :
					 meaning->name);

	for (size_t i = 0; i < length && i < room; i++)
		if (text[i] == ' ')
			text[i] = '-';
	return length;
}

static void print_kind(enum meaning_kind kind, FILE *file)
{
	const struct wrap form = { file, WIDTH, NAMES_INDENT, NAMES_INDENT };
	const struct meaning *meaning;
	char text[NAMES_BYTES] = "";
	size_t length = 0;

	for (meaning = meanings; meaning->name; meaning++) {
		if (meaning->kind != kind)
			continue;
		if (length && length < sizeof(text))
			length += (size_t)snprintf(text + length,
						   sizeof(text) - length, ", ");
		if (length < sizeof(text))
			length += put_name(text + length, sizeof(text) - length,
					   meaning);
	}
	fprintf(file, "%s\n%*s", kinds[kind].title, NAMES_INDENT, "");
	wrap_print(&form, text);
}

void meaning_print_names(FILE *file)
{
	fprintf(file, "'tcpwatch help NAME' says what one means; words as they "
		"are printed do, too.\n");
	for (unsigned int kind = 0; kind < MEANING_KIND_COUNT; kind++)
		print_kind(kind, file);
}

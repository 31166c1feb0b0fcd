/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks argv by the table of options: the command first, then its options. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/ns.h"
#include "options_nearest.h"
#include "options_settle.h"
#include "options_table.h"
#include "options_word.h"
#include "tcpwatch/backend.h"

enum {
	LABEL_BYTES = 48,       /* what an error quotes of an option */
	COMMAND_BYTES = 24,
	NEAREST_BYTES = 128
};

struct parser {
	struct options *options;
	unsigned int scope;
	char **next;            /* the argument to be read next */
	unsigned int words;     /* of "[interval [outputs]]" that were read */
	struct error *err;
};

static void set_defaults(struct options *options)
{
	*options = (struct options){
		.backend = "auto",
		.format = "table",
		.header = true,
		.max_sockets = 65536,
		.latency_ns = 100 * NS_PER_MS,
		.poll_ns = NS_PER_S,
		.view_options.rtt.top = 20,
		.samples.aggregate = BACKEND_AGGREGATE_MAY,
	};
}

/* Steps *names to the next of a row's names, whose length is returned; 0 when
 * there is none. */
static size_t next_name(const char **names)
{
	*names += strspn(*names, " ");
	return strcspn(*names, " ");
}

static bool row_has_name(const struct options_row *row, const char *name,
			 size_t name_length)
{
	const char *own = row->names;
	size_t length;

	for (; (length = next_name(&own)) > 0; own += length) {
		if (length == name_length && !strncmp(own, name, length))
			return true;
	}
	return false;
}

/* The option of that name in any of these scopes; NULL when there is none. */
static const struct options_row *find_name(unsigned int scope,
					   const char *name, size_t length)
{
	const struct options_row *row;

	for (row = options_table; row->take; row++) {
		if (row->scope & scope && row_has_name(row, name, length))
			return row;
	}
	return NULL;
}

static const struct options_row *find_letter(unsigned int scope, char letter)
{
	const struct options_row *row;

	for (row = options_table; row->take; row++) {
		if (row->scope & scope && strchr(row->letters, letter))
			return row;
	}
	return NULL;
}

/* What the letter is in most commands; NULL: nothing in any. */
static const struct options_row *find_letter_elsewhere(char letter)
{
	const struct options_row *row, *most = NULL;

	for (row = options_table; row->take; row++)
		if (strchr(row->letters, letter) &&
		    (!most || __builtin_popcount(row->scope) >
			      __builtin_popcount(most->scope)))
			most = row;
	return most;
}

/* "tcpwatch states", "tcpwatch" */
static const char *command_line(char text[COMMAND_BYTES], const char *command)
{
	snprintf(text, COMMAND_BYTES, "tcpwatch%s%s", command[0] ? " " : "",
		 command);
	return text;
}

/* label is the option of another command when row is not NULL. */
static int wrong_option(const struct parser *parser,
			const struct options_row *row, const char *label)
{
	const struct options *options = parser->options;
	struct options_nearest nearest = { .word = label + 2 };
	char right[NEAREST_BYTES], own[COMMAND_BYTES], other[COMMAND_BYTES];

	command_line(own, options->errand ? options->errand->name :
					    options->view->name);
	if (row)
		return error_set(parser->err, EINVAL,
				 "%s: not an option of this command, but of "
				 "'%s'; '%s --help' lists its own", label,
				 command_line(other, options_table_command(row)),
				 own);
	for (row = options_table; label[1] == '-' && row->take; row++) {
		const char *name = row->names;
		size_t length;

		for (; (length = next_name(&name)) > 0; name += length) {
			if (row->scope & parser->scope)
				options_nearest_offer(&nearest, name, length);
		}
	}
	options_nearest_text(&nearest, "--", right, sizeof(right));
	return error_set(parser->err, EINVAL,
			 "%s: no such option%s%s; '%s --help' lists them",
			 label, right[0] ? "; did you mean " : "", right, own);
}

static int take_option(struct parser *parser, const struct options_row *row,
		       const char *label, const char *value)
{
	struct options_given given = {
		.label = label,
		.value = value,
		.field = (char *)parser->options + row->field,
	};

	/* An empty variable in a script must not become "no filter". */
	if (value && !value[0])
		return error_set(parser->err, EINVAL,
				 "%s: '' is no value; give %s (%s)", label,
				 row->value, row->help);
	if (row->take(parser->options, &given, parser->err) < 0) {
		error_prefix(parser->err, label);
		return -EINVAL;
	}
	return 0;
}

/* As above; the value is the next argument. */
static int take_option_next(struct parser *parser,
			    const struct options_row *row, const char *label)
{
	if (!*parser->next)
		return error_set(parser->err, EINVAL,
				 "%s: needs a value: %s (%s)", label,
				 row->value, row->help);
	return take_option(parser, row, label, *parser->next++);
}

static int no_value(const struct parser *parser, const char *label,
		    const char *value)
{
	return error_set(parser->err, EINVAL,
			 "%s: '%.60s' is too much; it takes no value", label,
			 value);
}

static int parse_long(struct parser *parser, const char *argument)
{
	const char *equals = strchr(argument, '=');
	size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
	const struct options_row *row;
	char label[LABEL_BYTES];

	snprintf(label, sizeof(label), "%.*s",
		 length < sizeof(label) ? (int)length : LABEL_BYTES, argument);
	row = find_name(parser->scope, argument + 2, length - 2);
	if (!row)
		return wrong_option(parser,
				    find_name(OPTIONS_SCOPE_EVERY, argument + 2,
					      length - 2),
				    label);
	if (!row->value && equals)
		return no_value(parser, label, equals + 1);
	if (row->value && !equals)
		return take_option_next(parser, row, label);
	return take_option(parser, row, label, equals ? equals + 1 : NULL);
}

/* Help and version want no more than themselves. */
static bool has_answer(const struct options *options)
{
	return options->action == OPTIONS_HELP ||
	       options->action == OPTIONS_VERSION;
}

/* "-w", "-wT", "-L80", "-wL80", "-L" "80" */
static int parse_letters(struct parser *parser, const char *letters)
{
	for (; *letters && !has_answer(parser->options); letters++) {
		char label[] = { '-', *letters, '\0' };
		const struct options_row *row = find_letter(parser->scope,
							    *letters);
		int rc;

		if (!row)
			return wrong_option(parser,
					    find_letter_elsewhere(*letters),
					    label);
		if (row->value && letters[1])
			return take_option(parser, row, label, letters + 1);
		if (row->value)
			return take_option_next(parser, row, label);
		if (letters[1] == '=')
			return no_value(parser, label, letters + 2);
		rc = take_option(parser, row, label, NULL);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int parse_command(struct parser *parser)
{
	if (!*parser->next)
		return error_set(parser->err, EINVAL,
				 "--: no command follows; give -- CMD [ARG...]");
	parser->options->command = parser->next;
	return 0;
}

/* "[interval [outputs]]", as bcc's tools and vmstat take it, or the recording, as
 * trace-cmd report does. */
static int take_word(struct parser *parser, const char *word)
{
	const struct options_given given = { .label = word, .value = word };

	if (parser->scope == OPTIONS_SCOPE_REPORT && word[0] &&
	    !parser->options->read_path) {
		parser->options->read_path = word;
		return 0;
	}
	if (!parser->options->view->takes_interval || parser->words == 2)
		return error_set(parser->err, EINVAL,
				 "'%.60s': unexpected word; commands come "
				 "first, a program to run after --",
				 word);
	return parser->words++ ?
		options_take_outputs(parser->options, &given, parser->err) :
		options_take_interval(parser->options, &given, parser->err);
}

static int parse_arguments(struct parser *parser)
{
	int rc = 0;

	while (rc == 0 && *parser->next && !has_answer(parser->options)) {
		const char *argument = *parser->next++;

		if (!strcmp(argument, "--"))
			return parse_command(parser);
		if (argument[0] != '-' || !argument[1])
			rc = take_word(parser, argument);
		else if (argument[1] == '-')
			rc = parse_long(parser, argument);
		else
			rc = parse_letters(parser, argument + 1);
	}
	return rc;
}

/* Takes the first word as the command; without one it is the stream. */
static int parse_view(struct parser *parser)
{
	const char *word = *parser->next;

	parser->options->view = view_find("");
	parser->scope = OPTIONS_SCOPE_STREAM;
	if (!word || word[0] == '-')
		return 0;
	parser->options->errand = options_word_errand(word);
	if (parser->options->errand) {
		parser->options->action = parser->options->errand->action;
		parser->scope = parser->options->errand->scope;
		parser->next++;
		return 0;
	}
	if (word[0])
		parser->options->view = view_find(word);
	if (!word[0] || !parser->options->view)
		return options_word_refuse(word, parser->err);
	if (parser->options->view->format)
		parser->options->format = parser->options->view->format;
	parser->scope = options_table_scope(parser->options->view->name);
	parser->next++;
	return 0;
}

/* "help [COMMAND]" is "[COMMAND] --help"; other words are looked up. */
static int parse_help(struct parser *parser)
{
	const char *word = *++parser->next;
	int rc;

	if (word && !strcmp(word, "help"))
		word = *++parser->next;
	if (word && word[0] != '-' && !options_word_is_command(word))
		return options_word_explain(parser->options, parser->next,
					    parser->err);
	rc = parse_view(parser);
	if (rc < 0)
		return rc;
	rc = parse_arguments(parser);
	parser->options->action = OPTIONS_HELP;
	return rc;
}

int options_parse(struct options *options, int argc, char **argv,
		  struct error *err)
{
	struct parser parser = {
		.options = options,
		.next = argc > 0 ? argv + 1 : argv,
		.err = err,
	};
	int rc;

	set_defaults(options);
	if (*parser.next && !strcmp(*parser.next, "help"))
		return parse_help(&parser);
	rc = parse_view(&parser);
	if (rc < 0)
		return rc;
	rc = parse_arguments(&parser);
	if (rc < 0 || has_answer(options) ||
	    options->action == OPTIONS_LIST_COLUMNS)
		return rc;
	return options_settle(options, parser.scope, err);
}

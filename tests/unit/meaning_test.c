/* SPDX-License-Identifier: BSD-2-Clause */
/* Every word that tcpwatch says has a meaning, is found as people type it, and what
 * is said to be typed next is taken. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "options/meaning.h"
#include "options/options.h"
#include "tracker/reason.h"

enum { LINE_BYTES = 512, WORDS_MAX = 16, WIDTH = 79 };

static size_t count_of(enum meaning_kind kind)
{
	const struct meaning *meaning;
	size_t count = 0;

	for (meaning = meanings; meaning->name; meaning++)
		count += meaning->kind == kind;
	return count;
}

static void expect(const char *words, enum meaning_kind kind, const char *name)
{
	const struct meaning *meaning = meaning_find(words);

	if (!meaning)
		fail_msg("'%s' means nothing", words);
	assert_string_equal(meaning->name, name);
	assert_int_equal(meaning->kind, kind);
}

static void every_reason_and_class_has_one(void **state)
{
	(void)state;
	for (unsigned int i = REASON_UNKNOWN + 1; i < REASON_COUNT; i++)
		expect(reason_name(i), MEANING_REASON, reason_name(i));
	for (unsigned int i = 0; i < REASON_CLASS_COUNT; i++)
		expect(reason_class_name(i), MEANING_CLASS, reason_class_name(i));
	assert_int_equal(count_of(MEANING_REASON), REASON_COUNT - 1);
	assert_int_equal(count_of(MEANING_CLASS), REASON_CLASS_COUNT);
}

static void names_and_pages_are_found(void **state)
{
	const struct meaning *meaning;

	(void)state;
	for (meaning = meanings; meaning->name; meaning++) {
		assert_non_null(meaning->means);
		expect(meaning->name, meaning->kind, meaning->name);
		if (meaning->page)
			expect(meaning->page, meaning->kind, meaning->name);
	}
}

static void they_are_found_as_people_type_them(void **state)
{
	(void)state;
	expect("zero-window", MEANING_PROBLEM, "zero window");
	expect("Zero Window", MEANING_PROBLEM, "zero window");
	expect("close_wait", MEANING_PROBLEM,
	       "closed by the peer and not by its process");
	expect("half open", MEANING_PROBLEM, "half-open");
	expect("zero window for 4.7 s: the peer takes none of 2559 bytes",
	       MEANING_PROBLEM, "zero window");
	expect("TCP_USER_TIMEOUT of 5.0 s ends it before keepalive",
	       MEANING_PROBLEM, "TCP_USER_TIMEOUT");
	expect("loss: recoveries 3, undone 0", MEANING_VERDICT, "loss");
	expect("peers gone", MEANING_VERDICT, "peers gone");
	expect("peer-gone", MEANING_PROBLEM, "the peer may be gone");
	expect("syn", MEANING_CLASS, "syn");
	expect("syn_received", MEANING_REASON, "SYN received");
	expect("orphaned", MEANING_REASON, "orphaned");
	expect("to-time-wait", MEANING_REASON, "to TIME_WAIT");
}

static void other_words_mean_nothing(void **state)
{
	static const char *const words[] = {
		"", " ", "-", "los", "losses", "syn unansweredx", "synx",
		"closed", "killed by us", "resets-page", "peer", "half",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (meaning_find(words[i]))
			fail_msg("'%s' is taken for '%s'", words[i],
				 meaning_find(words[i])->name);
}

/* As main() does it, up to the end. */
static void expect_accepted(const char *line)
{
	char text[LINE_BYTES], *argv[WORDS_MAX + 1], *rest = text;
	struct options options;
	struct error err = { 0 };
	int argc = 0;

	snprintf(text, sizeof(text), "%s",
		 strncmp(line, "sudo ", 5) ? line : line + 5);
	while (rest && argc < WORDS_MAX)
		argv[argc++] = strsep(&rest, " ");
	argv[argc] = NULL;
	assert_string_equal(argv[0], "tcpwatch");
	if (options_parse(&options, argc, argv, &err))
		fail_msg("%s: %s", line, err.text);
}

static void what_makes_sure_is_a_command(void **state)
{
	const struct meaning *meaning;

	(void)state;
	for (meaning = meanings; meaning->name; meaning++) {
		if (meaning->look)
			expect_accepted(meaning->look);
		else
			assert_true(meaning->kind >= MEANING_REASON);
	}
}

static void they_fit_a_screen(void **state)
{
	const struct meaning *meaning;
	FILE *file = tmpfile();
	char line[LINE_BYTES];

	(void)state;
	assert_non_null(file);
	for (meaning = meanings; meaning->name; meaning++)
		meaning_print(meaning, file);
	meaning_print_names(file);
	rewind(file);
	while (fgets(line, sizeof(line), file))
		if (strlen(line) > WIDTH + 1)
			fail_msg("too wide: %s", line);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reason_and_class_has_one),
		cmocka_unit_test(names_and_pages_are_found),
		cmocka_unit_test(they_are_found_as_people_type_them),
		cmocka_unit_test(other_words_mean_nothing),
		cmocka_unit_test(what_makes_sure_is_a_command),
		cmocka_unit_test(they_fit_a_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scripted events in, text out: runs the program on each line of
 * tests/golden/CASES and compares what it wrote, on stdout and stderr, and its
 * exit code with the expected file. UPDATE=1 in the environment writes the
 * expected files anew and shows what changes. $TCPWATCH is the program.
 */
#include <stdarg.h>
#include <stddef.h>
#include <limits.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER "tests/golden/"

enum { CASES_MAX = 512, LINE_BYTES = 512, TEXT_BYTES = 1 << 16 };

/* One line of CASES: name | input | options | expected */
struct golden_case {
	char line[LINE_BYTES];
	char *name, *input, *options, *expected;
};

/* Everything that a run says, in the form of an expected file. */
struct transcript {
	char text[TEXT_BYTES];
	size_t length;
};

static char program[4096];              /* absolute: runs are inside FOLDER */
static char scratch[] = "/tmp/tcpwatch-golden-XXXXXX";

static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length > 0 && strchr(" \t\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* False for blank lines and comments. */
static bool parse_case(struct golden_case *golden)
{
	char **parts[] = {
		&golden->name, &golden->input, &golden->options, &golden->expected
	};
	char *rest = trim(golden->line);

	if (*rest == '#' || *rest == '\0')
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char *part = strsep(&rest, "|");

		if (!part) {
			fprintf(stderr, FOLDER "CASES: '%s' lacks a part\n",
				golden->line);
			exit(1);
		}
		*parts[i] = trim(part);
	}
	return true;
}

static void append_file(struct transcript *transcript, const char *path)
{
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	transcript->length += fread(transcript->text + transcript->length, 1,
				    TEXT_BYTES - transcript->length, file);
	fclose(file);
	assert_true(transcript->length < TEXT_BYTES);
}

static void append_text(struct transcript *transcript, const char *text)
{
	size_t length = strlen(text);

	assert_true(transcript->length + length < TEXT_BYTES);
	memcpy(transcript->text + transcript->length, text, length);
	transcript->length += length;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/* The program may be of another build than this one. */
static bool has(const char *word)
{
	char command[PATH_MAX + 64];
	int length = snprintf(command, sizeof(command),
			      "'%s' --version | grep -qw '%s'", program, word);

	assert_true(length > 0 && (size_t)length < sizeof(command));
	return system(command) == 0;
}

/* The options go through the shell, which knows quotes. */
static int run_program(const struct golden_case *golden)
{
	char command[8192];
	char input[LINE_BYTES] = "";
	int length, status;

	if (strcmp(golden->input, "-"))
		snprintf(input, sizeof(input), "%s-r %s",
			 ends_in(golden->input, ".dat") ? "" :
			 "--backend=scripted ", golden->input);
	length = snprintf(command, sizeof(command),
			  "cd " FOLDER " && TZ=UTC LC_ALL=C '%s' %s %s "
			  ">%s/out 2>%s/err </dev/null", program,
			  golden->options, input, scratch, scratch);
	assert_true(length > 0 && (size_t)length < sizeof(command));
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void record(const struct golden_case *golden,
		   struct transcript *transcript)
{
	char path[64], line[64];
	int code = run_program(golden);

	transcript->length = 0;
	snprintf(path, sizeof(path), "%s/out", scratch);
	append_file(transcript, path);
	append_text(transcript, "=== stderr\n");
	snprintf(path, sizeof(path), "%s/err", scratch);
	append_file(transcript, path);
	snprintf(line, sizeof(line), "=== exit %d\n", code);
	append_text(transcript, line);
}

static void write_file(const char *path, const struct transcript *transcript)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(transcript->text, 1, transcript->length, file),
			 transcript->length);
	assert_int_equal(fclose(file), 0);
}

static bool equals_file(const char *path, const struct transcript *transcript)
{
	static struct transcript expected;

	if (access(path, R_OK) < 0)
		return false;
	expected.length = 0;
	append_file(&expected, path);
	return expected.length == transcript->length &&
	       !memcmp(expected.text, transcript->text, expected.length);
}

static void show_difference(const char *expected, const char *got)
{
	char command[8192];
	int length = snprintf(command, sizeof(command),
			      "diff -aNu --label expected --label got %s %s >&2",
			      expected, got);

	assert_true(length > 0 && (size_t)length < sizeof(command));
	assert_true(system(command) != -1);
}

static void run_case(void **state)
{
	static struct transcript transcript;
	const struct golden_case *golden = *state;
	const char *update = getenv("UPDATE");
	char expected[LINE_BYTES], got[64];

	if (ends_in(golden->input, "-zstd.dat") && !has("zstd")) {
		puts("skip: this build reads no zstd");
		skip();
	}
	snprintf(expected, sizeof(expected), FOLDER "%s", golden->expected);
	record(golden, &transcript);
	if (equals_file(expected, &transcript))
		return;
	snprintf(got, sizeof(got), "%s/got", scratch);
	write_file(got, &transcript);
	show_difference(expected, got);
	unlink(got);
	if (update && !strcmp(update, "1"))
		write_file(expected, &transcript);
	else
		fail_msg("%s: differs from %s", golden->name, expected);
}

static size_t read_cases(struct golden_case *cases, struct CMUnitTest *tests)
{
	FILE *file = fopen(FOLDER "CASES", "r");
	size_t count = 0;

	if (!file) {
		perror(FOLDER "CASES");
		exit(1);
	}
	while (count < CASES_MAX &&
	       fgets(cases[count].line, LINE_BYTES, file)) {
		if (!parse_case(&cases[count]))
			continue;
		tests[count] = (struct CMUnitTest){
			.name = cases[count].name,
			.test_func = run_case,
			.initial_state = &cases[count],
		};
		count++;
	}
	fclose(file);
	return count;
}

static int make_scratch(void **state)
{
	(void)state;
	return mkdtemp(scratch) ? 0 : -1;
}

static int remove_scratch(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/out", scratch);
	unlink(path);
	snprintf(path, sizeof(path), "%s/err", scratch);
	unlink(path);
	return rmdir(scratch);
}

int main(void)
{
	static struct golden_case cases[CASES_MAX];
	static struct CMUnitTest tests[CASES_MAX];
	const char *tcpwatch = getenv("TCPWATCH");
	size_t count = read_cases(cases, tests);

	if (!realpath(tcpwatch ? tcpwatch : "build/tcpwatch", program)) {
		perror(tcpwatch ? tcpwatch : "build/tcpwatch");
		return 1;
	}
	return _cmocka_run_group_tests("golden", tests, count, make_scratch,
				       remove_scratch);
}

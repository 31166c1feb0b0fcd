/* SPDX-License-Identifier: BSD-2-Clause */
/* Format texts, good and bad. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorded_format.h"
#include "trace/trace_format_text.h"

static const char sample[] =
	"name: sample\n"
	"ID: 42\n"
	"format:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\n"
	"\tfield:char newcomm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
	"\tfield:__data_loc char[] word;\toffset:24;\tsize:4;\tsigned:0;\n"
	"\tfield:const void * skaddr;\toffset:32;\tsize:8;\tsigned:0;\n"
	"\n"
	"print fmt: \"\\n\tfield:int ghost;\toffset:1;\tsize:4;\"\n"
	"\tfield:int behind;\toffset:1;\tsize:4;\tsigned:0;\n";

static struct trace_format_text text_of(const char *text)
{
	return (struct trace_format_text){ text, strlen(text) };
}

static void finds_name_and_id(void **state)
{
	const struct trace_format_text format = text_of(sample);
	char name[TRACE_FORMAT_NAME_BYTES];

	(void)state;
	assert_true(trace_format_text_name(&format, name));
	assert_string_equal(name, "sample");
	assert_int_equal(trace_format_text_id(&format), 42);
}

static void check_field(const char *name, unsigned int offset, unsigned int size)
{
	const struct trace_format_text format = text_of(sample);
	unsigned int found_offset, found_size;

	assert_true(trace_format_text_field(&format, name, &found_offset,
					    &found_size));
	assert_int_equal(found_offset, offset);
	assert_int_equal(found_size, size);
}

static void finds_fields(void **state)
{
	(void)state;
	check_field("common_type", 0, 2);
	check_field("newcomm", 8, 16);
	check_field("word", 24, 4);
	check_field("skaddr", 32, 8);
}

static bool has_field(const char *text, const char *name)
{
	const struct trace_format_text format = text_of(text);
	unsigned int offset, size;

	return trace_format_text_field(&format, name, &offset, &size);
}

/* Parts of names, and what stands in the print format. */
static void finds_nothing_else(void **state)
{
	(void)state;
	assert_false(has_field(sample, "comm"));
	assert_false(has_field(sample, "type"));
	assert_false(has_field(sample, "skaddr;"));
	assert_false(has_field(sample, "ghost"));
	assert_false(has_field(sample, "behind"));
	assert_false(has_field("", "skaddr"));
	assert_false(has_field("\n\n", "skaddr"));
	assert_false(has_field("field:int a", "a"));
	assert_false(has_field("field:int a;", "a"));
	assert_false(has_field("field:int a;\toffset:;\tsize:4;", "a"));
	assert_false(has_field("field:int a;\toffset:-1;\tsize:4;", "a"));
	assert_false(has_field("field:int a;\toffset:99999999999;\tsize:4;", "a"));
	assert_false(has_field("field:a;\toffset:0;\tsize:4;", "a"));
	assert_true(has_field("\nfield:int a;\toffset:0;\tsize:4;", "a"));
}

static void refuses_bad_names(void **state)
{
	char longest[128] = "name: ";
	struct trace_format_text format;
	char name[TRACE_FORMAT_NAME_BYTES];

	(void)state;
	memset(longest + 6, 'x', sizeof(longest) - 7);
	format = text_of(longest);
	assert_false(trace_format_text_name(&format, name));
	format = text_of("name: \nID: x\n");
	assert_false(trace_format_text_name(&format, name));
	assert_int_equal(trace_format_text_id(&format), 0);
}

/* Cut anywhere, in memory that ends there: the sanitizer watches. */
static void reads_no_further(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof(sample); length++) {
		char *copy = malloc(length ? length : 1);
		const struct trace_format_text format = { copy, length };
		char name[TRACE_FORMAT_NAME_BYTES];
		unsigned int offset, size;

		assert_non_null(copy);
		memcpy(copy, sample, length);
		trace_format_text_name(&format, name);
		trace_format_text_id(&format);
		trace_format_text_field(&format, "skaddr", &offset, &size);
		free(copy);
	}
}

/* Every field of every recorded format, as a second reader sees it. */
static void agrees_with_another_reader(void **state)
{
	static const char *const names[] = {
		"common_pid", "skaddr", "saddr", "saddr_v6", "oldstate", "family"
	};
	size_t compared = 0;

	(void)state;
	for (size_t i = 0; recorded_releases[i]; i++) {
		struct recorded_format format;
		struct trace_format_text text;

		assert_true(recorded_format_read_event(&format,
						       recorded_releases[i],
						       TRACE_EVENT_SET_STATE));
		text = (struct trace_format_text){ format.text, format.length };
		assert_int_equal(trace_format_text_id(&text),
				 recorded_format_id(&format));
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			unsigned int offset, size;
			size_t other_offset, other_size;

			assert_true(trace_format_text_field(&text, names[j],
							    &offset, &size));
			assert_true(recorded_format_field(&format, names[j],
							  &other_offset,
							  &other_size));
			assert_int_equal(offset, other_offset);
			assert_int_equal(size, other_size);
			compared++;
		}
	}
	assert_true(compared >= 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_name_and_id),
		cmocka_unit_test(finds_fields),
		cmocka_unit_test(finds_nothing_else),
		cmocka_unit_test(refuses_bad_names),
		cmocka_unit_test(reads_no_further),
		cmocka_unit_test(agrees_with_another_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

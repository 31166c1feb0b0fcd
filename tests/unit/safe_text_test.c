/* SPDX-License-Identifier: BSD-2-Clause */
/* Hostile names must come out harmless, and harmless ones unchanged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/safe_text.h"

static void assert_text(const char *text, size_t length, const char *expected)
{
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(text, expected, length);
}

static void check_terminal(const char *bytes, const char *expected,
			   size_t characters)
{
	char text[64];
	size_t columns = 999;
	size_t length = safe_text_terminal(text, bytes, strlen(bytes), &columns);

	assert_text(text, length, expected);
	assert_int_equal(columns, characters);
}

static void check_json(const char *bytes, const char *expected)
{
	char text[128];

	assert_text(text, safe_text_json(text, bytes, strlen(bytes)), expected);
}

static void check_csv(const char *bytes, const char *expected)
{
	char text[128];

	assert_text(text, safe_text_csv(text, bytes, strlen(bytes)), expected);
}

static void plain_text_stays(void **state)
{
	(void)state;
	check_terminal("", "", 0);
	check_terminal("kworker/0:1 ~", "kworker/0:1 ~", 13);
	check_terminal("caf\xc3\xa9", "caf\xc3\xa9", 4);
	check_terminal("\xe2\x82\xac\xf0\x9f\x90\xa7",
		       "\xe2\x82\xac\xf0\x9f\x90\xa7", 2);
}

static void controls_do_not_reach_a_terminal(void **state)
{
	(void)state;
	check_terminal("a\x1b[2J\n\tb\x7f", "a?[2J??b?", 9);
	check_terminal("\xc2\x9b" "31m", "?31m", 4);
	check_terminal("\xe2\x80\xaegpj.exe", "?gpj.exe", 8);
	check_terminal("\xe2\x81\xa6\xe2\x80\xa8\xe2\x80\xa9\xd8\x9c", "????", 4);
}

static void broken_utf8_is_seen(void **state)
{
	(void)state;
	check_terminal("\x80z", "?z", 2);
	check_terminal("\xc0\xaf", "??", 2);
	check_terminal("\xc1\xbf", "??", 2);
	check_terminal("\xe0\x80\xaf", "???", 3);
	check_terminal("\xed\xa0\x80", "???", 3);
	check_terminal("\xf0\x80\x80\xaf", "????", 4);
	check_terminal("\xf4\x90\x80\x80", "????", 4);
	check_terminal("\xf5\x80", "??", 2);
	check_terminal("ab\xe2\x82", "ab??", 4);
	check_terminal("\xc3(", "?(", 2);
	check_terminal("\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd", 1);
}

static void reading_stops_at_nul_and_length(void **state)
{
	char text[128];

	(void)state;
	assert_text(text, safe_text_terminal(text, "ab\0cd", 5, NULL), "ab");
	assert_text(text, safe_text_json(text, "ab\0cd", 5), "ab");
	assert_text(text, safe_text_csv(text, "abcd", 2), "ab");
}

static void json_is_escaped(void **state)
{
	(void)state;
	check_json("say \"hi\"\\", "say \\\"hi\\\"\\\\");
	check_json("\x01\n\x7f", "\\u0001\\u000a\\u007f");
	check_json("\xc2\x9b", "\\u009b");
	check_json("\xe2\x80\xae", "\\u202e");
	check_json("\xff\xc3\xa9", "\xef\xbf\xbd\xc3\xa9");
}

static void csv_is_quoted_where_needed(void **state)
{
	(void)state;
	check_csv("nginx", "nginx");
	check_csv("a,b", "\"a,b\"");
	check_csv("\"", "\"\"\"\"");
	check_csv("a\"b,", "\"a\"\"b,\"");
	check_csv("a\nb", "a?b");
}

/* Any pair of bytes: nothing but printable text may come out. */
static void no_pair_of_bytes_slips_through(void **state)
{
	(void)state;
	for (unsigned int pair = 0; pair < 65536; pair++) {
		const char bytes[2] = { (char)(pair >> 8), (char)pair };
		char text[12];
		size_t length = safe_text_terminal(text, bytes, 2, NULL);

		assert_in_range(length, 0, 2);
		for (size_t i = 0; i < length; i++)
			assert_false((unsigned char)text[i] < 0x20 ||
				     text[i] == 0x7f);
		if (length == 2 && (unsigned char)text[0] == 0xc2)
			assert_in_range((unsigned char)text[1], 0xa0, 0xbf);
		assert_in_range(safe_text_json(text, bytes, 2), 0, 12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(controls_do_not_reach_a_terminal),
		cmocka_unit_test(broken_utf8_is_seen),
		cmocka_unit_test(reading_stops_at_nul_and_length),
		cmocka_unit_test(json_is_escaped),
		cmocka_unit_test(csv_is_quoted_where_needed),
		cmocka_unit_test(no_pair_of_bytes_slips_through)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

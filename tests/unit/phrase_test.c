/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes and lists, and what becomes of them where room is short. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "phrase.h"

static void parts_have_something_between_them(void **state)
{
	char text[64] = "";

	(void)state;
	phrase_add(text, sizeof(text), "; ", "%s: %d", "one", 1);
	assert_string_equal(text, "one: 1");
	phrase_add(text, sizeof(text), "; ", "two");
	phrase_add(text, sizeof(text), ", ", "%s", "three");
	assert_string_equal(text, "one: 1; two, three");
}

static void empty_parts_are_none(void **state)
{
	char text[16] = "";

	(void)state;
	phrase_add(text, sizeof(text), ", ", "%s", "");
	phrase_add(text, sizeof(text), ", ", "x");
	assert_string_equal(text, "x");
}

/* Whatever the room, it is terminated within, and holds what fits. */
static void what_finds_no_room_is_cut_off(void **state)
{
	static const char whole[] = "first; second; third";

	(void)state;
	for (size_t room = 1; room <= sizeof(whole); room++) {
		char text[sizeof(whole) + 4];

		memset(text, '#', sizeof(text));
		text[0] = '\0';
		phrase_add(text, room, "; ", "first");
		phrase_add(text, room, "; ", "%s", "second");
		phrase_add(text, room, "; ", "third");
		assert_int_equal(strlen(text), room - 1);
		assert_memory_equal(text, whole, room - 1);
		assert_int_equal(text[room], '#');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_have_something_between_them),
		cmocka_unit_test(empty_parts_are_none),
		cmocka_unit_test(what_finds_no_room_is_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

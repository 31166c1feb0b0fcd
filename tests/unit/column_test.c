/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of columns is complete, and users find columns by their names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "column_all.h"
#include "output/column.h"
#include "output/column_list.h"
#include "view/view.h"

static void every_column_is_described(void **state)
{
	(void)state;
	for (int id = 0; id < COLUMN_COUNT; id++) {
		const struct column *column = &columns[id];
		size_t length;

		assert_int_equal(column->name_length, strlen(column->name));
		assert_non_null(column->title);
		assert_non_null(column->meaning);
		length = strlen(column->meaning);
		assert_true(length > 10 && column->meaning[length - 1] == '.');
		assert_true(column->width || column->optional);
		assert_in_range(column->width, 0, COLUMN_WIDTH_MAX);
		assert_in_range(column->wide_width, 0, COLUMN_WIDTH_MAX);
	}
}

/* They become JSON keys, CSV headers and journal fields. */
static void names_are_plain_words(void **state)
{
	(void)state;
	for (int id = 0; id < COLUMN_COUNT; id++) {
		const char *name = columns[id].name;

		assert_in_range(strlen(name), 1, COLUMN_NAME_BYTES - 1);
		for (; *name; name++)
			assert_true(islower(*name) || isdigit(*name) || *name == '_');
	}
}

static void names_and_titles_find_their_own_column(void **state)
{
	(void)state;
	for (int id = 0; id < COLUMN_COUNT; id++) {
		assert_int_equal(column_find(columns[id].name), id);
		assert_int_equal(column_find(columns[id].title), id);
	}
	assert_int_equal(column_find("Ms"), COLUMN_DURATION);
	assert_int_equal(column_find("RAddr"), COLUMN_RADDR);
	assert_int_equal(column_find("nonsense"), -EINVAL);
	assert_int_equal(column_find(""), -EINVAL);
}

static void a_list_keeps_its_order(void **state)
{
	struct column_list list = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(column_list_parse(&list, "why,PID,ms,pid", column_all(), &err), 0);
	assert_int_equal(list.count, 4);
	assert_int_equal(list.uses[0].id, COLUMN_WHY);
	assert_int_equal(list.uses[1].id, COLUMN_PID);
	assert_int_equal(list.uses[2].id, COLUMN_DURATION);
	assert_int_equal(list.uses[3].id, COLUMN_PID);
	assert_null(list.uses[0].title);
}

static const enum column_id pid_id = COLUMN_PID;
static const struct column_ids only_pid = { &pid_id, 1 };

static void check_wrong(const char *text,
			const struct column_ids *allowed, const char *word)
{
	struct column_list list = { .count = 7 };
	struct error err = { 0 };

	assert_int_equal(column_list_parse(&list, text, allowed, &err), -EINVAL);
	assert_int_equal(list.count, 7);
	assert_non_null(strstr(err.text, word));
}

static void wrong_words_are_named(void **state)
{
	char many[4 * (COLUMN_LIST_MAX + 1) + 1] = "";

	(void)state;
	check_wrong("pid,color", column_all(), "'color'");
	check_wrong("pid,,comm", column_all(), "''");
	check_wrong("pid,", column_all(), "''");
	check_wrong("", column_all(), "''");
	check_wrong("pid,err", &only_pid, "'err'");
	check_wrong("averyveryveryveryveryverylongword", column_all(), "averyvery");
	for (int i = 0; i <= COLUMN_LIST_MAX; i++)
		strcat(many, i ? ",pid" : "pid");
	check_wrong(many, column_all(), "48");
}

static void the_right_words_are_all_told(void **state)
{
	struct column_list list;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; views[i]; i++) {
		const struct column_ids *ids = views[i]->columns;

		err = (struct error){ 0 };
		column_list_parse(&list, "color", ids, &err);
		for (size_t j = 0; j < ids->count; j++)
			assert_non_null(strstr(err.text,
					       columns[ids->ids[j]].name));
	}
	err = (struct error){ 0 };
	column_list_parse(&list, "color", &only_pid, &err);
	assert_null(strstr(err.text, "comm"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_is_described),
		cmocka_unit_test(names_are_plain_words),
		cmocka_unit_test(names_and_titles_find_their_own_column),
		cmocka_unit_test(a_list_keeps_its_order),
		cmocka_unit_test(wrong_words_are_named),
		cmocka_unit_test(the_right_words_are_all_told)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

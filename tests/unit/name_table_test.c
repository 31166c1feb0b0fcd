/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of threads for a recording: the last one wins, a line stays one line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay/name_table.h"

static struct event named(int32_t tid, const char *comm)
{
	struct event event = { .kind = EVENT_TASK, .has = EVENT_HAS_COMM };

	event.task.tid = tid;
	strncpy(event.task.comm, comm, sizeof(event.task.comm));
	return event;
}

static struct event thread_of(int32_t tid, int32_t tgid)
{
	struct event event = { .kind = EVENT_TASK, .has = EVENT_HAS_TGID };

	event.task.tid = tid;
	event.task.tgid = tgid;
	return event;
}

static void take(struct name_table *table, struct event event)
{
	name_table_take(table, &event);
}

/* The text is of these bytes, and the table is gone. */
static void expect_text(struct name_table *table, const char *expected)
{
	size_t length = 1;
	char *text = name_table_text(table, &length);

	assert_non_null(text);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
	free(text);
	name_table_done(table);
	assert_int_equal(table->room, 0);
}

/* Two lines in either order, and the table is gone. */
static void expect_lines(struct name_table *table, const char *one,
			 const char *other)
{
	size_t length;
	char *text = name_table_text(table, &length);

	assert_non_null(text);
	assert_non_null(strstr(text, one));
	assert_non_null(strstr(text, other));
	assert_int_equal(length, strlen(one) + strlen(other));
	free(text);
	name_table_done(table);
}

static void nothing_is_no_line(void **state)
{
	struct name_table table = { 0 };

	(void)state;
	expect_text(&table, "");
	name_table_done(&table);
}

static void the_last_name_wins(void **state)
{
	struct name_table table = { 0 };

	(void)state;
	take(&table, named(7, "first"));
	take(&table, named(7, "second"));
	assert_int_equal(table.used, 1);
	expect_text(&table, "7 second\n");
}

static void a_name_may_fill_its_place_and_hold_line_ends(void **state)
{
	struct name_table table = { 0 };
	struct event event = named(2147483647, "fifteen\nletters");

	(void)state;
	event.task.comm[EVENT_COMM_BYTES - 1] = '!';
	take(&table, event);
	expect_text(&table, "2147483647 fifteen?letters!\n");
}

static void a_thread_has_its_process_name(void **state)
{
	struct name_table table = { 0 };

	(void)state;
	take(&table, thread_of(9, 8));          /* nothing is known at all */
	expect_text(&table, "");
	take(&table, named(8, "process"));
	take(&table, thread_of(10, 11));        /* that one is not known */
	expect_text(&table, "8 process\n");
	take(&table, named(8, "process"));
	take(&table, thread_of(9, 8));
	take(&table, named(8, "renamed"));
	expect_lines(&table, "8 renamed\n", "9 process\n");
}

static void no_thread_has_no_name(void **state)
{
	struct name_table table = { 0 };

	(void)state;
	take(&table, named(0, "idle"));
	take(&table, named(-1, "broken"));
	expect_text(&table, "");
}

/* A thread whose name is taken over when the table moves, each of many. */
static void many_are_all_found_again(void **state)
{
	enum { MANY = 5000 };
	struct name_table table = { 0 };

	(void)state;
	take(&table, named(1, "process"));
	for (int32_t tid = 2; tid <= MANY; tid++)
		take(&table, thread_of(tid, tid - 1));
	assert_int_equal(table.used, MANY);
	for (int32_t tid = 1; tid <= MANY; tid++)
		take(&table, named(tid, "again"));
	assert_int_equal(table.used, MANY);
	name_table_done(&table);
}

/* 1 << 20 places hold half as many; more are left out, and nothing ends. */
static void a_full_table_takes_no_more(void **state)
{
	enum { FULL = 1 << 19 };
	struct name_table table = { 0 };

	(void)state;
	for (int32_t tid = 1; tid <= FULL + 100; tid++)
		take(&table, named(tid, "x"));
	assert_int_equal(table.used, FULL);
	assert_int_equal(table.room, 2 * FULL);
	name_table_done(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_no_line),
		cmocka_unit_test(the_last_name_wins),
		cmocka_unit_test(a_name_may_fill_its_place_and_hold_line_ends),
		cmocka_unit_test(a_thread_has_its_process_name),
		cmocka_unit_test(no_thread_has_no_name),
		cmocka_unit_test(many_are_all_found_again),
		cmocka_unit_test(a_full_table_takes_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

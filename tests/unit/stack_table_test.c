/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames become texts that are safe, bounded, and forgotten in time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "output/column.h"
#include "view/stack_table.h"

static void tell(struct stack_table *table, uint32_t number, const char *name,
		 bool goes_on)
{
	struct event event = {
		.kind = EVENT_FRAME,
		.frame.stack = number,
		.frame.goes_on = goes_on,
		.frame.address = 0xffffffff81000000,
	};

	memcpy(event.frame.name, name, strnlen(name, EVENT_FRAME_BYTES));
	stack_table_take(table, &event);
}

static const char *find(const struct stack_table *table, uint32_t number)
{
	return stack_table_find(table, &(struct event){
		.kind = EVENT_STATE,
		.has = EVENT_HAS_STACK,
		.state.stack = number,
	});
}

static void gathers_names(void **state)
{
	struct stack_table *table = stack_table_new(false, NULL);

	(void)state;
	assert_non_null(table);
	assert_null(find(table, 1));
	tell(table, 1, "tcp_fin", false);
	tell(table, 1, "a_name_in_", true);
	tell(table, 1, "two_pieces", false);
	tell(table, 1, "", false);
	tell(table, 2, "other", false);
	assert_string_equal(find(table, 1), "tcp_fin;a_name_in_two_pieces;?");
	assert_string_equal(find(table, 2), "other");
	assert_null(stack_table_find(table, &(struct event){
		.kind = EVENT_STATE, .state.stack = 1 }));
	assert_null(stack_table_find(table, &(struct event){
		.kind = EVENT_STUCK, .has = EVENT_HAS_STACK, .state.stack = 1 }));
	stack_table_free(table);
	stack_table_free(NULL);
}

static void shows_addresses_only_when_asked(void **state)
{
	struct stack_table *table = stack_table_new(false, NULL);

	(void)state;
	tell(table, 1, "", false);
	tell(table, 1, "", false);
	assert_null(find(table, 1));
	stack_table_free(table);
	table = stack_table_new(true, NULL);
	tell(table, 1, "", false);
	tell(table, 1, "tcp_fin", false);
	assert_string_equal(find(table, 1), "0xffffffff81000000;tcp_fin");
	stack_table_free(table);
}

static void makes_names_safe(void **state)
{
	struct stack_table *table = stack_table_new(false, NULL);

	(void)state;
	tell(table, 1, "a\x1b[2Jb;c,d\"e\\f\x9bg [m]", false);
	assert_string_equal(find(table, 1), "a?[2Jb?c?d?e?f?g [m]");
	stack_table_free(table);
}

static void cuts_what_is_too_long(void **state)
{
	struct stack_table *table = stack_table_new(false, NULL);
	const char *text;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		tell(table, 1, "abcdefghijklmnopqrstuvwxyz0", true);
		tell(table, 2, "f", false);
	}
	text = find(table, 1);
	assert_true(strlen(text) < ROW_STACK_MAX);
	assert_true(strlen(text) > ROW_STACK_MAX - 64);
	assert_string_equal(text + strlen(text) - 4, ";...");
	text = find(table, 2);
	assert_int_equal(strlen(text), 2 * ROW_STACK_NAMES - 1 + 4);
	stack_table_free(table);
}

static void forgets_the_oldest(void **state)
{
	struct stack_table *table = stack_table_new(false, NULL);

	(void)state;
	tell(table, 1, "a_long_name", false);
	tell(table, 1 + EVENT_STACKS, "b", false);
	assert_null(find(table, 1));
	assert_string_equal(find(table, 1 + EVENT_STACKS), "b");
	stack_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gathers_names),
		cmocka_unit_test(shows_addresses_only_when_asked),
		cmocka_unit_test(makes_names_safe),
		cmocka_unit_test(cuts_what_is_too_long),
		cmocka_unit_test(forgets_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

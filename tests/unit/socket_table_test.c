/* SPDX-License-Identifier: BSD-2-Clause */
/* The table finds its entries, grows to its limit, and names the right entry
 * to give up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracker/socket_table.h"

static void finds_what_was_added(void **state)
{
	struct socket_table table;
	struct socket_entry *entry;

	(void)state;
	assert_int_equal(socket_table_init(&table, 4), 0);
	assert_null(socket_table_find(&table, 5));
	assert_null(socket_table_oldest(&table));
	entry = socket_table_add(&table, 5);
	assert_int_equal(entry->socket_id, 5);
	assert_int_equal(entry->sock, 0);
	assert_ptr_equal(socket_table_find(&table, 5), entry);
	assert_ptr_equal(socket_table_at(&table,
					 socket_table_index(&table, entry)),
			 entry);
	socket_table_remove(&table, entry);
	assert_null(socket_table_find(&table, 5));
	assert_null(socket_table_oldest(&table));
	socket_table_done(&table);
}

static void grows_to_its_limit(void **state)
{
	enum { LIMIT = 3000 };
	struct socket_table table;
	uint64_t id;

	(void)state;
	assert_int_equal(socket_table_init(&table, LIMIT), 0);
	for (id = 1; id <= LIMIT; id++) {
		assert_true(socket_table_has_room(&table));
		socket_table_add(&table, id * 64)->sock = id;
	}
	assert_false(socket_table_has_room(&table));
	for (id = 1; id <= LIMIT; id++)
		assert_int_equal(socket_table_find(&table, id * 64)->sock, id);
	socket_table_remove(&table, socket_table_find(&table, 64));
	assert_true(socket_table_has_room(&table));
	assert_int_equal(socket_table_add(&table, 1)->sock, 0);
	assert_false(socket_table_has_room(&table));
	socket_table_done(&table);
}

static void gives_up_the_least_recently_seen(void **state)
{
	struct socket_table table;
	uint64_t id;

	(void)state;
	assert_int_equal(socket_table_init(&table, 3), 0);
	for (id = 1; id <= 3; id++)
		socket_table_add(&table, id);
	socket_table_touch(&table, socket_table_find(&table, 1),
			   SOCKET_PROVISIONAL);
	assert_int_equal(socket_table_oldest(&table)->socket_id, 2);
	socket_table_remove(&table, socket_table_find(&table, 2));
	assert_int_equal(socket_table_oldest(&table)->socket_id, 3);
	socket_table_done(&table);
}

static void gives_up_provisional_ones_first(void **state)
{
	struct socket_table table;
	uint64_t id;

	(void)state;
	assert_int_equal(socket_table_init(&table, 3), 0);
	for (id = 1; id <= 3; id++)
		socket_table_add(&table, id);
	socket_table_touch(&table, socket_table_find(&table, 1), SOCKET_KEPT);
	socket_table_touch(&table, socket_table_find(&table, 2), SOCKET_KEPT);
	assert_int_equal(socket_table_oldest(&table)->socket_id, 3);
	socket_table_touch(&table, socket_table_find(&table, 3), SOCKET_KEPT);
	assert_int_equal(socket_table_oldest(&table)->socket_id, 1);
	socket_table_touch(&table, socket_table_find(&table, 2),
			   SOCKET_PROVISIONAL);
	assert_int_equal(socket_table_oldest(&table)->socket_id, 2);
	socket_table_done(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_added),
		cmocka_unit_test(grows_to_its_limit),
		cmocka_unit_test(gives_up_the_least_recently_seen),
		cmocka_unit_test(gives_up_provisional_ones_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

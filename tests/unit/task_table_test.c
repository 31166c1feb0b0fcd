/* SPDX-License-Identifier: BSD-2-Clause */
/* From threads to processes, their names, and who is followed. */
#include "tracker_fixture.h"

#include "tracker/task_table.h"

enum { PARENT = 10, CHILD = 20, THREAD = 21, STRANGER = 99 };

static void take(struct task_table *table, struct event event)
{
	task_table_take(table, &event);
}

static void assert_comm(struct task_table *table, int32_t tid,
			const char *comm)
{
	struct task_process process = task_table_process(table, tid);

	assert_non_null(process.comm);
	assert_string_equal(process.comm, comm);
}

static void init(struct task_table *table)
{
	assert_int_equal(task_table_init(table, 64), 0);
	take(table, event_listed(PARENT, PARENT, "sh"));
}

static void forks_are_processes(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_task(EVENT_TASK_FORKED, PARENT, CHILD, "sh"));
	assert_int_equal(task_table_process(&table, CHILD).pid, CHILD);
	assert_comm(&table, CHILD, "sh");
	take(&table, event_task(EVENT_TASK_RENAMED, CHILD, CHILD, "curl"));
	assert_comm(&table, CHILD, "curl");
	assert_comm(&table, PARENT, "sh");
	task_table_done(&table);
}

static void clones_are_threads(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_task(EVENT_TASK_CLONED, PARENT, THREAD, "sh"));
	assert_int_equal(task_table_process(&table, THREAD).pid, PARENT);
	take(&table, event_task(EVENT_TASK_RENAMED, THREAD, THREAD, "worker"));
	assert_comm(&table, THREAD, "sh");
	assert_comm(&table, PARENT, "sh");
	task_table_done(&table);
}

static void clones_of_strangers_have_no_process(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_task(EVENT_TASK_CLONED, STRANGER, THREAD, "x"));
	assert_int_equal(task_table_process(&table, THREAD).pid, 0);
	take(&table, event_listed(THREAD, STRANGER, "x"));
	assert_int_equal(task_table_process(&table, THREAD).pid, STRANGER);
	assert_null(task_table_process(&table, THREAD).comm);
	task_table_done(&table);
}

static void renamed_strangers_keep_their_name(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_task(EVENT_TASK_RENAMED, STRANGER, STRANGER, "new"));
	assert_int_equal(task_table_process(&table, STRANGER).pid, 0);
	take(&table, event_listed(STRANGER, STRANGER, NULL));
	assert_int_equal(task_table_process(&table, STRANGER).pid, STRANGER);
	assert_comm(&table, STRANGER, "new");
	task_table_done(&table);
}

static void numbers_are_used_again(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_task(EVENT_TASK_CLONED, PARENT, THREAD, "sh"));
	take(&table, event_task(EVENT_TASK_FORKED, STRANGER, THREAD, "other"));
	assert_int_equal(task_table_process(&table, THREAD).pid, THREAD);
	assert_comm(&table, THREAD, "other");
	task_table_done(&table);
}

static void leader_of_another_process_lends_no_name(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_listed(THREAD, CHILD, "x"));
	take(&table, event_listed(CHILD, PARENT, "y"));
	assert_int_equal(task_table_process(&table, THREAD).pid, CHILD);
	assert_null(task_table_process(&table, THREAD).comm);
	task_table_done(&table);
}

static void descendants_are_followed(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	take(&table, event_task(EVENT_TASK_CLONED, PARENT, THREAD, NULL));
	assert_false(task_table_process(&table, PARENT).followed);
	task_table_follow(&table, PARENT);
	assert_true(task_table_process(&table, PARENT).followed);
	assert_true(task_table_process(&table, THREAD).followed);
	take(&table, event_task(EVENT_TASK_FORKED, THREAD, CHILD, "sh"));
	assert_true(task_table_process(&table, CHILD).followed);
	take(&table, event_task(EVENT_TASK_FORKED, STRANGER, CHILD, "sh"));
	assert_false(task_table_process(&table, CHILD).followed);
	task_table_done(&table);
}

static void own_birth_may_come_after_following(void **state)
{
	struct task_table table;

	(void)state;
	init(&table);
	task_table_follow(&table, CHILD);
	assert_int_equal(task_table_process(&table, CHILD).pid, CHILD);
	take(&table, event_task(EVENT_TASK_FORKED, PARENT, CHILD, "sh"));
	assert_true(task_table_process(&table, CHILD).followed);
	assert_comm(&table, CHILD, "sh");
	task_table_done(&table);
}

static void least_recently_seen_makes_room(void **state)
{
	struct task_table table;

	(void)state;
	assert_int_equal(task_table_init(&table, 2), 0);
	take(&table, event_listed(1, 1, "a"));
	take(&table, event_listed(2, 2, "b"));
	assert_comm(&table, 1, "a");
	take(&table, event_listed(3, 3, "c"));
	assert_int_equal(table.evicted, 1);
	assert_comm(&table, 1, "a");
	assert_int_equal(task_table_process(&table, 2).pid, 0);
	assert_comm(&table, 3, "c");
	task_table_done(&table);
}

static void grows_to_its_limit(void **state)
{
	enum { LIMIT = 2000 };
	struct task_table table;
	int32_t tid;

	(void)state;
	assert_int_equal(task_table_init(&table, LIMIT), 0);
	for (tid = 1; tid <= LIMIT; tid++)
		take(&table, event_listed(tid, tid, "x"));
	assert_int_equal(table.evicted, 0);
	for (tid = 1; tid <= LIMIT; tid++)
		assert_int_equal(task_table_process(&table, tid).pid, tid);
	take(&table, event_listed(tid, tid, "x"));
	assert_int_equal(table.evicted, 1);
	task_table_done(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forks_are_processes),
		cmocka_unit_test(clones_are_threads),
		cmocka_unit_test(clones_of_strangers_have_no_process),
		cmocka_unit_test(renamed_strangers_keep_their_name),
		cmocka_unit_test(numbers_are_used_again),
		cmocka_unit_test(leader_of_another_process_lends_no_name),
		cmocka_unit_test(descendants_are_followed),
		cmocka_unit_test(own_birth_may_come_after_following),
		cmocka_unit_test(least_recently_seen_makes_room),
		cmocka_unit_test(grows_to_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Intervals begin with the first time that is told and end at their edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/interval.h"

static void ends_at_its_edge(void **state)
{
	struct interval interval = { .period_ns = 10 };
	uint64_t end_ns = 0;

	(void)state;
	assert_false(interval_has_ended(&interval, 100, &end_ns));
	assert_false(interval_has_ended(&interval, 109, &end_ns));
	assert_true(interval_has_ended(&interval, 113, &end_ns));
	assert_int_equal(end_ns, 110);
	interval_next(&interval);
	assert_int_equal(interval.begin_ns, 110);
	assert_false(interval_has_ended(&interval, 113, &end_ns));
}

static void every_interval_of_a_pause_ends(void **state)
{
	struct interval interval = { .period_ns = 10 };
	uint64_t end_ns;
	int ended = 0;

	(void)state;
	interval_has_ended(&interval, 100, &end_ns);
	for (; interval_has_ended(&interval, 135, &end_ns); ended++)
		interval_next(&interval);
	assert_int_equal(ended, 3);
	assert_int_equal(interval.begin_ns, 130);
}

static void the_last_one_is_the_last(void **state)
{
	struct interval interval = { .period_ns = 10, .wanted = 2 };
	uint64_t end_ns;

	(void)state;
	interval_has_ended(&interval, 100, &end_ns);
	while (interval_has_ended(&interval, 1000, &end_ns))
		interval_next(&interval);
	assert_int_equal(interval.ended, 2);
	assert_true(interval_is_last(&interval));
}

static void a_late_event_ends_nothing(void **state)
{
	struct interval interval = { .period_ns = 10 };
	uint64_t end_ns;

	(void)state;
	interval_has_ended(&interval, 100, &end_ns);
	assert_false(interval_has_ended(&interval, 50, &end_ns));
}

static void without_a_period_none_ends(void **state)
{
	struct interval interval = { 0 };
	uint64_t end_ns;

	(void)state;
	interval_has_ended(&interval, 1, &end_ns);
	assert_false(interval_has_ended(&interval, UINT64_MAX, &end_ns));
	assert_false(interval_is_last(&interval));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_at_its_edge),
		cmocka_unit_test(every_interval_of_a_pause_ends),
		cmocka_unit_test(the_last_one_is_the_last),
		cmocka_unit_test(a_late_event_ends_nothing),
		cmocka_unit_test(without_a_period_none_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Transitions are counted by their ends and trigger, with their reasons and the
 * exactly known times. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "view/transition_counts.h"
#include "view_capture.h"

static struct transition_counts counts;

static int end(void **state)
{
	(void)state;
	transition_counts_done(&counts);
	return 0;
}

static void add(uint8_t old_state, uint8_t new_state, uint8_t trigger,
		uint8_t why, struct span span)
{
	struct observation observation =
		view_capture_state(view_capture_event(EVENT_STATE, 1, "x", 1,
						      "192.0.2.1", 80),
				   old_state, new_state, span);

	observation.trigger = trigger;
	observation.why = why;
	transition_counts_add(&counts, &observation);
}

static size_t count_transitions(void)
{
	size_t found = 0;

	for (size_t i = 0; i < TRANSITION_COUNTS_MAX; i++)
		found += counts.by_ends[i] != NULL;
	return found;
}

static const struct transition *only_one(void)
{
	assert_int_equal(count_transitions(), 1);
	for (size_t i = 0; i < TRANSITION_COUNTS_MAX; i++)
		if (counts.by_ends[i])
			return counts.by_ends[i];
	return NULL;
}

static void ends_and_trigger_tell_transitions_apart(void **state)
{
	(void)state;
	add(TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, REASON_TRIGGER_CALL, 0,
	    SPAN_UNKNOWN);
	add(TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, REASON_TRIGGER_TIMER, 0,
	    SPAN_UNKNOWN);
	add(TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, REASON_TRIGGER_CALL, 0,
	    SPAN_UNKNOWN);
	add(TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, REASON_TRIGGER_CALL, 0,
	    SPAN_UNKNOWN);
	assert_int_equal(count_transitions(), 3);
}

static void only_exact_times_are_measured(void **state)
{
	const struct transition *transition;

	(void)state;
	for (uint64_t ns = 1; ns <= 9; ns++)
		add(TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT,
		    REASON_TRIGGER_PACKET, 0, (struct span){ ns, ns });
	add(TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, REASON_TRIGGER_PACKET,
	    0, (struct span){ 1000, SPAN_NO_LIMIT });
	add(TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, REASON_TRIGGER_PACKET,
	    0, SPAN_UNKNOWN);
	transition = only_one();
	assert_int_equal(transition->count, 11);
	assert_int_equal(transition->stays.count, 9);
	assert_int_equal(histogram_percentile(&transition->stays, 500), 5);
	assert_int_equal(transition->stays.max, 9);
}

static void the_most_frequent_reason_stands_for_all(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		add(TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0, REASON_UNKNOWN,
		    SPAN_UNKNOWN);
	assert_int_equal(transition_counts_reason(only_one()), REASON_UNKNOWN);
	add(TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0, REASON_TIMED_OUT,
	    SPAN_UNKNOWN);
	assert_int_equal(transition_counts_reason(only_one()), REASON_TIMED_OUT);
	for (int i = 0; i < 2; i++)
		add(TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0, REASON_KILLED,
		    SPAN_UNKNOWN);
	assert_int_equal(transition_counts_reason(only_one()), REASON_KILLED);
}

static void states_of_other_kernels_share_a_place(void **state)
{
	(void)state;
	add(TCP_STATE_COUNT, 200, REASON_TRIGGER_CALL, 0, SPAN_UNKNOWN);
	add(255, 201, REASON_TRIGGER_CALL, 0, SPAN_UNKNOWN);
	assert_int_equal(only_one()->count, 2);
	assert_int_equal(only_one()->old_state, TCP_STATE_COUNT);
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ends_and_trigger_tell_transitions_apart),
		TEST(only_exact_times_are_measured),
		TEST(the_most_frequent_reason_stands_for_all),
		TEST(states_of_other_kernels_share_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

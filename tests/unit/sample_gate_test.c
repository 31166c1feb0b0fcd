/* SPDX-License-Identifier: BSD-2-Clause */
/* Which samples pass, by their number, their rate and their time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample_gate.h"
#include "tcpwatch/backend.h"

#define SECOND UINT64_C(1000000000)

/* What count samples of one second come to, evenly spread over it. */
struct tally {
	uint64_t taken, stood_for;
};

static struct tally play(struct sample_gate *gate, uint64_t second,
			 uint32_t count)
{
	struct tally tally = { 0 };

	for (uint64_t i = 0; i < count; i++)
		if (sample_gate_takes(gate, second * SECOND + i * SECOND / count)) {
			tally.taken++;
			tally.stood_for += gate->every;
		}
	return tally;
}

static void takes_all_below_the_limit(void **state)
{
	struct sample_gate gate;

	(void)state;
	sample_gate_init(&gate, 0);
	for (uint64_t second = 1; second < 4; second++) {
		struct tally tally = play(&gate, second, BACKEND_SAMPLES_PER_S);

		assert_int_equal(tally.taken, BACKEND_SAMPLES_PER_S);
		assert_int_equal(gate.every, 1);
	}
}

static void keeps_to_the_limit_above_it(void **state)
{
	const uint32_t arriving = BACKEND_SAMPLES_PER_S * 5 / 2;
	struct sample_gate gate;
	struct tally tally;

	(void)state;
	sample_gate_init(&gate, 0);
	tally = play(&gate, 1, arriving);
	assert_true(tally.taken < arriving);
	tally = play(&gate, 2, arriving);
	assert_int_equal(gate.every, 3);
	assert_true(tally.taken <= arriving / 3 + 1);
	assert_true(tally.taken >= arriving / 3 - 1);
	/* Nothing is told twice or not at all, but for the block at the end. */
	assert_true(tally.stood_for + 3 >= arriving);
	assert_true(tally.stood_for <= arriving + 3);
	/* Calm again: all of them, from the second after. */
	play(&gate, 3, 100);
	tally = play(&gate, 4, 100);
	assert_true(tally.taken >= 99);
	assert_int_equal(gate.every, 1);
}

static void the_first_second_is_bounded_too(void **state)
{
	struct sample_gate gate;
	struct tally tally;

	(void)state;
	sample_gate_init(&gate, 0);
	tally = play(&gate, 1, 64 * BACKEND_SAMPLES_PER_S);
	assert_true(tally.taken < 5 * BACKEND_SAMPLES_PER_S);
	assert_true(tally.stood_for > 64 * BACKEND_SAMPLES_PER_S - 256);
}

static void a_pause_divides_the_rate(void **state)
{
	struct sample_gate gate;

	(void)state;
	sample_gate_init(&gate, 0);
	play(&gate, 1, 3 * BACKEND_SAMPLES_PER_S);
	play(&gate, 9, 8);
	assert_int_equal(gate.every, 1);
}

static void a_number_is_kept_whatever_the_rate(void **state)
{
	struct sample_gate gate;

	(void)state;
	sample_gate_init(&gate, 7);
	assert_int_equal(play(&gate, 1, 7000).taken, 1000);
	assert_int_equal(gate.every, 7);
	sample_gate_init(&gate, 1);
	assert_int_equal(play(&gate, 1, 4 * BACKEND_SAMPLES_PER_S).taken,
			 4 * BACKEND_SAMPLES_PER_S);
}

/* Two sockets that take turns: a choice that is periodic sees only one. */
static void does_not_fall_into_step_with_the_traffic(void **state)
{
	unsigned int taken[2] = { 0 };
	struct sample_gate gate;

	(void)state;
	sample_gate_init(&gate, 2);
	for (unsigned int i = 0; i < 20000; i++)
		if (sample_gate_takes(&gate, SECOND + i))
			taken[i % 2]++;
	assert_int_equal(taken[0] + taken[1], 10000);
	assert_in_range(taken[0], 4800, 5200);
}

static void time_may_stand_still_or_go_back(void **state)
{
	struct sample_gate gate;

	(void)state;
	sample_gate_init(&gate, 0);
	assert_true(sample_gate_takes(&gate, 5 * SECOND));
	assert_true(sample_gate_takes(&gate, 5 * SECOND));
	assert_true(sample_gate_takes(&gate, SECOND));
	assert_int_equal(gate.every, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_all_below_the_limit),
		cmocka_unit_test(keeps_to_the_limit_above_it),
		cmocka_unit_test(the_first_second_is_bounded_too),
		cmocka_unit_test(a_pause_divides_the_rate),
		cmocka_unit_test(a_number_is_kept_whatever_the_rate),
		cmocka_unit_test(does_not_fall_into_step_with_the_traffic),
		cmocka_unit_test(time_may_stand_still_or_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

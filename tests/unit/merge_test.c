/* SPDX-License-Identifier: BSD-2-Clause */
/* The merge against a plain sort, and its horizon, ties and late events. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "merge.h"

enum { LANES_MAX = 9, EVENTS_MAX = 200, ROUNDS = 400 };

/* Events of several lanes, each lane in time order. */
struct lanes {
	size_t count;
	size_t length[LANES_MAX];
	size_t taken[LANES_MAX];
	uint64_t time_ns[LANES_MAX][EVENTS_MAX];
};

/* xorshift: the same lanes in each run of the test. */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static size_t fill(struct lanes *lanes, uint32_t *random)
{
	size_t total = 0;

	*lanes = (struct lanes){ .count = 1 + next_random(random) % LANES_MAX };
	for (size_t lane = 0; lane < lanes->count; lane++) {
		uint64_t time_ns = next_random(random) % 50;

		lanes->length[lane] = next_random(random) % EVENTS_MAX;
		total += lanes->length[lane];
		for (size_t i = 0; i < lanes->length[lane]; i++) {
			lanes->time_ns[lane][i] = time_ns;
			time_ns += next_random(random) % 4;
		}
	}
	return total;
}

static uint64_t head(const struct lanes *lanes, size_t lane)
{
	if (lanes->taken[lane] == lanes->length[lane])
		return MERGE_EMPTY;
	return lanes->time_ns[lane][lanes->taken[lane]];
}

/* Takes all events below before_ns by the runs that merge allows. */
static size_t drain(struct merge *merge, struct lanes *lanes,
		    uint64_t before_ns, uint64_t *out)
{
	size_t count = 0;
	uint64_t until_ns;
	size_t lane;

	while ((lane = merge_pick(merge, before_ns, &until_ns)) != MERGE_NO_LANE) {
		assert_true(until_ns < before_ns);
		assert_true(head(lanes, lane) <= until_ns);
		while (head(lanes, lane) <= until_ns) {
			out[count] = head(lanes, lane);
			assert_false(merge_deliver(merge, out[count]));
			count++;
			lanes->taken[lane]++;
		}
		merge->next_ns[lane] = head(lanes, lane);
	}
	return count;
}

static int compare_times(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void sorts_like_a_sort(void **state)
{
	static struct lanes lanes;
	static uint64_t merged[LANES_MAX * EVENTS_MAX];
	static uint64_t sorted[LANES_MAX * EVENTS_MAX];
	uint32_t random = 2463534242u;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t total = fill(&lanes, &random);
		uint64_t horizon_ns = next_random(&random) % 300;
		struct merge merge;
		size_t below, all = 0;

		assert_int_equal(merge_init(&merge, lanes.count), 0);
		for (size_t lane = 0; lane < lanes.count; lane++) {
			merge.next_ns[lane] = head(&lanes, lane);
			for (size_t i = 0; i < lanes.length[lane]; i++)
				sorted[all++] = lanes.time_ns[lane][i];
		}
		qsort(sorted, total, sizeof(sorted[0]), compare_times);
		below = drain(&merge, &lanes, horizon_ns, merged);
		assert_true(below == total || sorted[below] >= horizon_ns);
		assert_true(below == 0 || sorted[below - 1] < horizon_ns);
		below += drain(&merge, &lanes, MERGE_EMPTY, merged + below);
		assert_int_equal(below, total);
		assert_memory_equal(merged, sorted, total * sizeof(sorted[0]));
		merge_done(&merge);
	}
}

static void starts_empty(void **state)
{
	struct merge merge;
	uint64_t until_ns = 0;

	(void)state;
	assert_int_equal(merge_init(&merge, 4), 0);
	assert_int_equal(merge.lanes, 4);
	for (size_t lane = 0; lane < 4; lane++)
		assert_true(merge.next_ns[lane] == MERGE_EMPTY);
	assert_true(merge_pick(&merge, UINT64_MAX, &until_ns) == MERGE_NO_LANE);
	merge_done(&merge);
	merge_done(&merge);
	assert_int_equal(merge_init(&merge, 0), 0);
	assert_true(merge_pick(&merge, UINT64_MAX, &until_ns) == MERGE_NO_LANE);
	merge_done(&merge);
}

static void respects_the_horizon(void **state)
{
	struct merge merge;
	uint64_t until_ns = 0;

	(void)state;
	assert_int_equal(merge_init(&merge, 2), 0);
	merge.next_ns[1] = 100;
	assert_true(merge_pick(&merge, 0, &until_ns) == MERGE_NO_LANE);
	assert_true(merge_pick(&merge, 100, &until_ns) == MERGE_NO_LANE);
	assert_int_equal(merge_pick(&merge, 101, &until_ns), 1);
	assert_int_equal(until_ns, 100);
	assert_int_equal(merge_pick(&merge, 1000, &until_ns), 1);
	assert_int_equal(until_ns, 999);
	merge.next_ns[0] = 500;
	assert_int_equal(merge_pick(&merge, 1000, &until_ns), 1);
	assert_int_equal(until_ns, 500);
	merge_done(&merge);
}

static void takes_the_lowest_of_equal_lanes(void **state)
{
	struct merge merge;
	uint64_t until_ns = 0;

	(void)state;
	assert_int_equal(merge_init(&merge, 3), 0);
	merge.next_ns[0] = 9;
	merge.next_ns[1] = 7;
	merge.next_ns[2] = 7;
	assert_int_equal(merge_pick(&merge, 100, &until_ns), 1);
	assert_int_equal(until_ns, 7);
	merge.next_ns[1] = 8;
	assert_int_equal(merge_pick(&merge, 100, &until_ns), 2);
	assert_int_equal(until_ns, 8);
	merge_done(&merge);
}

static void tells_what_is_late(void **state)
{
	struct merge merge;

	(void)state;
	assert_int_equal(merge_init(&merge, 1), 0);
	assert_false(merge_deliver(&merge, 10));
	assert_false(merge_deliver(&merge, 10));
	assert_true(merge_deliver(&merge, 9));
	assert_int_equal(merge.newest_ns, 10);
	assert_true(merge_deliver(&merge, 9));
	assert_false(merge_deliver(&merge, 11));
	assert_int_equal(merge.newest_ns, 11);
	merge_done(&merge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_like_a_sort),
		cmocka_unit_test(starts_empty),
		cmocka_unit_test(respects_the_horizon),
		cmocka_unit_test(takes_the_lowest_of_equal_lanes),
		cmocka_unit_test(tells_what_is_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

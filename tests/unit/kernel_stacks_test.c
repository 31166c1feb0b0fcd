/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks are told once, without what is not theirs, and by their names where
 * those are known. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "trace/kernel_stacks.h"

static const char path[] = "build/kernel_stacks_test.tmp";

enum {
	TRACER = 0x1101, STORE = 0x1201, RECEIVE = 0x1301, SYSVEC = 0x1401,
	ENTRY = 0x1501, SLEEP = 0x1601, LONG = 0x1701, EVENTS_MAX = 16
};

static const char list[] =
	"1100 T trace_event_raw_event_inet_sock_set_state\n"
	"1200 T inet_sk_state_store\n"
	"1300 T tcp_v4_rcv\n"
	"1400 T common_interrupt\n"
	"1500 T asm_common_interrupt\n"
	"1600 T nanosleep\n"
	"1700 T a_function_whose_name_is_longer_than_one_event\n"
	"1800 T last\n";

struct told {
	size_t count;
	struct event events[EVENTS_MAX];
};

static void take(void *context, const struct event *event)
{
	struct told *told = context;

	assert_true(told->count < EVENTS_MAX);
	told->events[told->count++] = *event;
}

static struct kernel_stacks *open_list(const char *text)
{
	struct error why = { 0 };
	struct kernel_stacks *stacks;
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	stacks = kernel_stacks_new(path, &why);
	unlink(path);
	assert_non_null(stacks);
	return stacks;
}

static uint32_t give(struct kernel_stacks *stacks, struct told *told,
		     const uint64_t *frames, size_t count)
{
	const struct event event = { .time_ns = 5, .cpu = 3 };
	const struct event_sink sink = { take, told };
	struct trace_stack stack = { .count = count };

	if (count)
		memcpy(stack.frames, frames, count * sizeof(*frames));
	return kernel_stacks_take(stacks, &stack, &event, &sink);
}

static void assert_frame(const struct event *event, const char *name,
			 uint64_t address)
{
	assert_int_equal(event->kind, EVENT_FRAME);
	assert_int_equal(event->time_ns, 5);
	assert_int_equal(event->cpu, 3);
	assert_int_equal(event->frame.address, address);
	assert_int_equal(strncmp(event->frame.name, name,
				 sizeof(event->frame.name)), 0);
}

static void tells_a_stack_once(void **state)
{
	static const uint64_t frames[] = { TRACER, STORE, RECEIVE };
	struct kernel_stacks *stacks = open_list(list);
	struct told told = { 0 };

	(void)state;
	assert_int_equal(give(stacks, &told, frames, 3), 1);
	assert_int_equal(told.count, 2);
	assert_frame(&told.events[0], "inet_sk_state_store", STORE);
	assert_frame(&told.events[1], "tcp_v4_rcv", RECEIVE);
	assert_int_equal(give(stacks, &told, frames, 3), 1);
	assert_int_equal(told.count, 2);
	assert_int_equal(give(stacks, &told, frames + 1, 1), 2);
	assert_int_equal(told.count, 3);
	assert_int_equal(told.events[2].frame.stack, 2);
	assert_int_equal(give(stacks, &told, frames, 3), 1);
	assert_int_equal(give(stacks, &told, frames, 0), 0);
	assert_int_equal(told.count, 3);
	kernel_stacks_free(stacks);
}

static void leaves_out_what_was_interrupted(void **state)
{
	static const uint64_t frames[] = { STORE, SYSVEC, ENTRY, SLEEP };
	struct kernel_stacks *stacks = open_list(list);
	struct told told = { 0 };

	(void)state;
	give(stacks, &told, frames, 4);
	assert_int_equal(told.count, 3);
	assert_frame(&told.events[2], "asm_common_interrupt", ENTRY);
	kernel_stacks_free(stacks);
}

static void tells_a_long_name_in_pieces(void **state)
{
	static const uint64_t frames[] = { LONG, RECEIVE };
	struct kernel_stacks *stacks = open_list(list);
	struct told told = { 0 };

	(void)state;
	give(stacks, &told, frames, 2);
	assert_int_equal(told.count, 3);
	assert_frame(&told.events[0], "a_function_whose_name_is_lo", LONG);
	assert_true(told.events[0].frame.goes_on);
	assert_frame(&told.events[1], "nger_than_one_event", LONG);
	assert_false(told.events[1].frame.goes_on);
	assert_frame(&told.events[2], "tcp_v4_rcv", RECEIVE);
	kernel_stacks_free(stacks);
}

static void tells_addresses_without_names(void **state)
{
	static const uint64_t frames[] = { TRACER, STORE };
	struct error why = { 0 };
	struct kernel_stacks *stacks = kernel_stacks_new("build/no such file",
							 &why);
	struct told told = { 0 };

	(void)state;
	assert_non_null(stacks);
	assert_true(why.code > 0);
	assert_int_equal(give(stacks, &told, frames, 2), 1);
	assert_int_equal(told.count, 2);
	assert_frame(&told.events[0], "", TRACER);
	assert_frame(&told.events[1], "", STORE);
	kernel_stacks_free(stacks);
	kernel_stacks_free(NULL);
}

/* The oldest is forgotten, and told again under another number. */
static void is_bounded(void **state)
{
	struct kernel_stacks *stacks = open_list(list);
	struct told told;
	uint64_t frame;

	(void)state;
	for (frame = 1; frame <= EVENT_STACKS + 1; frame++) {
		told.count = 0;
		assert_int_equal(give(stacks, &told, &frame, 1), frame);
		assert_int_equal(told.count, 1);
	}
	told.count = 0;
	frame = 2;
	assert_int_equal(give(stacks, &told, &frame, 1), 2);
	assert_int_equal(told.count, 0);
	frame = 1;
	assert_int_equal(give(stacks, &told, &frame, 1), EVENT_STACKS + 2);
	assert_int_equal(told.count, 1);
	kernel_stacks_free(stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_a_stack_once),
		cmocka_unit_test(leaves_out_what_was_interrupted),
		cmocka_unit_test(tells_a_long_name_in_pieces),
		cmocka_unit_test(tells_addresses_without_names),
		cmocka_unit_test(is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

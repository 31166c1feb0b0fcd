/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings in the making: read as they are, and made whole. */
#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "dat_builder.h"
#include "registry.h"
#include "replay/dat_join.h"
#include "replay/dat_pieces.h"
#include "replay/recording_ends.h"
#include "tcpwatch/recording.h"

/* 53 records fit in a page: each piece has two full ones and a third. */
enum { CPUS = 3, IDLE_CPU = 1, EVENTS = 120, PAGE_EVENTS = 53, PAGE = 4096 };

/* Of this host's byte order: who records joins. */
static const struct dat_builder_shape shape = {
	.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
	.unfinished = true, .cpus = CPUS, .events = EVENTS,
	.start = "tcpwatch-start 1\nsince 77\ntask 20 20 6162\n",
};

/* What a replay tells: the state changes in their order, and what was lost. */
struct told {
	struct error err;
	char clock[64], note[512];
	size_t count;
	struct {
		uint64_t time_ns;
		unsigned int cpu, port;
	} states[CPUS * EVENTS];
	size_t losses;
	uint64_t lost;
	unsigned int lost_cpu;
};

static void take(void *context, const struct event *event)
{
	struct told *told = context;

	if (event->kind == EVENT_LOST) {
		told->losses++;
		told->lost += event->lost.count;
		told->lost_cpu = event->cpu;
	}
	if (event->kind != EVENT_STATE)
		return;
	assert_true(told->count < CPUS * EVENTS);
	told->states[told->count].time_ns = event->time_ns;
	told->states[told->count].cpu = event->cpu;
	told->states[told->count++].port = event->local.port;
}

static bool replay(const char *path, struct told *told)
{
	const struct backend_options options = {
		.events = ~0u, .latency_ns = 100000000, .path = path,
	};
	const struct event_sink sink = { take, told };
	enum backend_answer answer = BACKEND_MORE;
	struct backend_facts facts;
	struct backend *backend;

	memset(told, 0, sizeof(*told));
	backend = replay_backend.open(&options, &told->err);
	if (!backend)
		return false;
	backend->ops->facts(backend, &facts);
	snprintf(told->clock, sizeof(told->clock), "%s", facts.clock);
	snprintf(told->note, sizeof(told->note), "%s",
		 facts.note ? facts.note : "");
	while (answer == BACKEND_MORE)
		answer = backend->ops->read(backend, 100, &sink, &told->err);
	assert_int_equal(answer, BACKEND_END);
	backend->ops->close(backend);
	return true;
}

static void expect_told(const struct told *told, size_t of_cpu0, size_t of_cpu2)
{
	size_t next[CPUS] = { 0 };

	assert_int_equal(told->count, of_cpu0 + of_cpu2);
	assert_string_equal(told->clock, "monotonic");
	for (size_t i = 0; i < told->count; i++) {
		unsigned int cpu = told->states[i].cpu;
		size_t number;

		assert_true(cpu < CPUS);
		number = next[cpu]++;
		assert_int_equal(told->states[i].time_ns,
				 dat_builder_time(cpu, number));
		assert_int_equal(told->states[i].port,
				 dat_builder_port(cpu, number));
		assert_true(!i || told->states[i].time_ns >=
				  told->states[i - 1].time_ns);
	}
	assert_int_equal(next[0], of_cpu0);
	assert_int_equal(next[IDLE_CPU], 0);
	assert_int_equal(next[2], of_cpu2);
}

/* FILE, FILE.cpu0 and FILE.cpu2: the CPU between them never had an event. */
static void make(char path[64])
{
	char name[DAT_PIECES_PATH_BYTES];
	struct dat_builder builder;

	dat_builder_make(&builder, &shape);
	dat_builder_write(&builder, path);
	dat_builder_done(&builder);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		if (cpu == IDLE_CPU)
			continue;
		assert_int_equal(dat_pieces_path(name, path, cpu), 0);
		dat_builder_make_piece(&builder, &shape, cpu);
		assert_int_equal(builder.length, 3 * PAGE);
		dat_builder_write_to(&builder, name);
		dat_builder_done(&builder);
	}
}

static bool exists(const char *path, const char *suffix)
{
	char name[128];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return !access(name, F_OK);
}

static void clean(const char *path)
{
	dat_pieces_remove(path, CPUS);
	unlink(path);
}

static void recover(const char *path, bool expected)
{
	struct error err = { 0 };
	bool joined;

	if (recording_recover(path, &joined, &err))
		fail_msg("%s", err.text);
	assert_int_equal(joined, expected);
}

static void reads_what_is_there(void **state)
{
	struct told told;
	char path[64];

	(void)state;
	make(path);
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, EVENTS);
	assert_non_null(strstr(told.note, "read from its pieces"));
	clean(path);
}

static void joins_them(void **state)
{
	struct told told;
	char path[64];

	(void)state;
	make(path);
	recover(path, true);
	assert_false(exists(path, ".cpu0") || exists(path, ".cpu2") ||
		     exists(path, ".part"));
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, EVENTS);
	assert_null(strstr(told.note, "pieces"));
	recover(path, false);
	clean(path);
}

/* Whoever was killed while writing leaves a part of a page. */
static void leaves_out_part_of_a_page(void **state)
{
	char path[64], name[128];
	struct stat whole;
	struct told told;

	(void)state;
	make(path);
	snprintf(name, sizeof(name), "%s.cpu2", path);
	assert_int_equal(truncate(name, PAGE + 100), 0);
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, PAGE_EVENTS);
	recover(path, true);
	assert_int_equal(stat(path, &whole), 0);
	assert_int_equal(whole.st_size % PAGE, 0);
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, PAGE_EVENTS);
	assert_null(strstr(told.note, "cut short"));
	clean(path);
}

static void keeps_what_the_kernel_counted(void **state)
{
	char counted[] = "CPU: 2\ncommit overrun: 3\ndropped events: 4\n";
	char *const statistics[CPUS] = { NULL, NULL, counted };
	struct error err = { 0 };
	struct told told;
	char path[64];

	(void)state;
	make(path);
	assert_int_equal(dat_join(path, statistics, CPUS, &err), 0);
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, EVENTS);
	assert_int_equal(told.losses, 1);
	assert_int_equal(told.lost, 7);
	assert_int_equal(told.lost_cpu, 2);
	clean(path);
}

static void expect_ends(const char *path, const uint8_t *bytes, size_t length)
{
	struct error err = { 0 };
	struct dat dat;

	assert_int_equal(dat_pieces_open_file(&dat, path, NULL, &err), 0);
	assert_int_equal(dat.ends_length, length);
	assert_memory_equal(dat.ends, bytes, length);
	dat_close(&dat);
}

static void keeps_the_ends_of_sockets(void **state)
{
	const struct event gone = {
		.kind = EVENT_GONE, .cookie = 7,
		.has = EVENT_HAS_COOKIE | EVENT_HAS_BYTES,
		.gone.bytes_acked = 1000,
	};
	uint8_t bytes[RECORDING_ENDS_HEAD_BYTES + RECORDING_ENDS_RECORD_BYTES];
	const struct dat_builder ends = {
		.bytes = bytes, .length = sizeof(bytes)
	};
	char path[64], name[DAT_PIECES_PATH_BYTES];

	(void)state;
	recording_ends_head(bytes);
	recording_ends_record(bytes + RECORDING_ENDS_HEAD_BYTES, &gone);
	make(path);
	assert_int_equal(dat_pieces_ends_path(name, path), 0);
	dat_builder_write_to(&ends, name);
	expect_ends(path, bytes, sizeof(bytes));
	recover(path, true);
	assert_false(exists(path, ".ends"));
	expect_ends(path, bytes, sizeof(bytes));
	clean(path);
}

/* Where trace-cmd looks for them, and so do we in recordings of others. */
static void names_go_into_the_head(void **state)
{
	struct error err = { 0 };
	struct dat dat;
	char path[64];

	(void)state;
	make(path);
	recover(path, true);
	assert_int_equal(dat_pieces_open_file(&dat, path, NULL, &err), 0);
	assert_false(dat.unfinished);
	assert_string_equal(dat.names, "20 ab\n");
	dat_close(&dat);
	clean(path);
}

static void a_failure_leaves_all_there(void **state)
{
	struct error err = { 0 };
	struct told told;
	char path[64], name[128];
	bool joined;

	(void)state;
	make(path);
	snprintf(name, sizeof(name), "%s.part", path);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(recording_recover(path, &joined, &err), -EEXIST);
	assert_non_null(strstr(err.text, "cannot join the pieces"));
	assert_true(exists(path, ".cpu0") && exists(path, ".cpu2"));
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, EVENTS);
	assert_int_equal(rmdir(name), 0);
	recover(path, true);
	clean(path);
}

static void what_another_attempt_left_is_no_obstacle(void **state)
{
	const struct dat_builder rubbish = {
		.bytes = (uint8_t[]){ 1, 2, 3 }, .length = 3
	};
	struct told told;
	char path[64], name[128];

	(void)state;
	make(path);
	snprintf(name, sizeof(name), "%s.part", path);
	dat_builder_write_to(&rubbish, name);
	recover(path, true);
	assert_false(exists(path, ".part"));
	assert_true(replay(path, &told));
	expect_told(&told, EVENTS, EVENTS);
	clean(path);
}

/* A file that another writer did not finish has no pieces. */
static void only_ours_have_pieces(void **state)
{
	struct dat_builder_shape other = shape;
	struct dat_builder builder;
	struct error err = { 0 };
	struct told told;
	char path[64];
	bool joined;

	(void)state;
	make(path);
	other.start = NULL;
	dat_builder_make(&builder, &other);
	dat_builder_write_to(&builder, path);
	dat_builder_done(&builder);
	assert_false(replay(path, &told));
	assert_non_null(strstr(told.err.text, "table of CPUs"));
	assert_int_equal(recording_recover(path, &joined, &err), -EBADMSG);
	assert_false(joined);
	assert_true(exists(path, ".cpu0"));
	clean(path);
}

static void refuses_names_that_are_too_long(void **state)
{
	static char path[DAT_PIECES_PATH_BYTES], longest[DAT_PIECES_PATH_BYTES];

	(void)state;
	memset(path, 'x', sizeof(path) - sizeof(".cpu65535"));
	assert_int_equal(dat_pieces_path(longest, path, 65535), 0);
	assert_int_equal(strlen(longest), sizeof(longest) - 1);
	assert_string_equal(longest + sizeof(path) - sizeof(".cpu65535"),
			    ".cpu65535");
	path[strlen(path)] = 'x';
	assert_int_equal(dat_pieces_path(longest, path, 65535), -ENAMETOOLONG);
	assert_int_equal(dat_pieces_ends_path(longest, path), 0);
	memset(path, 'x', sizeof(path) - 1);
	assert_int_equal(dat_pieces_ends_path(longest, path), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_there),
		cmocka_unit_test(joins_them),
		cmocka_unit_test(leaves_out_part_of_a_page),
		cmocka_unit_test(keeps_what_the_kernel_counted),
		cmocka_unit_test(keeps_the_ends_of_sockets),
		cmocka_unit_test(names_go_into_the_head),
		cmocka_unit_test(a_failure_leaves_all_there),
		cmocka_unit_test(what_another_attempt_left_is_no_obstacle),
		cmocka_unit_test(only_ours_have_pieces),
		cmocka_unit_test(refuses_names_that_are_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

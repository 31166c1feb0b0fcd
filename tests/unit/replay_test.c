/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings of every shape, real and made up, whole and broken. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dat_builder.h"
#include "dat_pack.h"
#include "registry.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/tcp_state.h"

#define RECORDED "tests/recorded/trace-dat/"

enum { EVENTS_MAX = 8192, READS_MAX = 100000 };

/* What came out of a replay. */
struct replayed {
	struct error err;
	struct backend_facts facts;
	char clock[64], note[512];
	size_t counts[EVENT_KIND_COUNT];
	size_t kept;
	struct event events[EVENTS_MAX]; /* STATE and LOST, in their order */
	size_t names;
	struct event first_name;
	uint64_t newest_ns;
	bool backwards;                 /* time did, and nothing was marked late */
};

static void take(void *context, const struct event *event)
{
	struct replayed *replayed = context;

	assert_true(event->kind < EVENT_KIND_COUNT);
	replayed->counts[event->kind]++;
	if (event->time_ns < replayed->newest_ns && !event->late)
		replayed->backwards = true;
	if (event->time_ns > replayed->newest_ns)
		replayed->newest_ns = event->time_ns;
	if (event->kind == EVENT_TASK &&
	    event->task.change == EVENT_TASK_LISTED && !replayed->names++)
		replayed->first_name = *event;
	if ((event->kind == EVENT_STATE || event->kind == EVENT_LOST ||
	     event->kind == EVENT_SEEN) &&
	    replayed->kept < EVENTS_MAX)
		replayed->events[replayed->kept++] = *event;
}

/* True when it could be opened; then it was read to its end. */
static bool replay(const char *path, struct replayed *replayed)
{
	const struct backend_options options = {
		.events = ~0u, .latency_ns = 100000000, .path = path,
	};
	const struct event_sink sink = { take, replayed };
	enum backend_answer answer = BACKEND_MORE;
	struct backend *backend;

	memset(replayed, 0, sizeof(*replayed));
	backend = replay_backend.open(&options, &replayed->err);
	if (!backend) {
		assert_true(replayed->err.code > 0);
		assert_true(replayed->err.text[0]);
		return false;
	}
	backend->ops->facts(backend, &replayed->facts);
	snprintf(replayed->clock, sizeof(replayed->clock), "%s",
		 replayed->facts.clock);
	snprintf(replayed->note, sizeof(replayed->note), "%s",
		 replayed->facts.note ? replayed->facts.note : "");
	for (size_t i = 0; answer == BACKEND_MORE; i++) {
		assert_true(i < READS_MAX);
		answer = backend->ops->read(backend, 100, &sink, &replayed->err);
	}
	assert_int_equal(answer, BACKEND_END);
	backend->ops->close(backend);
	return true;
}

static bool replay_bytes(const uint8_t *bytes, size_t length,
			 struct replayed *replayed)
{
	struct dat_builder builder = {
		.bytes = (uint8_t *)bytes, .length = length,
	};
	char path[64];
	bool opened;

	dat_builder_write(&builder, path);
	opened = replay(path, replayed);
	unlink(path);
	return opened;
}

static void replay_shape(const struct dat_builder_shape *shape,
			 struct replayed *replayed)
{
	struct dat_builder builder;

	dat_builder_make(&builder, shape);
	if (!replay_bytes(builder.bytes, builder.length, replayed))
		print_error("%s\n", replayed->err.text);
	assert_int_equal(replayed->err.code, 0);
	dat_builder_done(&builder);
}

/* The events are those that the builder made, in the order of their times. */
static void expect_built(const struct replayed *replayed, size_t cpus,
			 size_t events)
{
	assert_int_equal(replayed->counts[EVENT_STATE], cpus * events);
	assert_int_equal(replayed->counts[EVENT_LOST], 0);
	assert_false(replayed->backwards);
	for (size_t i = 0; i < cpus * events; i++) {
		const struct event *event = &replayed->events[i];
		size_t cpu = i % cpus, number = i / cpus;

		assert_int_equal(event->time_ns, dat_builder_time(cpu, number));
		assert_int_equal(event->cpu, cpu);
		assert_int_equal(event->local.port, dat_builder_port(cpu, number));
		assert_int_equal(event->remote.port, 80);
		assert_int_equal(event->tid, 100 + cpu);
		assert_int_equal(event->family, EVENT_FAMILY_IPV4);
		assert_int_equal(event->local.address[12], 127);
		assert_int_equal(event->local.address[15], 1);
		assert_int_equal(event->socket_id,
				 0x1000 + cpu * 64 + number / 5 * 8);
		assert_false(event->late);
	}
}

static void reads_every_shape(void **state)
{
	static const uint32_t page_sizes[] = { 4096, 16384, 65536 };
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	for (unsigned int i = 0; i < 2 * 2 * 2 * 3; i++) {
		const struct dat_builder_shape shape = {
			.version = i & 1 ? 7 : 6,
			.big_endian = i & 2,
			.is_32bit = i & 4,
			.page_bytes = page_sizes[i / 8],
			.cpus = 3,
			.events = 300,
		};

		replay_shape(&shape, replayed);
		expect_built(replayed, 3, 300);
	}
	free(replayed);
}

static void reads_compressed(const char *compression)
{
	struct replayed *replayed;

	if (!dat_pack_can(compression)) {
		print_message("skip: built without %s: make deps\n", compression);
		skip();
	}
	replayed = malloc(sizeof(*replayed));
	assert_non_null(replayed);
	for (unsigned int i = 0; i < 2 * 2 * 2; i++) {
		const struct dat_builder_shape shape = {
			.version = 7,
			.big_endian = i & 1,
			.is_32bit = i & 2,
			.page_bytes = i & 4 ? 65536 : 4096,
			.compression = compression,
			.cpus = 3,
			.events = 300,
		};

		replay_shape(&shape, replayed);
		expect_built(replayed, 3, 300);
	}
	free(replayed);
}

static void reads_zlib(void **state)
{
	(void)state;
	reads_compressed("zlib");
}

static void reads_zstd(void **state)
{
	(void)state;
	reads_compressed("zstd");
}

/* The same events, seen by two instances, are told once. */
static void tells_twins_once(void **state)
{
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	for (unsigned int version = 6; version <= 7; version++) {
		const struct dat_builder_shape shape = {
			.version = version, .instances = 2, .cpus = 2,
			.events = 100,
		};

		replay_shape(&shape, replayed);
		expect_built(replayed, 2, 100);
	}
	free(replayed);
}

static void tells_losses_in_their_place(void **state)
{
	const struct dat_builder_shape shape = { .events = 100, .lost = 159 };
	struct replayed *replayed = malloc(sizeof(*replayed));
	size_t place = 0;

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_int_equal(replayed->counts[EVENT_STATE], 100);
	assert_int_equal(replayed->counts[EVENT_LOST], 1);
	while (replayed->events[place].kind != EVENT_LOST)
		place++;
	/* So many records of 76 bytes fit in 4080. */
	assert_int_equal(place, 53);
	assert_int_equal(replayed->events[place].lost.count, 159);
	assert_true(replayed->events[place].has & EVENT_HAS_COUNT);
	assert_int_equal(replayed->events[place].time_ns, dat_builder_time(0, 53));
	free(replayed);
}

/* Was found by fuzzing: a page of earlier times behind a loss. */
static void a_loss_may_be_late(void **state)
{
	const struct dat_builder_shape shape = { .events = 100, .lost = 159 };
	struct replayed *replayed = malloc(sizeof(*replayed));
	struct dat_builder builder;

	(void)state;
	assert_non_null(replayed);
	dat_builder_make(&builder, &shape);
	memset(builder.bytes + builder.length - 4096, 0, 8);
	assert_true(replay_bytes(builder.bytes, builder.length, replayed));
	assert_false(replayed->backwards);
	assert_int_equal(replayed->counts[EVENT_STATE], 100);
	assert_int_equal(replayed->events[53].kind, EVENT_LOST);
	assert_true(replayed->events[53].late);
	assert_int_equal(replayed->events[53].time_ns, 0);
	dat_builder_done(&builder);
	free(replayed);
}

/* So was a CPU whose last page is broken, while others go on. */
static void a_loss_may_be_the_last(void **state)
{
	const struct dat_builder_shape shape = { .events = 100, .cpus = 2 };
	struct replayed *replayed = malloc(sizeof(*replayed));
	struct dat_builder builder;
	const struct event *last;

	(void)state;
	assert_non_null(replayed);
	dat_builder_make(&builder, &shape);
	memset(builder.bytes + builder.length - 3 * 4096 + 8, 0xff, 3);
	assert_true(replay_bytes(builder.bytes, builder.length, replayed));
	assert_false(replayed->backwards);
	assert_int_equal(replayed->counts[EVENT_STATE], 53 + 100);
	assert_int_equal(replayed->counts[EVENT_LOST], 1);
	last = &replayed->events[replayed->kept - 1];
	assert_int_equal(last->kind, EVENT_LOST);
	assert_int_equal(last->cpu, 0);
	assert_int_equal(last->time_ns, dat_builder_time(1, 99));
	dat_builder_done(&builder);
	free(replayed);
}

static void tells_what_the_kernel_dropped(void **state)
{
	const struct dat_builder_shape shape = {
		.events = 10,
		.options = "2=CPU: 0\nentries: 0\ncommit overrun: 3\n"
			   "dropped events: 4\n",
	};
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_int_equal(replayed->counts[EVENT_LOST], 1);
	assert_int_equal(replayed->events[10].lost.count, 7);
	free(replayed);
}

static void names_come_from_trace_cmd(void **state)
{
	const struct dat_builder_shape shape = {
		.events = 1, .names = "bad\n12 a b c\n\n13 <...>\n-4 x\n",
	};
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_int_equal(replayed->names, 2);
	assert_int_equal(replayed->first_name.task.tid, 12);
	assert_int_equal(replayed->first_name.task.tgid, 12);
	assert_string_equal(replayed->first_name.task.comm, "a b c");
	assert_non_null(strstr(replayed->note, "those of threads"));
	assert_false(replayed->facts.wall_offset_known);
	assert_int_equal(replayed->facts.since_ns, dat_builder_time(0, 0));
	free(replayed);
}

static void start_and_names_come_from_ours(void **state)
{
	const struct dat_builder_shape shape = {
		.events = 1,
		.names = "12 other\n",
		.start = "tcpwatch-start 1\nsince 77\nfuture x\nwall -5\n"
			 "task 21 20 \ntask 20 20 6162\ntask x\n",
	};
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_int_equal(replayed->names, 2);
	assert_int_equal(replayed->first_name.task.tid, 21);
	assert_int_equal(replayed->first_name.task.tgid, 20);
	assert_false(replayed->first_name.has & EVENT_HAS_COMM);
	assert_int_equal(replayed->facts.since_ns, 77);
	assert_true(replayed->facts.wall_offset_known);
	assert_int_equal(replayed->facts.wall_offset_ns, -5);
	assert_null(strstr(replayed->note, "those of threads"));
	free(replayed);
}

static void sockets_come_from_ours(void **state)
{
	const struct dat_builder_shape shape = {
		.events = 2,
		.start = "tcpwatch-start 1\nsince 77\nseen 0 1050000 0 0 0 0 0\n"
			 "seen 1 1050001 1049999 99 1 20 4 "
			 "00000000000000000000ffff7f000001 80 "
			 "00000000000000000000ffff7f000002 443\n"
			 "seen 1 1050001 1 98 1 20 4 00 80 00 443\nseen 7\n"
			 "seen 2 1050002 0 0 0 0 0\n",
	};
	struct replayed *replayed = malloc(sizeof(*replayed));
	const struct event *seen;

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_int_equal(replayed->counts[EVENT_SEEN], 3);
	assert_int_equal(replayed->counts[EVENT_STATE], 2);
	assert_false(replayed->backwards);
	assert_int_equal(replayed->events[1].kind, EVENT_SEEN);
	seen = &replayed->events[2];
	assert_int_equal(seen->seen.part, EVENT_SEEN_SOCKET);
	assert_int_equal(seen->time_ns, 1050001);
	assert_int_equal(seen->seen.from_ns, 1049999);
	assert_int_equal(seen->cookie, 99);
	assert_int_equal(seen->seen.state, TCP_STATE_ESTABLISHED);
	assert_int_equal(seen->seen.tgid, 20);
	assert_int_equal(seen->local.port, 80);
	assert_int_equal(seen->remote.address[15], 2);
	assert_int_equal(seen->remote.port, 443);
	assert_int_equal(replayed->events[4].kind, EVENT_STATE);
	free(replayed);
}

static void times_are_settled(void **state)
{
	struct replayed *replayed = malloc(sizeof(*replayed));
	struct dat_builder_shape shape = { .events = 1, .options = "7=1000" };

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_int_equal(replayed->events[0].time_ns,
			 dat_builder_time(0, 0) + 1000);
	shape.options = "1=0x10";
	replay_shape(&shape, replayed);
	assert_true(replayed->facts.wall_offset_known);
	assert_int_equal(replayed->facts.wall_offset_ns, 16000);
	free(replayed);
}

/* Times of a processor's counter, which the option makes nanoseconds of. */
static void expect_tsc(struct dat_builder_shape shape, uint64_t time_ns,
		       bool is_time)
{
	struct replayed *replayed = malloc(sizeof(*replayed));

	assert_non_null(replayed);
	shape.events = 1;
	shape.clock = "x86-tsc";
	for (unsigned int i = 0; i < 2 * 2; i++) {
		shape.version = i & 1 ? 7 : 6;
		shape.big_endian = i & 2;
		replay_shape(&shape, replayed);
		assert_string_equal(replayed->clock, "trace:x86-tsc");
		assert_int_equal(!strstr(replayed->note, "not count nanoseconds"),
				 is_time);
		assert_int_equal(replayed->events[0].time_ns, time_ns);
		assert_int_equal(replayed->facts.since_ns, time_ns);
	}
	free(replayed);
}

/* Their products have more than 64 bits. */
static void counters_become_times(void **state)
{
	const uint64_t later = UINT64_C(1) << 40;
	const uint64_t ticks = later + dat_builder_time(0, 0);

	(void)state;
	expect_tsc((struct dat_builder_shape){
		.later = later, .tsc_bytes = 16, .tsc_mult = 1u << 31,
		.tsc_shift = 31, .tsc_offset = -1000,
	}, ticks - 1000, true);
	expect_tsc((struct dat_builder_shape){
		.later = later, .tsc_bytes = 16, .tsc_mult = 3u << 30,
		.tsc_shift = 32, .tsc_offset = 7,
	}, ticks / 4 * 3 + 7, true);
	expect_tsc((struct dat_builder_shape){
		.later = later, .tsc_bytes = 16, .tsc_mult = 1u << 31,
		.tsc_shift = 40, .options = "7=500",
	}, (ticks >> 9) + 500, true);
}

static void counters_without_a_rate_stay(void **state)
{
	(void)state;
	expect_tsc((struct dat_builder_shape){ .events = 1 },
		   dat_builder_time(0, 0), false);
	expect_tsc((struct dat_builder_shape){
		.tsc_bytes = 15, .tsc_mult = 1u << 31, .tsc_shift = 31,
	}, dat_builder_time(0, 0), false);
	expect_tsc((struct dat_builder_shape){
		.tsc_bytes = 16, .tsc_mult = 1u << 31, .tsc_shift = 64,
	}, dat_builder_time(0, 0), false);
}

static void expect_clock(const char *clock, const char *called, const char *note)
{
	const struct dat_builder_shape shape = { .events = 1, .clock = clock };
	struct replayed *replayed = malloc(sizeof(*replayed));

	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_string_equal(replayed->clock, called);
	if (note)
		assert_non_null(strstr(replayed->note, note));
	free(replayed);
}

static void clocks_have_names(void **state)
{
	(void)state;
	expect_clock("mono", "monotonic", NULL);
	expect_clock("boot", "boot", NULL);
	expect_clock("global", "trace:global", NULL);
	expect_clock("local", "trace:local", "differs between CPUs");
	expect_clock("counter", "trace:counter", "does not count nanoseconds");
}

static void says_that_nothing_is_in_it(void **state)
{
	const struct dat_builder_shape shapes[] = {
		{ .events = 10, .no_events = true },
		{ .events = 0 },
		{ .events = 10, .version = 7, .no_buffers = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct replayed *replayed = malloc(sizeof(*replayed));
		struct dat_builder builder;

		assert_non_null(replayed);
		dat_builder_make(&builder, &shapes[i]);
		assert_false(replay_bytes(builder.bytes, builder.length,
					  replayed));
		assert_int_equal(replayed->err.code, EINVAL);
		assert_non_null(strstr(replayed->err.text, "holds no event"));
		dat_builder_done(&builder);
		free(replayed);
	}
}

static void says_what_is_missing(void **state)
{
	const struct dat_builder_shape shape = { .events = 1 };
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	replay_shape(&shape, replayed);
	assert_non_null(strstr(replayed->note, "lacks tcp_cong_state_set"));
	assert_true(replayed->facts.events & EVENT_BIT(EVENT_STATE));
	assert_false(replayed->facts.events & EVENT_BIT(EVENT_CONG));
	free(replayed);
}

/* What trace-cmd 3.1.6 says is in them: tests/recorded/README.md. */
static void reads_real_ones(void **state)
{
	static const char *const paths[] = {
		RECORDED "trace-cmd-v6.dat", RECORDED "trace-cmd-v7.dat",
#if WITH_ZSTD
		RECORDED "trace-cmd-v7-zstd.dat",
#endif
	};
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct event *last;

		if (!replay(paths[i], replayed))
			fail_msg("%s", replayed->err.text);
		assert_int_equal(replayed->counts[EVENT_STATE], 202);
		assert_int_equal(replayed->counts[EVENT_DESTROY], 41);
		assert_int_equal(replayed->counts[EVENT_LOST], 0);
		assert_false(replayed->backwards);
		last = &replayed->events[replayed->kept - 1];
		assert_int_equal((last->time_ns + 500) / 1000, 11087396270);
		assert_int_equal(last->local.port, 46287);
		assert_int_equal(last->state.old_state, TCP_STATE_LISTEN);
	}
	if (!replay(RECORDED "trace-cmd-v6-date.dat", replayed))
		fail_msg("%s", replayed->err.text);
	assert_true(replayed->facts.wall_offset_known);
	assert_int_equal((replayed->events[0].time_ns +
			  (uint64_t)replayed->facts.wall_offset_ns) / 1000000000,
			 1795363705);   /* 2026-11-22 16:08:25 UTC */
	free(replayed);
}

/* Ours, of other kernels, with what sock_diag told of each socket. */
static void reads_our_own(void **state)
{
	static const char *const paths[] = {
		RECORDED "tcpwatch-5.10.dat", RECORDED "tcpwatch-7.3.dat",
		RECORDED "tcpwatch-6.12-arm64-16k.dat",
	};
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!replay(paths[i], replayed))
			fail_msg("%s", replayed->err.text);
		assert_int_equal(replayed->counts[EVENT_STATE], 182);
		assert_int_equal(replayed->counts[EVENT_DESTROY], 41);
		assert_int_equal(replayed->counts[EVENT_GONE], 41);
		assert_int_equal(replayed->counts[EVENT_CONG], 22);
		assert_true(replayed->facts.events & EVENT_BIT(EVENT_GONE));
		assert_false(replayed->backwards);
	}
	free(replayed);
}

static void reads_a_text_dump(void **state)
{
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	if (!replay(RECORDED "trace-cmd.report", replayed))
		fail_msg("%s", replayed->err.text);
	assert_int_equal(replayed->counts[EVENT_STATE], 202);
	assert_int_equal(replayed->counts[EVENT_DESTROY], 41);
	assert_false(replayed->backwards);
	assert_string_equal(replayed->first_name.task.comm, "load");
	assert_non_null(strstr(replayed->note, "by their addresses"));
	free(replayed);
}

struct content {
	uint8_t *bytes;
	size_t length;
};

static struct content read_content(const char *path)
{
	struct content content = { .bytes = malloc(1 << 20) };
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(content.bytes);
	content.length = fread(content.bytes, 1, 1 << 20, file);
	fclose(file);
	return content;
}

static const struct breakable {
	const char *path;
	size_t states;                  /* changes of state */
	size_t pages_from, pages_to;    /* all else tells of them */
} to_be_broken[] = {
	{ RECORDED "trace-cmd-v6.dat", 202, 16384, 36864 },
	{ RECORDED "trace-cmd-v7.dat", 202, 16384, 36864 },
	{ RECORDED "trace-cmd-v7-zstd.dat", 202, 6031, 6031 },
	{ RECORDED "tcpwatch-7.3.dat", 182, 20480, 45056 },
};

enum { TO_BE_BROKEN = sizeof(to_be_broken) / sizeof(to_be_broken[0]) };

/* Emulated, each byte would take minutes: UNIT_STRIDE=23 takes about one in 23. */
static size_t stride(void)
{
	const char *text = getenv("UNIT_STRIDE");
	long value = text ? atol(text) : 1;

	return value > 0 ? (size_t)value : 1;
}

/* Cut anywhere it gives an error or a part of the whole, and never more. */
static void survives_truncation(void **state)
{
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	for (size_t i = 0; i < TO_BE_BROKEN; i++) {
		struct content content = read_content(to_be_broken[i].path);
		size_t partial = 0;

		for (size_t at = 0; at < content.length;
		     at += stride() > 1 ? 4096 : 512) {
			if (!replay_bytes(content.bytes, at, replayed))
				continue;
			partial++;
			assert_true(replayed->counts[EVENT_STATE] <=
				    to_be_broken[i].states);
		}
		/* Version 7 has its options last. */
		if (strstr(to_be_broken[i].path, "-v7") == NULL)
			assert_true(partial > (stride() > 1 ? 2 : 20));
		free(content.bytes);
	}
	free(replayed);
}

static void put_byte(int fd, size_t at, uint8_t byte)
{
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
}

/* Flips each byte that is not of a page, and some that are. */
static void flip_all(int fd, const char *path, const struct breakable *breakable,
		     const struct content *content, struct replayed *replayed)
{
	static const uint8_t flips[] = { 0xff, 0x01, 0x80 };

	for (size_t at = 0; at < content->length;) {
		bool is_page = at >= breakable->pages_from &&
			       at < breakable->pages_to;

		put_byte(fd, at, content->bytes[at] ^ flips[at % sizeof(flips)]);
		replay(path, replayed);
		put_byte(fd, at, content->bytes[at]);
		at += (is_page ? 37 : 1) * stride();
		if (is_page && at > breakable->pages_to)
			at = breakable->pages_to;
	}
}

/* Whatever a byte of the head becomes, it ends in order. */
static void survives_flips(void **state)
{
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	for (size_t i = 0; i < TO_BE_BROKEN; i++) {
		struct content content = read_content(to_be_broken[i].path);
		struct dat_builder copy = {
			.bytes = content.bytes, .length = content.length,
		};
		char path[64];
		int fd;

		dat_builder_write(&copy, path);
		fd = open(path, O_WRONLY);
		assert_true(fd >= 0);
		flip_all(fd, path, &to_be_broken[i], &content, replayed);
		close(fd);
		unlink(path);
		free(content.bytes);
	}
	free(replayed);
}

static void refuses_other_files(void **state)
{
	struct replayed *replayed = malloc(sizeof(*replayed));

	(void)state;
	assert_non_null(replayed);
	assert_false(replay("/dev/null", replayed));
	assert_non_null(strstr(replayed->err.text, "not a regular file"));
	assert_false(replay("/", replayed));
	assert_false(replay("tests/golden/CASES", replayed));
	assert_non_null(strstr(replayed->err.text, "not a recording"));
	free(replayed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_shape),
		cmocka_unit_test(reads_zlib),
		cmocka_unit_test(reads_zstd),
		cmocka_unit_test(tells_twins_once),
		cmocka_unit_test(tells_losses_in_their_place),
		cmocka_unit_test(a_loss_may_be_late),
		cmocka_unit_test(a_loss_may_be_the_last),
		cmocka_unit_test(tells_what_the_kernel_dropped),
		cmocka_unit_test(names_come_from_trace_cmd),
		cmocka_unit_test(start_and_names_come_from_ours),
		cmocka_unit_test(sockets_come_from_ours),
		cmocka_unit_test(times_are_settled),
		cmocka_unit_test(counters_become_times),
		cmocka_unit_test(counters_without_a_rate_stay),
		cmocka_unit_test(clocks_have_names),
		cmocka_unit_test(says_that_nothing_is_in_it),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(reads_real_ones),
		cmocka_unit_test(reads_our_own),
		cmocka_unit_test(reads_a_text_dump),
		cmocka_unit_test(survives_truncation),
		cmocka_unit_test(survives_flips),
		cmocka_unit_test(refuses_other_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

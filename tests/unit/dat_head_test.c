/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as a recorder writes it, of a kernel's own formats and pages, read
 * and joined: what was written is what is read. */
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
#include "recorded_format.h"
#include "registry.h"
#include "replay/dat_head.h"
#include "replay/dat_option.h"
#include "replay/dat_pieces.h"
#include "replay/recording_start.h"
#include "tcpwatch/recording.h"
#include "tcpwatch/tcp_state.h"

#define RELEASE "6.18.44"
#define PAGES "tests/recorded/pages-6.18/connections/cpu%u.pages"
#define START "tcpwatch-start 1\nsince 1\nwall 1000\ntask 7 7 6162\n"

enum { CPUS = 2, PAGE_BYTES = 4096, CONNECTIONS = 23 };

/* What a replay tells of them. */
struct told {
	size_t begun, established, ended, lost;
	bool captured;                  /* a child that called itself so */
};

static void take(void *context, const struct event *event)
{
	struct told *told = context;

	told->lost += event->kind == EVENT_LOST;
	told->captured |= event->kind == EVENT_TASK &&
			  event->task.change == EVENT_TASK_RENAMED &&
			  !strncmp(event->task.comm, "captured", 9);
	if (event->kind != EVENT_STATE)
		return;
	told->begun += event->state.new_state == TCP_STATE_SYN_SENT;
	told->established += event->state.old_state == TCP_STATE_SYN_SENT &&
			     event->state.new_state == TCP_STATE_ESTABLISHED;
	told->ended += event->state.old_state == TCP_STATE_LAST_ACK;
}

static void expect_connections(const char *path)
{
	const struct backend_options options = {
		.events = ~0u, .latency_ns = 100000000, .path = path,
	};
	struct told told = { 0 };
	const struct event_sink sink = { take, &told };
	enum backend_answer answer = BACKEND_MORE;
	struct backend_facts facts;
	struct error err = { 0 };
	struct backend *backend = replay_backend.open(&options, &err);

	if (!backend)
		fail_msg("%s", err.text);
	backend->ops->facts(backend, &facts);
	assert_string_equal(facts.clock, "monotonic");
	assert_int_equal(facts.since_ns, 1);
	assert_int_equal(facts.wall_offset_ns, 1000);
	while (answer == BACKEND_MORE)
		answer = backend->ops->read(backend, 100, &sink, &err);
	backend->ops->close(backend);
	assert_int_equal(answer, BACKEND_END);
	assert_int_equal(told.begun, CONNECTIONS);
	assert_int_equal(told.established, CONNECTIONS);
	assert_int_equal(told.ended, CONNECTIONS);
	assert_int_equal(told.lost, 0);
	assert_true(told.captured);
}

static void put_system(struct dat_head *head, const char *system)
{
	static struct recorded_format text;
	uint32_t count = 0;

	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		count += trace_events[i].system &&
			 !strcmp(trace_events[i].system, system);
	dat_head_system(head, system, count);
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
		if (!trace_events[i].system ||
		    strcmp(trace_events[i].system, system))
			continue;
		assert_true(recorded_format_read_event(&text, RELEASE, i));
		dat_head_format(head, text.text);
	}
}

static void make_head(struct dat_head *head)
{
	static struct recorded_format page, event;

	assert_true(recorded_format_read(&page, RELEASE, "header_page"));
	assert_true(recorded_format_read(&event, RELEASE, "header_event"));
	dat_head_begin(head, PAGE_BYTES, page.text, event.text);
	dat_head_systems(head, 3);
	put_system(head, "sock");
	put_system(head, "task");
	put_system(head, "tcp");
	dat_head_symbols(head);
	dat_head_names(head, "7 ab\n", 5);
	dat_head_options(head, CPUS);
	dat_head_option(head, DAT_OPTION_VERSION, "a test", sizeof("a test"));
	dat_head_option(head, DAT_OPTION_CLOCK, "local [mono]",
			sizeof("local [mono]"));
	dat_head_option(head, DAT_OPTION_START, START, strlen(START));
	dat_head_options_end(head);
	assert_int_equal(head->failed, 0);
}

static void copy_pages(const char *path, unsigned int cpu)
{
	static uint8_t bytes[1 << 20];
	char name[DAT_PIECES_PATH_BYTES], from[128];
	struct dat_builder piece = { .bytes = bytes };
	FILE *file;

	snprintf(from, sizeof(from), PAGES, cpu);
	file = fopen(from, "r");
	assert_non_null(file);
	piece.length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_true(piece.length && piece.length % PAGE_BYTES == 0);
	assert_int_equal(dat_pieces_path(name, path, cpu), 0);
	dat_builder_write_to(&piece, name);
}

static void expect_names(const char *path, const char *name)
{
	struct error err = { 0 };
	struct dat dat;

	assert_int_equal(dat_pieces_open_file(&dat, path, NULL, &err), 0);
	assert_string_equal(dat.writer, "a test");
	assert_non_null(strstr(dat.names, "7 ab\n"));
	assert_int_equal(!strstr(dat.names, name), dat.unfinished);
	dat_close(&dat);
}

static void what_is_written_is_read(void **state)
{
	struct dat_head head = { 0 };
	struct dat_builder file;
	struct error err = { 0 };
	char path[64];
	bool joined;

	(void)state;
	/* Heads are of this host's byte order, these pages of x86's. */
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
		print_message("skip: recorded pages are of the other byte order\n");
		skip();
	}
	make_head(&head);
	file = (struct dat_builder){
		.bytes = head.bytes, .length = head.length
	};
	dat_builder_write(&file, path);
	dat_head_done(&head);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		copy_pages(path, cpu);
	expect_names(path, " captured\n");
	expect_connections(path);
	assert_int_equal(recording_recover(path, &joined, &err), 0);
	assert_true(joined);
	/* The names of those that came later are in the pages. */
	expect_names(path, " captured\n");
	expect_connections(path);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recorder tells of its start is what a reader learns. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "comm_bytes.h"
#include "replay/recording_start.h"
#include "tcpwatch/tcp_state.h"

/* A text that grows by lines of the writer's. */
struct written {
	char text[4096];
	size_t length;
};

static void add(struct written *written, const char *line, size_t length)
{
	assert_int_equal(strlen(line), length);
	assert_true(length < RECORDING_START_LINE_BYTES);
	assert_int_equal(line[length - 1], '\n');
	assert_true(written->length + length < sizeof(written->text));
	memcpy(written->text + written->length, line, length + 1);
	written->length += length;
}

static void begin(struct written *written)
{
	char line[RECORDING_START_LINE_BYTES];

	*written = (struct written){ .length = 0 };
	add(written, line, recording_start_head(line));
}

static void add_number(struct written *written, const char *word, int64_t value)
{
	char line[RECORDING_START_LINE_BYTES];

	add(written, line, recording_start_number(line, word, value));
}

static void add_task(struct written *written, const struct event *event)
{
	char line[RECORDING_START_LINE_BYTES];

	add(written, line, recording_start_task(line, event));
}

static void add_seen(struct written *written, const struct event *event)
{
	char line[RECORDING_START_LINE_BYTES];

	add(written, line, recording_start_seen(line, event));
}

static struct recording_start open_start(const struct written *written)
{
	struct recording_start start;

	assert_true(recording_start_open(&start, written->text,
					 written->length));
	return start;
}

static void numbers_come_back(void **state)
{
	struct written written;
	struct recording_start start;

	(void)state;
	begin(&written);
	add_number(&written, "since", INT64_MAX);
	add_number(&written, "wall", INT64_MIN + 1);
	start = open_start(&written);
	assert_true(start.since_ns == INT64_MAX);
	assert_true(start.wall_known);
	assert_true(start.wall_ns == INT64_MIN + 1);
	assert_false(start.foreign);
}

static void what_is_not_told_is_not_known(void **state)
{
	struct written written;
	struct recording_start start;
	struct event event;

	(void)state;
	begin(&written);
	start = open_start(&written);
	assert_int_equal(start.since_ns, 0);
	assert_false(start.wall_known);
	assert_false(recording_start_next_task(&start, 0, &event));
	assert_false(recording_start_next_seen(&start, &event));
}

static void process_ids_may_be_foreign(void **state)
{
	struct written written;

	(void)state;
	begin(&written);
	add(&written, "foreign\n", 8);
	assert_true(open_start(&written).foreign);
}

/* Names may hold anything but a NUL, and fill their room. */
static void tasks_come_back(void **state)
{
	static const struct {
		int32_t tid, tgid;
		const char *comm;       /* NULL: not known */
	} tasks[] = {
		{ 1, 1, "init" },
		{ 4194303, 4194302, "a b\n\"\x1b\xff" },
		{ 12, 0, "sixteen bytes ..." },
		{ 13, 12, NULL },
	};
	struct written written;
	struct recording_start start;
	struct event event;

	(void)state;
	begin(&written);
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		event = (struct event){ .kind = EVENT_TASK };
		event.task.tid = tasks[i].tid;
		event.task.tgid = tasks[i].tgid;
		event.has = (tasks[i].tgid ? EVENT_HAS_TGID : 0) |
			    (tasks[i].comm ? EVENT_HAS_COMM : 0);
		if (tasks[i].comm)
			comm_bytes(event.task.comm, tasks[i].comm);
		add_task(&written, &event);
	}
	start = open_start(&written);
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		char comm[EVENT_COMM_BYTES] = { 0 };

		assert_true(recording_start_next_task(&start, 99, &event));
		assert_int_equal(event.kind, EVENT_TASK);
		assert_int_equal(event.task.change, EVENT_TASK_LISTED);
		assert_int_equal(event.time_ns, 99);
		assert_int_equal(event.task.tid, tasks[i].tid);
		assert_int_equal(event.task.tgid, tasks[i].tgid);
		assert_int_equal(!!(event.has & EVENT_HAS_TGID), !!tasks[i].tgid);
		assert_int_equal(!!(event.has & EVENT_HAS_COMM), !!tasks[i].comm);
		if (tasks[i].comm)
			comm_bytes(comm, tasks[i].comm);
		assert_memory_equal(event.task.comm, comm, sizeof(comm));
	}
	assert_false(recording_start_next_task(&start, 99, &event));
}

static struct event make_seen(enum event_seen_part part, uint64_t time_ns)
{
	struct event event = {
		.time_ns = time_ns, .kind = EVENT_SEEN, .seen.part = part
	};

	return event;
}

static void sockets_come_back(void **state)
{
	struct event socket = make_seen(EVENT_SEEN_SOCKET, UINT64_MAX - 1);
	struct event begins = make_seen(EVENT_SEEN_BEGIN, 5);
	struct event ends = make_seen(EVENT_SEEN_END, UINT64_MAX - 1);
	struct written written;
	struct recording_start start;
	struct event event;

	(void)state;
	socket.has = EVENT_HAS_TGID;
	socket.cookie = UINT64_MAX;
	socket.family = EVENT_FAMILY_IPV6;
	socket.seen.from_ns = UINT64_MAX - 2;
	socket.seen.tgid = INT32_MAX;
	socket.seen.state = TCP_STATE_CLOSING;
	memset(socket.local.address, 0xfe, sizeof(socket.local.address));
	memset(socket.remote.address, 0x0f, sizeof(socket.remote.address));
	socket.local.port = UINT16_MAX;
	socket.remote.port = 1;
	begin(&written);
	add_seen(&written, &begins);
	add_seen(&written, &socket);
	add_seen(&written, &ends);
	start = open_start(&written);
	assert_true(recording_start_next_seen(&start, &event));
	assert_int_equal(event.seen.part, EVENT_SEEN_BEGIN);
	assert_int_equal(event.time_ns, 5);
	assert_true(recording_start_next_seen(&start, &event));
	assert_int_equal(event.seen.part, EVENT_SEEN_SOCKET);
	assert_true(event.time_ns == socket.time_ns);
	assert_true(event.seen.from_ns == socket.seen.from_ns);
	assert_true(event.cookie == socket.cookie);
	assert_int_equal(event.seen.state, TCP_STATE_CLOSING);
	assert_int_equal(event.seen.tgid, INT32_MAX);
	assert_true(event.has & EVENT_HAS_TGID);
	assert_int_equal(event.family, EVENT_FAMILY_IPV6);
	assert_memory_equal(&event.local, &socket.local, sizeof(event.local));
	assert_memory_equal(&event.remote, &socket.remote, sizeof(event.remote));
	assert_true(recording_start_next_seen(&start, &event));
	assert_int_equal(event.seen.part, EVENT_SEEN_END);
	assert_false(recording_start_next_seen(&start, &event));
}

static void other_texts_are_refused(void **state)
{
	static const char *const texts[] = {
		"", "tcpwatch-start", "tcpwatch-start 2\nsince 7\n", "since 7\n",
	};
	struct recording_start start;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(recording_start_open(&start, texts[i],
						  strlen(texts[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_back),
		cmocka_unit_test(what_is_not_told_is_not_known),
		cmocka_unit_test(process_ids_may_be_foreign),
		cmocka_unit_test(tasks_come_back),
		cmocka_unit_test(sockets_come_back),
		cmocka_unit_test(other_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

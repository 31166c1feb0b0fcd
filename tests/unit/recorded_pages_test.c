/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that a 6.18 kernel wrote, read and decoded: exactly the connections
 * that were made, and exactly the loss that the kernel counted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorded_format.h"
#include "tcpwatch/tcp_state.h"
#include "trace/trace_page.h"
#include "trace/trace_record.h"

#define RELEASE "6.18.44"
#define PAGES "tests/recorded/pages-6.18/"

enum { PORT = 7823, EVENTS_MAX = 1024 };

/* What one CPU's pages hold. */
struct recording {
	struct event events[EVENTS_MAX];
	size_t count;
	size_t refused;                 /* records that are no event of ours */
	size_t losses;                  /* pages that say so ... */
	uint64_t lost;                  /* ... and how many they tell of */
};

static void load_format(struct trace_format *format,
			struct trace_page_layout *layout)
{
	static struct recorded_format text;
	struct error err = { 0 };

	*format = (struct trace_format){ 0 };
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
		if (!trace_events[i].system)
			continue;       /* a probe: no kernel's own */
		assert_true(recorded_format_read_event(&text, RELEASE, i));
		assert_int_equal(trace_format_add(format, i, text.text,
						  text.length, &err), 0);
	}
	*layout = (struct trace_page_layout){ 0 };
	assert_true(recorded_format_read(&text, RELEASE, "header_page"));
	assert_int_equal(trace_page_layout_parse(layout, text.text, &err), 0);
}

static void take_page(struct recording *recording,
		      const struct trace_format *format,
		      struct trace_page *page, unsigned int cpu)
{
	enum trace_page_answer answer;
	struct trace_page_entry entry;

	if (page->lost) {
		assert_true(page->lost_known);
		recording->losses++;
		recording->lost += page->lost_count;
	}
	while ((answer = trace_page_next(page, &entry)) == TRACE_PAGE_ENTRY) {
		assert_true(recording->count < EVENTS_MAX);
		if (trace_record_decode(format, entry.data, entry.length,
					entry.time_ns, cpu,
					&recording->events[recording->count]))
			recording->count++;
		else
			recording->refused++;
	}
	assert_int_equal(answer, TRACE_PAGE_END);
}

static void load_pages(struct recording *recording, const char *path,
		       unsigned int cpu)
{
	static uint8_t buffer[65536];
	struct trace_page_layout layout;
	struct trace_format format;
	FILE *file = fopen(path, "r");
	size_t got;

	assert_non_null(file);
	load_format(&format, &layout);
	assert_true(layout.page_bytes <= sizeof(buffer));
	while ((got = fread(buffer, 1, layout.page_bytes, file)) > 0) {
		struct trace_page page;

		assert_int_equal(trace_page_load(&page, &layout, buffer, got), 0);
		take_page(recording, &format, &page, cpu);
	}
	fclose(file);
}

static size_t count_changes(const struct recording *recording,
			    uint8_t old_state, uint8_t new_state, bool client)
{
	size_t count = 0;

	for (size_t i = 0; i < recording->count; i++) {
		const struct event *event = &recording->events[i];

		if (event->kind == EVENT_STATE &&
		    event->state.old_state == old_state &&
		    event->state.new_state == new_state &&
		    (event->remote.port == PORT) == client)
			count++;
	}
	return count;
}

static size_t count_kind(const struct recording *recording, uint8_t kind)
{
	size_t count = 0;

	for (size_t i = 0; i < recording->count; i++)
		count += recording->events[i].kind == kind;
	return count;
}

static void load_connections(struct recording *recording)
{
	*recording = (struct recording){ 0 };
	load_pages(recording, PAGES "connections/cpu0.pages", 0);
	load_pages(recording, PAGES "connections/cpu1.pages", 1);
	assert_int_equal(recording->refused, 0);
	assert_int_equal(recording->losses, 0);
}

static void finds_every_transition(void **state)
{
	static const struct {
		uint8_t old_state, new_state;
		bool client;
		size_t count;
	} expected[] = {
		{ TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, true, 23 },
		{ TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, true, 23 },
		{ TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, true, 23 },
		{ TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, true, 23 },
		{ TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE, true, 23 },
		{ TCP_STATE_CLOSE, TCP_STATE_LISTEN, false, 2 },
		{ TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, false, 23 },
		{ TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, false, 23 },
		{ TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, false, 23 },
		{ TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, false, 23 },
		{ TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, false, 23 },
		{ TCP_STATE_LISTEN, TCP_STATE_CLOSE, false, 2 },
	};
	static struct recording recording;
	size_t sum = 0;

	(void)state;
	load_connections(&recording);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_int_equal(count_changes(&recording, expected[i].old_state,
					       expected[i].new_state,
					       expected[i].client),
				 expected[i].count);
		sum += expected[i].count;
	}
	assert_int_equal(count_kind(&recording, EVENT_STATE), sum);
}

/* The newest state of each socket address, so that chains can be followed. */
static uint8_t *tracked_state(uint64_t socket_id)
{
	static struct {
		uint64_t socket_id;
		uint8_t state;
	} known[EVENTS_MAX];
	static size_t count;

	for (size_t i = 0; i < count; i++)
		if (known[i].socket_id == socket_id)
			return &known[i].state;
	assert_true(count < EVENTS_MAX);
	known[count].socket_id = socket_id;
	known[count].state = TCP_STATE_CLOSE;
	return &known[count++].state;
}

static void finds_unbroken_chains_in_time_order(void **state)
{
	static struct recording recording;
	uint64_t time_ns = 0;

	(void)state;
	recording = (struct recording){ 0 };
	load_pages(&recording, PAGES "connections/cpu0.pages", 0);
	for (size_t i = 0; i < recording.count; i++) {
		const struct event *event = &recording.events[i];
		uint8_t *tracked;

		assert_true(event->time_ns >= time_ns);
		time_ns = event->time_ns;
		if (event->kind != EVENT_STATE)
			continue;
		tracked = tracked_state(event->socket_id);
		assert_true(event->state.old_state == *tracked ||
			    event->state.old_state == TCP_STATE_LISTEN);
		*tracked = event->state.new_state;
	}
}

static void finds_addresses_and_ports(void **state)
{
	static struct recording recording;
	size_t by_family[7] = { 0 };
	size_t without_port = 0;

	(void)state;
	load_connections(&recording);
	for (size_t i = 0; i < recording.count; i++) {
		const struct event *event = &recording.events[i];

		if (event->kind != EVENT_STATE || event->remote.port != PORT)
			continue;
		by_family[event->family]++;
		without_port += event->local.port == 0;
		assert_int_equal(event->remote.address[15], 1);
	}
	assert_int_equal(by_family[EVENT_FAMILY_IPV4], 15 * 5);
	assert_int_equal(by_family[EVENT_FAMILY_IPV6], 8 * 5);
	assert_int_equal(without_port, 23);
}

static void finds_tasks_and_their_names(void **state)
{
	static struct recording recording;
	size_t forked = 0, cloned = 0, renamed = 0;
	int32_t child = 0;

	(void)state;
	load_connections(&recording);
	for (size_t i = 0; i < recording.count; i++) {
		const struct event *event = &recording.events[i];

		if (event->kind != EVENT_TASK)
			continue;
		if (event->task.change == EVENT_TASK_FORKED) {
			forked++;
			child = event->task.tid;
			assert_string_equal(event->task.comm, "capture");
		} else if (event->task.change == EVENT_TASK_CLONED) {
			cloned++;
		} else {
			renamed++;
			assert_string_equal(event->task.comm, "captured");
		}
	}
	assert_int_equal(forked, 1);
	assert_int_equal(cloned, 1);
	assert_int_equal(renamed, 1);
	for (size_t i = 0; i < recording.count; i++)
		if (recording.events[i].kind == EVENT_TASK &&
		    recording.events[i].task.change == EVENT_TASK_RENAMED)
			assert_int_equal(recording.events[i].task.tid, child);
}

/* The number on the line that starts with name. */
static uint64_t read_stat(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	char line[128];
	uint64_t value = UINT64_MAX;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			value = strtoull(line + strlen(name), NULL, 10);
	fclose(file);
	return value;
}

static void counts_the_loss_as_the_kernel_does(void **state)
{
	static struct recording recording;

	(void)state;
	recording = (struct recording){ 0 };
	load_pages(&recording, PAGES "overrun/cpu0.pages", 0);
	assert_int_equal(recording.losses, 1);
	assert_int_equal(recording.lost,
			 read_stat(PAGES "overrun/cpu0.stats", "overrun: "));
	assert_int_equal(recording.lost, 3780);
	assert_int_equal(recording.count,
			 read_stat(PAGES "overrun/cpu0.stats", "entries: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_transition),
		cmocka_unit_test(finds_unbroken_chains_in_time_order),
		cmocka_unit_test(finds_addresses_and_ports),
		cmocka_unit_test(finds_tasks_and_their_names),
		cmocka_unit_test(counts_the_loss_as_the_kernel_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The scripted backend: each line of the language, what it refuses, and how it
 * misbehaves on request. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "registry.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

enum { EVENTS_MAX = 64, BUDGET = 1000 };

/* What a script made. */
struct story {
	struct event events[EVENTS_MAX];
	size_t count;
};

static void take(void *context, const struct event *event)
{
	struct story *story = context;

	assert_true(story->count < EVENTS_MAX);
	story->events[story->count++] = *event;
}

static void make_file(char *path, size_t bytes, const char *text)
{
	const char *folder = getenv("TMPDIR");
	FILE *file;
	int fd;

	snprintf(path, bytes, "%s/tcpwatch-scripted-XXXXXX",
		 folder && *folder ? folder : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct backend *open_events(const char *text, unsigned int events,
				   struct error *err)
{
	struct backend_options options = { .events = events };
	struct backend *backend;
	char path[256];

	make_file(path, sizeof(path), text);
	options.path = path;
	backend = scripted_backend.open(&options, err);
	unlink(path);
	return backend;
}

static struct backend *open_text(const char *text)
{
	struct error err = { 0 };
	struct backend *backend = open_events(text, ~0u, &err);

	if (!backend)
		print_error("%s\n", err.text);
	assert_non_null(backend);
	return backend;
}

static enum backend_answer read_some(struct backend *backend, size_t budget,
				     struct story *story)
{
	const struct event_sink sink = { take, story };
	struct error err = { 0 };

	return scripted_backend.read(backend, budget, &sink, &err);
}

/* Plays a whole script that has no misbehaviour in it. */
static void play(const char *text, struct story *story)
{
	struct backend *backend = open_text(text);

	story->count = 0;
	assert_int_equal(read_some(backend, BUDGET, story), BACKEND_END);
	assert_int_equal(read_some(backend, BUDGET, story), BACKEND_END);
	scripted_backend.close(backend);
}

static const struct event *play_one(const char *text, struct story *story)
{
	play(text, story);
	assert_int_equal(story->count, 1);
	return &story->events[0];
}

static void expect_refused(const char *text, const char *first,
			   const char *second)
{
	struct error err = { 0 };
	struct backend *backend = open_events(text, ~0u, &err);

	assert_null(backend);
	assert_int_equal(err.code, EINVAL);
	if (!strstr(err.text, first) || !strstr(err.text, second))
		print_error("for '%s': %s\n", text, err.text);
	assert_non_null(strstr(err.text, first));
	assert_non_null(strstr(err.text, second));
	assert_null(strchr(err.text, '\n'));
}

static void reads_a_state_change(void **state)
{
	struct story story;
	const struct event *event = play_one(
		"state 1.000000001 cpu=2 sk=0xff CLOSE>SYN_SENT "
		"10.0.0.1:0 > 10.0.0.2:80 tid=101 task\n", &story);
	static const uint8_t remote[] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 2
	};

	(void)state;
	assert_int_equal(event->kind, EVENT_STATE);
	assert_int_equal(event->time_ns, 1000000001);
	assert_int_equal(event->cpu, 2);
	assert_int_equal(event->socket_id, 0xff);
	assert_int_equal(event->has, EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS |
				     EVENT_HAS_CONTEXT);
	assert_int_equal(event->context, 0);
	assert_int_equal(event->tid, 101);
	assert_int_equal(event->family, EVENT_FAMILY_IPV4);
	assert_int_equal(event->local.port, 0);
	assert_int_equal(event->remote.port, 80);
	assert_memory_equal(event->remote.address, remote, sizeof(remote));
	assert_int_equal(event->state.old_state, TCP_STATE_CLOSE);
	assert_int_equal(event->state.new_state, TCP_STATE_SYN_SENT);
	assert_false(event->late);
}

static void reads_families_and_contexts(void **state)
{
	struct story story;

	(void)state;
	play("state 1 sk=1 LISTEN>14 [::]:80 > [::]:0 softirq # none\n"
	     "\n"
	     "state 1 sk=1 0>syn_recv [::ffff:1.2.3.4]:80 > 1.2.3.5:9 hardirq\n"
	     "state 2 sk=1 CLOSING>CLOSE nmi tid=7\r\n"
	     "state 1 sk=1 LAST_ACK>CLOSE [2001:db8::1]:1 > [2001:db8::2]:2 late",
	     &story);
	assert_int_equal(story.count, 4);
	assert_int_equal(story.events[0].family, EVENT_FAMILY_IPV6);
	assert_int_equal(story.events[0].context, EVENT_CONTEXT_SOFTIRQ);
	assert_int_equal(story.events[0].state.new_state, 14);
	assert_int_equal(story.events[1].family, EVENT_FAMILY_IPV4);
	assert_int_equal(story.events[1].context, EVENT_CONTEXT_HARDIRQ);
	assert_int_equal(story.events[1].state.old_state, 0);
	assert_int_equal(story.events[1].state.new_state, TCP_STATE_SYN_RECV);
	assert_int_equal(story.events[2].context, EVENT_CONTEXT_NMI);
	assert_int_equal(story.events[2].tid, 7);
	assert_false(story.events[2].has & EVENT_HAS_ENDPOINTS);
	assert_true(story.events[3].late);
	assert_int_equal(story.events[3].time_ns, 1000000000);
	assert_false(story.events[3].has & EVENT_HAS_CONTEXT);
}

static void reads_the_other_socket_events(void **state)
{
	struct story story;

	(void)state;
	play("cong 1 sk=1 RECOVERY\n"
	     "retrans 1 sk=1 FIN_WAIT1 err=-16 softirq\n"
	     "retrans 1 sk=1\n"
	     "synack 1 sk=9 10.0.0.1:80 > 10.0.0.2:9\n"
	     "destroy 1 sk=1 cookie=77\n", &story);
	assert_int_equal(story.count, 5);
	assert_int_equal(story.events[0].kind, EVENT_CONG);
	assert_int_equal(story.events[0].cong.new_state, CONG_STATE_RECOVERY);
	assert_int_equal(story.events[1].kind, EVENT_RETRANS);
	assert_int_equal(story.events[1].retrans.state, TCP_STATE_FIN_WAIT1);
	assert_int_equal(story.events[1].retrans.err, -16);
	assert_true(story.events[1].has & EVENT_HAS_ERRNO);
	assert_false(story.events[1].retrans.synack);
	assert_false(story.events[2].has &
		     (EVENT_HAS_TCP_STATE | EVENT_HAS_ERRNO));
	assert_true(story.events[3].retrans.synack);
	assert_int_equal(story.events[3].retrans.state, TCP_STATE_SYN_RECV);
	assert_int_equal(story.events[4].kind, EVENT_DESTROY);
	assert_int_equal(story.events[4].destroy.cookie, 77);
	assert_true(story.events[4].has & EVENT_HAS_COOKIE);
}

static void reads_resets_and_errors(void **state)
{
	struct story story;

	(void)state;
	play("reset 1 sk=1 received SYN_SENT reason=TCP_STATE softirq\n"
	     "reset 1 sent 10.0.0.1:80 > 10.0.0.2:9\n"
	     "error 2 err=110 10.0.0.1:80 > 10.0.0.2:9 softirq cpu=1\n", &story);
	assert_int_equal(story.count, 3);
	assert_int_equal(story.events[0].kind, EVENT_RESET);
	assert_int_equal(story.events[0].reset.direction, EVENT_RESET_RECEIVED);
	assert_int_equal(story.events[0].reset.state, TCP_STATE_SYN_SENT);
	assert_string_equal(reset_reason_name(story.events[0].reset.reason),
			    "TCP_STATE");
	assert_true(story.events[0].has & EVENT_HAS_REASON);
	assert_int_equal(story.events[1].reset.direction, EVENT_RESET_SENT);
	assert_false(story.events[1].has &
		     (EVENT_HAS_SOCKET | EVENT_HAS_REASON | EVENT_HAS_TCP_STATE));
	assert_int_equal(story.events[2].kind, EVENT_ERROR);
	assert_int_equal(story.events[2].error.number, 110);
	assert_int_equal(story.events[2].remote.port, 9);
}

static void reads_samples(void **state)
{
	const struct event_sample *sample;
	struct story story;

	(void)state;
	play("sample 1 sk=1 cookie=77 srtt=1500 cwnd=10 ssthresh=7 snd_wnd=3 "
	     "rcv_wnd=4 snd_nxt=4294967295 snd_una=5 data=65535 mss=1448 softirq "
	     "10.0.0.1:80 > 10.0.0.2:9\n"
	     "sample 1 srtt=0 10.0.0.1:80 > 10.0.0.2:9\n", &story);
	assert_int_equal(story.count, 2);
	sample = &story.events[0].sample;
	assert_int_equal(story.events[0].kind, EVENT_SAMPLE);
	assert_true(story.events[0].has & EVENT_HAS_COOKIE);
	assert_int_equal(sample->cookie, 77);
	assert_int_equal(sample->every, 1);
	assert_int_equal(sample->srtt_us, 1500);
	assert_int_equal(sample->cwnd, 10);
	assert_int_equal(sample->ssthresh, 7);
	assert_int_equal(sample->snd_wnd, 3);
	assert_int_equal(sample->rcv_wnd, 4);
	assert_true(sample->snd_nxt == UINT32_MAX);
	assert_int_equal(sample->snd_una, 5);
	assert_int_equal(sample->data_bytes, 65535);
	assert_int_equal(sample->mss, 1448);
	assert_int_equal(story.events[1].has, EVENT_HAS_ENDPOINTS);
}

static void reads_tasks(void **state)
{
	struct story story;

	(void)state;
	play("task 1 pid=100 tid=101 comm=\"a \\x1b\\\"\\\\#\"\n"
	     "fork 1 tid=101 child=200\n"
	     "clone 1 tid=200 child=201 comm=\"sixteen bytes ok\"\n"
	     "rename 1 tid=200 comm=\"\"\n", &story);
	assert_int_equal(story.count, 4);
	assert_int_equal(story.events[0].task.change, EVENT_TASK_LISTED);
	assert_int_equal(story.events[0].task.tid, 101);
	assert_int_equal(story.events[0].task.tgid, 100);
	assert_int_equal(story.events[0].has, EVENT_HAS_TGID | EVENT_HAS_COMM);
	assert_string_equal(story.events[0].task.comm, "a \x1b\"\\#");
	assert_int_equal(story.events[1].task.change, EVENT_TASK_FORKED);
	assert_int_equal(story.events[1].tid, 101);
	assert_int_equal(story.events[1].task.tid, 200);
	assert_int_equal(story.events[1].task.tgid, 200);
	assert_false(story.events[1].has & EVENT_HAS_COMM);
	assert_int_equal(story.events[2].task.change, EVENT_TASK_CLONED);
	assert_int_equal(story.events[2].task.tid, 201);
	assert_false(story.events[2].has & EVENT_HAS_TGID);
	assert_memory_equal(story.events[2].task.comm, "sixteen bytes ok", 16);
	assert_int_equal(story.events[3].task.change, EVENT_TASK_RENAMED);
	assert_int_equal(story.events[3].task.tid, 200);
	assert_string_equal(story.events[3].task.comm, "");
}

static void reads_losses_and_ticks(void **state)
{
	struct story story;

	(void)state;
	play("lost 1 cpu=3 count=159\nlost 1.5 cpu=0\ntick 2\n", &story);
	assert_int_equal(story.count, 3);
	assert_int_equal(story.events[0].kind, EVENT_LOST);
	assert_int_equal(story.events[0].cpu, 3);
	assert_int_equal(story.events[0].lost.count, 159);
	assert_true(story.events[0].has & EVENT_HAS_COUNT);
	assert_false(story.events[1].has & EVENT_HAS_COUNT);
	assert_int_equal(story.events[2].kind, EVENT_TICK);
	assert_int_equal(story.events[2].time_ns, 2000000000);
}

static void tells_the_facts(void **state)
{
	struct backend_facts facts;
	struct backend *backend = open_text(
		"# facts first\nsince 0.5\nwall 2026-11-22T13:00:00Z\ntick 1\n");

	(void)state;
	scripted_backend.facts(backend, &facts);
	assert_int_equal(facts.since_ns, 500000000);
	assert_true(facts.wall_offset_known);
	assert_true(facts.wall_offset_ns == 1795352400000000000ll);
	assert_int_equal(facts.sample_ns, 0);
	assert_non_null(facts.clock);
	scripted_backend.close(backend);

	backend = open_text("");
	scripted_backend.facts(backend, &facts);
	assert_int_equal(facts.since_ns, 0);
	assert_false(facts.wall_offset_known);
	scripted_backend.close(backend);
}

static void repeats_a_block(void **state)
{
	struct story story;

	(void)state;
	play("repeat 3 time=+0.5 sk=+2 lport=+1 rport=+0x10 tid=+3\n"
	     "fork 1 tid=50 child=60\n"
	     "state 1 sk=10 CLOSE>SYN_SENT 10.0.0.1:0 > 10.0.0.2:80 tid=60\n"
	     "state 1.5 sk=10 SYN_SENT>CLOSE 10.0.0.1:65535 > 10.0.0.2:80\n"
	     "end\n"
	     "tick 2.5\n", &story);
	assert_int_equal(story.count, 10);
	for (size_t turn = 0; turn < 3; turn++) {
		const struct event *events = &story.events[turn * 3];

		assert_int_equal(events[0].task.tid, 60 + 3 * turn);
		assert_int_equal(events[0].task.tgid, 60 + 3 * turn);
		assert_int_equal(events[0].tid, 50 + 3 * turn);
		assert_int_equal(events[1].time_ns, 1000000000 + turn * 500000000);
		assert_int_equal(events[1].socket_id, 10 + 2 * turn);
		assert_int_equal(events[1].local.port, 0);
		assert_int_equal(events[1].remote.port, 80 + 16 * turn);
		assert_int_equal(events[2].local.port,
				 (uint16_t)(65535 + turn));
		assert_int_equal(events[2].tid, 0);
	}
}

static void makes_a_million_sockets_of_one_line(void **state)
{
	struct backend *backend = open_text(
		"repeat 1000000 time=+0.000001 sk=+1\n"
		"tick 1\n"
		"end\n"
		"destroy 2 sk=1\n");
	struct story story;

	(void)state;
	/* A call stays short even where nothing costs budget. */
	for (size_t n = 0; n < 1000; n++) {
		story.count = 0;
		assert_int_equal(read_some(backend, EVENTS_MAX, &story),
				 BACKEND_MORE);
		assert_int_equal(story.count, EVENTS_MAX);
		assert_int_equal(story.events[0].time_ns,
				 1000000000 + n * EVENTS_MAX * 1000);
	}
	scripted_backend.close(backend);
}

static void keeps_to_the_budget(void **state)
{
	struct backend *backend = open_text("tick 1\ntick 2\n# end\ntick 3\n");
	struct story story = { .count = 0 };

	(void)state;
	assert_int_equal(read_some(backend, 0, &story), BACKEND_MORE);
	assert_int_equal(story.count, 0);
	for (size_t n = 1; n <= 3; n++) {
		assert_int_equal(read_some(backend, 1, &story), BACKEND_MORE);
		assert_int_equal(story.count, n);
	}
	assert_int_equal(read_some(backend, 1, &story), BACKEND_END);
	assert_int_equal(read_some(backend, 0, &story), BACKEND_END);
	assert_int_equal(story.count, 3);
	scripted_backend.close(backend);
}

static void leaves_out_what_nobody_wants(void **state)
{
	struct error err = { 0 };
	struct story story = { .count = 0 };
	struct backend *backend = open_events(
		"state 1 sk=1 CLOSE>LISTEN\ncong 1 sk=1 OPEN\ndestroy 1 sk=1\n"
		"lost 1 cpu=0\ntask 1 pid=1 tid=1\ntick 1\n",
		EVENT_BIT(EVENT_STATE), &err);

	(void)state;
	assert_non_null(backend);
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_END);
	assert_int_equal(story.count, 4);
	assert_int_equal(story.events[0].kind, EVENT_STATE);
	assert_int_equal(story.events[1].kind, EVENT_LOST);
	assert_int_equal(story.events[2].kind, EVENT_TASK);
	assert_int_equal(story.events[3].kind, EVENT_TICK);
	scripted_backend.close(backend);
}

static bool is_readable(const struct backend *backend)
{
	struct pollfd waited = {
		.fd = scripted_backend.fd(backend), .events = POLLIN
	};

	return poll(&waited, 1, 0) == 1;
}

static void goes_idle_and_on(void **state)
{
	struct backend *backend = open_text("tick 1\nidle\ntick 2\n");
	struct story story = { .count = 0 };

	(void)state;
	assert_true(is_readable(backend));
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_IDLE);
	assert_int_equal(story.count, 1);
	assert_true(is_readable(backend));
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_END);
	assert_int_equal(story.count, 2);
	scripted_backend.close(backend);
}

static void hangs_until_it_is_stopped(void **state)
{
	struct backend *backend = open_text("tick 1\nhang\n");
	struct story story = { .count = 0 };

	(void)state;
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_IDLE);
	assert_false(is_readable(backend));
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_IDLE);
	assert_int_equal(story.count, 1);
	scripted_backend.stop(backend);
	assert_true(is_readable(backend));
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_END);
	assert_int_equal(story.count, 1);
	scripted_backend.close(backend);
}

static void takes_nothing_new_once_stopped(void **state)
{
	struct backend *backend = open_text("tick 1\ntick 2\n");
	struct story story = { .count = 0 };

	(void)state;
	assert_int_equal(read_some(backend, 1, &story), BACKEND_MORE);
	scripted_backend.stop(backend);
	scripted_backend.stop(backend);
	assert_int_equal(read_some(backend, BUDGET, &story), BACKEND_END);
	assert_int_equal(story.count, 1);
	scripted_backend.close(backend);
}

static void fails_on_request(void **state)
{
	struct backend *backend = open_text("tick 1\nfail \"no luck\"\ntick 2\n");
	struct story story = { .count = 0 };
	const struct event_sink sink = { take, &story };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(scripted_backend.read(backend, BUDGET, &sink, &err),
			 BACKEND_FAILED);
	assert_int_equal(story.count, 1);
	assert_int_equal(err.code, EIO);
	assert_string_equal(err.text, "no luck");
	scripted_backend.close(backend);
}

static void refuses_wrong_lines(void **state)
{
	static const char *const cases[][2] = {
		{ "open 1", "begins with state" },
		{ "state", "time in seconds" },
		{ "state x sk=1 CLOSE>LISTEN", "time in seconds" },
		{ "state 1.0000000001 sk=1 CLOSE>LISTEN", "time in seconds" },
		{ "state 1000000001 sk=1 CLOSE>LISTEN", "time in seconds" },
		{ "state -1 sk=1 CLOSE>LISTEN", "time in seconds" },
		{ "state 1 CLOSE>LISTEN", "missing" },
		{ "state 1 sk=1", "missing" },
		{ "state 1 sk=1 CLOSE>OPEN", "CLOSE>SYN_SENT" },
		{ "state 1 sk=1 CLOSE>256", "CLOSE>SYN_SENT" },
		{ "state 1 sk=1 CLOSE>", "CLOSE>SYN_SENT" },
		{ "state 1 sk= CLOSE>LISTEN", "not a number" },
		{ "state 1 sk=0x CLOSE>LISTEN", "not a number" },
		{ "state 1 sk=18446744073709551616 CLOSE>LISTEN", "too large" },
		{ "state 1 sk=1 cpu=65536 CLOSE>LISTEN", "too large" },
		{ "state 1 sk=1 tid=2147483648 CLOSE>LISTEN", "too large" },
		{ "state 1 sk=1 sk=2 CLOSE>LISTEN", "twice" },
		{ "state 1 sk=1 CLOSE>LISTEN err=1", "other lines" },
		{ "state 1 sk=1 CLOSE>LISTEN 1.2.3.4:80", "endpoints" },
		{ "state 1 sk=1 CLOSE>LISTEN 1.2.3.4:80 > x", "endpoints" },
		{ "state 1 sk=1 CLOSE>LISTEN 1.2.3:80 > 1.2.3.4:5", "endpoints" },
		{ "state 1 sk=1 CLOSE>LISTEN 1.2.3.4:65536 > 1.2.3.4:5",
		  "endpoints" },
		{ "state 1 sk=1 CLOSE>LISTEN ::1:80 > 1.2.3.4:5", "endpoints" },
		{ "cong 1 sk=1 LOST", "DISORDER" },
		{ "retrans 1 sk=1 ESTAB", "TCP state" },
		{ "retrans 1 sk=1 err=--1", "not a number" },
		{ "task 1 pid=1 tid=1 comm=\"seventeen bytes !\"", "16 bytes" },
		{ "task 1 pid=1 tid=1 comm=curl", "comm=" },
		{ "task 1 pid=1 tid=1 comm=\"\\x1\"", "\\xNN" },
		{ "task 1 pid=1 tid=1 comm=\"a", "comm=" },
		{ "fork 1 tid=1", "missing" },
		{ "tick 1 cpu=1", "other lines" },
		{ "lost 1", "missing" },
		{ "since", "since 0.5" },
		{ "since 1 2", "should end" },
		{ "wall 2026-13-01T00:00:00Z", "2026-11-22T13:00:00Z" },
		{ "wall 1969-01-01T00:00:00Z", "2026-11-22T13:00:00Z" },
		{ "fail", "quoted" },
		{ "fail luck", "quoted" },
		{ "repeat", "number" },
		{ "repeat 0", "number" },
		{ "repeat 100000001", "number" },
		{ "repeat 2 port=+1", "repeat 1000" },
		{ "repeat 2 sk=1", "repeat 1000" },
		{ "hang on", "should end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[256];

		snprintf(text, sizeof(text), "# one\n\n%s\ntick 9\n", cases[i][0]);
		expect_refused(text, ":3: ", cases[i][1]);
	}
}

static void refuses_wrong_order(void **state)
{
	(void)state;
	expect_refused("tick 2\ntick 1\n", ":2: ", "late");
	expect_refused("tick 2\nsince 1\n", ":2: ", "before all else");
	expect_refused("end\n", ":1: ", "without a repeat");
	expect_refused("repeat 2 time=+1\ntick 1\n", ":2: ", "'end' is missing");
	expect_refused("repeat 2 time=+1\nrepeat 2\n", ":2: ", "another");
	expect_refused("repeat 2 time=+1\n# nothing\nend\n", ":3: ", "no event");
	expect_refused("repeat 2 time=+1\ntick 1\ntick 3\nend\n", ":4: ",
		       "overlap");
	expect_refused("repeat 2 time=+5\ntick 1\nend\ntick 5.9\n", ":4: ",
		       "late");
	expect_refused("repeat 100000000 time=+1000000000\ntick 1\nend\n", ":3: ",
		       "longer than time");
}

static void expect_no_open(const char *path, int code, const char *text)
{
	const struct backend_options options = { .events = ~0u, .path = path };
	struct error err = { 0 };

	assert_null(scripted_backend.open(&options, &err));
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.text, text));
}

static void refuses_what_is_no_script(void **state)
{
	char path[256];

	(void)state;
	expect_no_open(NULL, EINVAL, "-r FILE");
	expect_no_open("/nonexistent/script", ENOENT, "/nonexistent/script");
	expect_no_open("/", EINVAL, "regular file");

	make_file(path, sizeof(path), "");
	assert_int_equal(truncate(path, (16 << 20) + 1), 0);
	expect_no_open(path, EFBIG, "16 MiB");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_no_open(path, EINVAL, "regular file");
	unlink(path);
}

static void probes_without_opening(void **state)
{
	struct backend_options options = { .events = ~0u };
	struct error err = { 0 };
	char path[256];

	(void)state;
	assert_int_equal(scripted_backend.probe(&options, &err), -EINVAL);
	make_file(path, sizeof(path), "tick 1\n");
	options.path = path;
	assert_int_equal(scripted_backend.probe(&options, &err), 0);
	unlink(path);
	err = (struct error){ 0 };
	assert_int_equal(scripted_backend.probe(&options, &err), -ENOENT);
	assert_false(scripted_backend.promises & (BACKEND_AUTO | BACKEND_LIVE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_state_change),
		cmocka_unit_test(reads_families_and_contexts),
		cmocka_unit_test(reads_the_other_socket_events),
		cmocka_unit_test(reads_resets_and_errors),
		cmocka_unit_test(reads_samples),
		cmocka_unit_test(reads_tasks),
		cmocka_unit_test(reads_losses_and_ticks),
		cmocka_unit_test(tells_the_facts),
		cmocka_unit_test(repeats_a_block),
		cmocka_unit_test(makes_a_million_sockets_of_one_line),
		cmocka_unit_test(keeps_to_the_budget),
		cmocka_unit_test(leaves_out_what_nobody_wants),
		cmocka_unit_test(goes_idle_and_on),
		cmocka_unit_test(hangs_until_it_is_stopped),
		cmocka_unit_test(takes_nothing_new_once_stopped),
		cmocka_unit_test(fails_on_request),
		cmocka_unit_test(refuses_wrong_lines),
		cmocka_unit_test(refuses_wrong_order),
		cmocka_unit_test(refuses_what_is_no_script),
		cmocka_unit_test(probes_without_opening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

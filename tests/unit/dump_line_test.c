/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of text dumps, good and bad. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay/dump_line.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

#define FIELDS "family=AF_INET protocol=IPPROTO_TCP sport=0 dport=80 " \
	"saddr=10.0.0.1 daddr=10.0.0.2 saddrv6=::ffff:10.0.0.1 " \
	"daddrv6=::ffff:10.0.0.2 oldstate=TCP_CLOSE newstate=TCP_SYN_SENT\n"

static void reads_trace_cmd(void **state)
{
	struct dump_line line;

	(void)state;
	assert_true(dump_line_parse(&line, "            load-14186 [001] "
				    "14163.768121: inet_sock_set_state:  " FIELDS));
	assert_int_equal(line.event.kind, EVENT_STATE);
	assert_int_equal(line.event.time_ns, 14163768121000);
	assert_int_equal(line.event.cpu, 1);
	assert_int_equal(line.event.tid, 14186);
	assert_int_equal(line.event.state.old_state, TCP_STATE_CLOSE);
	assert_int_equal(line.event.state.new_state, TCP_STATE_SYN_SENT);
	assert_int_equal(line.event.local.port, 0);
	assert_int_equal(line.event.remote.port, 80);
	assert_int_equal(line.event.remote.address[15], 2);
	assert_int_equal(line.event.family, EVENT_FAMILY_IPV4);
	assert_true(line.event.has & EVENT_HAS_CONTEXT);
	assert_int_equal(line.task.task.tid, 14186);
	assert_string_equal(line.task.task.comm, "load");
}

static void reads_the_trace_file(void **state)
{
	struct dump_line line;

	(void)state;
	assert_true(dump_line_parse(&line, " my [1] prog-7-99      [012] d.s1. "
				    "  3.000000001: inet_sock_set_state: " FIELDS));
	assert_int_equal(line.event.time_ns, 3000000001);
	assert_int_equal(line.event.context, EVENT_CONTEXT_SOFTIRQ);
	assert_false(dump_line_parse(&line, "# tracer: nop"));
	assert_true(dump_line_parse(&line, "   x y-7-99      [012] ..... "
				    "3.5: tcp_cong_state_set: sport=1 dport=2 "
				    "saddr=1.2.3.4 daddr=5.6.7.8 cong_state=4"));
	assert_int_equal(line.event.kind, EVENT_CONG);
	assert_int_equal(line.event.cong.new_state, CONG_STATE_LOSS);
	assert_int_equal(line.event.context, 0);
	assert_string_equal(line.task.task.comm, "x y-7");
	assert_int_equal(line.task.task.tid, 99);
}

static void reads_names_of_instances(void **state)
{
	struct dump_line line;

	(void)state;
	assert_true(dump_line_parse(&line, "twra:             load-8193  [000] "
				    "11087.396270: inet_sock_set_state:  " FIELDS));
	assert_string_equal(line.task.task.comm, "load");
}

#define PLACE "            load-140   [000]     9.676525: "

static void reads_resets_and_errors(void **state)
{
	struct dump_line line;

	(void)state;
	assert_true(dump_line_parse(&line, PLACE "tcp_send_reset:       "
				    "skbaddr=(nil) skaddr=0xff14baa6 src=127.0.0.1:46348 "
				    "dest=[2001:db8::7]:7823 state=TCP_ESTABLISHED "
				    "reason=TCP_STATE"));
	assert_int_equal(line.event.kind, EVENT_RESET);
	assert_int_equal(line.event.reset.direction, EVENT_RESET_SENT);
	assert_int_equal(line.event.reset.state, TCP_STATE_ESTABLISHED);
	assert_string_equal(reset_reason_name(line.event.reset.reason),
			    "TCP_STATE");
	assert_true(line.event.has & EVENT_HAS_SOCKET);
	assert_int_equal(line.event.local.port, 46348);
	assert_int_equal(line.event.local.address[12], 127);
	assert_int_equal(line.event.remote.port, 7823);
	assert_int_equal(line.event.remote.address[15], 7);
	assert_true(dump_line_parse(&line, PLACE "tcp_send_reset: skaddr=(nil) "
				    "src=1.2.3.4:1 dest=5.6.7.8:2 state=0x7"));
	assert_false(line.event.has & (EVENT_HAS_SOCKET | EVENT_HAS_REASON));
	assert_int_equal(line.event.reset.state, TCP_STATE_CLOSE);
	assert_true(dump_line_parse(&line, PLACE "inet_sk_error_report: "
				    "family=AF_INET protocol=IPPROTO_TCP sport=7823 "
				    "dport=46348 saddr=127.0.0.1 daddr=127.0.0.1 "
				    "error=104"));
	assert_int_equal(line.event.kind, EVENT_ERROR);
	assert_int_equal(line.event.error.number, 104);
	assert_false(line.event.has & EVENT_HAS_SOCKET);
	assert_true(line.event.has & EVENT_HAS_ENDPOINTS);
	assert_false(dump_line_parse(&line, PLACE "inet_sk_error_report: "
				     "protocol=IPPROTO_UDP saddr=1.2.3.4 "
				     "daddr=1.2.3.4 error=104"));
	assert_false(dump_line_parse(&line, PLACE "tcp_send_reset: src=: dest=:"));
	assert_false(dump_line_parse(&line, PLACE "tcp_send_reset: src=[]:1 "
				     "dest=[:2"));
}

/* Most segments come while their CPU has nothing else to do. */
static void reads_idle_tasks(void **state)
{
	struct dump_line line;

	(void)state;
	assert_true(dump_line_parse(&line, "          <idle>-0     [003] 2.5: "
				    "inet_sock_set_state: " FIELDS));
	assert_int_equal(line.event.tid, 0);
	assert_false(line.event.has & EVENT_HAS_CONTEXT);
	assert_true(dump_line_parse(&line, "          <idle>-0     [003] ..s2. "
				    "2.5: inet_sock_set_state: " FIELDS));
	assert_int_equal(line.event.context, EVENT_CONTEXT_SOFTIRQ);
	assert_false(dump_line_parse(&line, "          <idle>-      [003] 2.5: "
				     "inet_sock_set_state: " FIELDS));
}

static void refuses_others(void **state)
{
	static const char *const others[] = {
		"", "\n", "cpus=2", " a-1 [000] 1.0: sched_switch: x",
		" a-1 [000] 1.0: inet_sock_set_state: family=AF_INET",
		" a-1 [000] 1: inet_sock_set_state: " FIELDS,
		" a-1 [] 1.0: inet_sock_set_state: " FIELDS,
		" a [000] 1.0: inet_sock_set_state: " FIELDS,
		" -1 [000] 99999999999999999999.0: inet_sock_set_state: " FIELDS,
		" a-1 [000] 1.0: inet_sock_set_state: protocol=IPPROTO_SCTP "
			"saddr=1.2.3.4 daddr=1.2.3.4 oldstate=1 newstate=2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct dump_line line;

		if (dump_line_parse(&line, others[i]))
			fail_msg("took '%s'", others[i]);
	}
}

/* Cut anywhere, in memory that ends there: the sanitizer watches. */
static void reads_no_further(void **state)
{
	static const char whole[] = "twra:   load-8193  [000] d.s1. 1.000001: "
				    "inet_sock_set_state:  " FIELDS;

	(void)state;
	for (size_t length = 0; length < sizeof(whole); length++) {
		char *copy = malloc(length + 1);
		struct dump_line line;

		assert_non_null(copy);
		memcpy(copy, whole, length);
		copy[length] = '\0';
		dump_line_parse(&line, copy);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_trace_cmd),
		cmocka_unit_test(reads_the_trace_file),
		cmocka_unit_test(reads_names_of_instances),
		cmocka_unit_test(reads_resets_and_errors),
		cmocka_unit_test(reads_idle_tasks),
		cmocka_unit_test(refuses_others),
		cmocka_unit_test(reads_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

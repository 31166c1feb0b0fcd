/* SPDX-License-Identifier: BSD-2-Clause */
/* The states view against tcpstates' columns, widths and CSV header. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "output_capture.h"
#include "view_capture.h"

static const struct view_options plain;

static struct observation established(void)
{
	struct observation observation =
		view_capture_event(EVENT_STATE, 22384, "curl-with-name", 63446,
				   "52.33.159.26", 80);

	return view_capture_state(observation, TCP_STATE_SYN_SENT,
				  TCP_STATE_ESTABLISHED, view_capture_ms(1.373));
}

static void check(const struct view_options *options, const char *format,
		  struct observation observation, const char *expected)
{
	struct view_capture capture;

	view_capture_open(&capture, &view_states, options, format, NULL);
	assert_int_equal(view_capture_take(&capture, &observation), 1);
	assert_string_equal(view_capture_close(&capture), expected);
}

/* The format string is the one of libbpf-tools' tcpstates. */
static void columns_stand_where_tcpstates_has_them(void **state)
{
	static const char format[] =
		"%-16s %-7s %-10s %-15s %-5s %-15s %-5s %-11s -> %-11s %s\n";
	char expected[512];
	size_t length;

	(void)state;
	length = (size_t)snprintf(expected, sizeof(expected), format, "SOCK",
				  "PID", "COMM", "LADDR", "LPORT", "RADDR",
				  "RPORT", "OLDSTATE", "NEWSTATE", "MS");
	snprintf(expected + length, sizeof(expected) - length, format, "s7",
		 "22384", "curl-with-", "10.0.0.1", "63446", "52.33.159.26",
		 "80", "SYN_SENT", "ESTABLISHED", "1.373");
	check(&plain, "table", established(), expected);
}

static void wide_adds_the_family(void **state)
{
	const struct view_options wide = {
		.wide = true, .kernel_addresses = true
	};
	struct observation observation =
		view_capture_event(EVENT_STATE, 1, "init", 0,
				   "2001:db8:1111:2222:3333:4444:5555:6666", 443);

	(void)state;
	check(&wide, "table", view_capture_state(observation, TCP_STATE_CLOSE,
						 TCP_STATE_SYN_SENT,
						 SPAN_UNKNOWN),
"SKADDR           PID     COMM             IP LADDR                                   LPORT"
" RADDR                                   RPORT OLDSTATE    -> NEWSTATE    MS\n"
"ffff8881deadbeef 1       init             6  2001:db8::99                            0    "
" 2001:db8:1111:2222:3333:4444:5555:6666  443   CLOSE       -> SYN_SENT    -\n");
}

static void a_long_stay_keeps_its_decimals(void **state)
{
	struct observation observation = established();

	(void)state;
	observation.span = (struct span){ UINT64_C(1234567890123456),
					  SPAN_NO_LIMIT };
	check(&plain, "table", observation,
"SOCK             PID     COMM       LADDR           LPORT RADDR           RPORT OLDSTATE    -> NEWSTATE    MS\n"
"s7               22384   curl-with- 10.0.0.1        63446 52.33.159.26    80    SYN_SENT    -> ESTABLISHED >1234567890.123\n");
}

static void times_stand_in_front(void **state)
{
	const struct view_options times = { .time = true, .since = true };
	struct observation observation = established();

	(void)state;
	observation.sock = 12;
	check(&times, "table", observation,
"TIME     TIME(s)   SOCK             PID     COMM       LADDR           LPORT RADDR           RPORT OLDSTATE    -> NEWSTATE    MS\n"
"13:04:06 0.000000  s12              22384   curl-with- 10.0.0.1        63446 52.33.159.26    80    SYN_SENT    -> ESTABLISHED 1.373\n");
}

static void csv_has_bcc_s_header(void **state)
{
	const struct view_options times = { .time = true, .since = true };
	const struct view_options address = { .kernel_addresses = true };

	(void)state;
	check(&plain, "csv", established(),
"SKADDR,C-PID,C-COMM,IP,LADDR,LPORT,RADDR,RPORT,OLDSTATE,NEWSTATE,MS\n"
"s7,22384,curl-with-name,4,10.0.0.1,63446,52.33.159.26,80,SYN_SENT,ESTABLISHED,1.373\n");
	check(&times, "csv", established(),
"TIME,TIME(s),SKADDR,C-PID,C-COMM,IP,LADDR,LPORT,RADDR,RPORT,OLDSTATE,NEWSTATE,MS\n"
"13:04:06,0.000000,s7,22384,curl-with-name,4,10.0.0.1,63446,52.33.159.26,80,SYN_SENT,ESTABLISHED,1.373\n");
	check(&address, "csv", established(),
"SKADDR,C-PID,C-COMM,IP,LADDR,LPORT,RADDR,RPORT,OLDSTATE,NEWSTATE,MS\n"
"ffff8881deadbeef,22384,curl-with-name,4,10.0.0.1,63446,52.33.159.26,80,SYN_SENT,ESTABLISHED,1.373\n");
}

static void a_loss_keeps_every_column(void **state)
{
	(void)state;
	check(&plain, "table", view_capture_lost(159, 3),
"SOCK             PID     COMM       LADDR           LPORT RADDR           RPORT OLDSTATE    -> NEWSTATE    MS\n"
"-                -       -          -               -     -               -     LOST        -> 159@CPU3    -\n");
	check(&plain, "csv", view_capture_lost(0, 3),
"SKADDR,C-PID,C-COMM,IP,LADDR,LPORT,RADDR,RPORT,OLDSTATE,NEWSTATE,MS\n"
",,,,,,,,LOST,?@CPU3,\n");
}

static void only_states_stays_and_losses_make_rows(void **state)
{
	const struct column_list none = { 0 };
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_states, &plain, "table", NULL);
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		struct observation observation = established();

		observation.event.kind = (uint8_t)kind;
		assert_int_equal(view_capture_take(&capture, &observation),
				 kind == EVENT_STATE || kind == EVENT_STUCK ||
				 kind == EVENT_LOST);
	}
	view_capture_close(&capture);
	assert_int_equal(view_states.events(&plain, &none),
			 EVENT_BIT(EVENT_STATE) |
			 EVENT_BIT(EVENT_DESTROY) | EVENT_BIT(EVENT_TASK) |
			 EVENT_BIT(EVENT_RESET) | EVENT_BIT(EVENT_ERROR) |
			 EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_RETRANS));
}

static void json_is_the_stream_s(void **state)
{
	struct observation observation = established();

	(void)state;
	observation.owner.source = OWNER_LISTENER;
	observation.event.context = EVENT_CONTEXT_NMI;
	check(&plain, "json", observation,
"{\"v\":1,\"event\":\"state\",\"time\":\"2026-11-22T13:04:06.001000000Z\","
"\"mono_ns\":1000000,\"sock\":\"s7\",\"pid\":22384,"
"\"comm\":\"curl-with-name\",\"owner\":\"listener\",\"context\":\"hardirq\","
"\"family\":4,\"laddr\":\"10.0.0.1\",\"lport\":63446,"
"\"raddr\":\"52.33.159.26\",\"rport\":80,\"old\":\"SYN_SENT\","
"\"new\":\"ESTABLISHED\",\"duration_ms\":1.373,\"duration_min_ms\":1.373,"
"\"duration_max_ms\":1.373,\"why\":null,\"inferred\":null,"
"\"trigger\":null}\n");
}

static void views_are_found_by_command(void **state)
{
	(void)state;
	assert_ptr_equal(view_find(""), &view_stream);
	assert_ptr_equal(view_find("states"), &view_states);
	assert_null(view_find("state"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_where_tcpstates_has_them),
		cmocka_unit_test(wide_adds_the_family),
		cmocka_unit_test(a_long_stay_keeps_its_decimals),
		cmocka_unit_test(times_stand_in_front),
		cmocka_unit_test(csv_has_bcc_s_header),
		cmocka_unit_test(a_loss_keeps_every_column),
		cmocka_unit_test(only_states_stays_and_losses_make_rows),
		cmocka_unit_test(json_is_the_stream_s),
		cmocka_unit_test(views_are_found_by_command)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

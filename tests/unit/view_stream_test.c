/* SPDX-License-Identifier: BSD-2-Clause */
/* The stream, against the documented samples of its table, CSV and JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "output_capture.h"
#include "tcpwatch/reset_reason.h"
#include "view_capture.h"

static const struct view_options plain;

static struct observation curl(uint16_t local_port, const char *remote)
{
	return view_capture_event(EVENT_STATE, 22384, "curl", local_port, remote,
				  80);
}

static struct observation nginx(enum event_kind kind)
{
	return view_capture_event(kind, 1188, "nginx", 443, "198.51.100.23",
				  51322);
}

static struct observation cong(enum cong_state old, enum cong_state new,
			       struct span span)
{
	struct observation observation = nginx(EVENT_CONG);

	observation.cong = (uint8_t)old;
	observation.event.cong.new_state = (uint8_t)new;
	observation.span = span;
	return observation;
}

static struct observation retrans(enum tcp_state tcp, enum cong_state state)
{
	struct observation observation = nginx(EVENT_RETRANS);

	observation.event.has |= EVENT_HAS_TCP_STATE;
	observation.event.retrans.state = (uint8_t)tcp;
	observation.cong = (uint8_t)state;
	return observation;
}

static struct observation closed_by_peer(void)
{
	struct observation observation =
		view_capture_event(EVENT_STATE, 1188, "nginx", 443,
				   "203.0.113.7", 40022);

	return view_capture_state(observation, TCP_STATE_ESTABLISHED,
				  TCP_STATE_CLOSE_WAIT,
				  (struct span){ UINT64_C(86211529999),
						 SPAN_NO_LIMIT });
}

static unsigned int take(struct view_capture *capture,
			 struct observation observation)
{
	return view_capture_take(capture, &observation);
}

static void the_table_is_the_documented_one(void **state)
{
	struct observation connecting =
		view_capture_state(curl(0, "52.33.159.26"), TCP_STATE_CLOSE,
				   TCP_STATE_SYN_SENT, SPAN_UNKNOWN);
	struct observation connected =
		view_capture_state(curl(63446, "52.33.159.26"),
				   TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED,
				   view_capture_ms(1.373));
	struct observation given_up =
		view_capture_state(curl(63452, "203.0.113.1"),
				   TCP_STATE_SYN_SENT, TCP_STATE_CLOSE,
				   view_capture_ms(1002.114));
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_stream, &plain, "table", NULL);
	take(&capture, view_capture_why(connecting, REASON_CONNECT,
					REASON_TRIGGER_CALL, false));
	take(&capture, view_capture_why(connected, REASON_SYNACK_RECEIVED,
					REASON_TRIGGER_PACKET, false));
	take(&capture, cong(CONG_STATE_OPEN, CONG_STATE_DISORDER,
			    view_capture_ms(812.004)));
	take(&capture, view_capture_class(retrans(TCP_STATE_ESTABLISHED,
						  CONG_STATE_RECOVERY),
					  REASON_CLASS_FAST));
	take(&capture, view_capture_class(retrans(TCP_STATE_ESTABLISHED,
						  CONG_STATE_LOSS),
					  REASON_CLASS_RTO));
	take(&capture, view_capture_class(retrans(TCP_STATE_ESTABLISHED,
						  CONG_STATE_OPEN),
					  REASON_CLASS_TLP));
	take(&capture, view_capture_lost(159, 3));
	take(&capture, view_capture_why(closed_by_peer(), REASON_CLOSED_BY_PEER,
					REASON_TRIGGER_PACKET, false));
	take(&capture, view_capture_why(given_up, REASON_GAVE_UP,
					REASON_TRIGGER_CALL, true));
	assert_string_equal(view_capture_close(&capture),
"PID     COMM     LPORT RADDR:RPORT           E OLD         NEW                MS WHY\n"
"22384   curl         0 52.33.159.26:80       S CLOSE       SYN_SENT            - connect\n"
"22384   curl     63446 52.33.159.26:80       S SYN_SENT    ESTABLISHED     1.373 SYN-ACK received\n"
"1188    nginx      443 198.51.100.23:51322   C OPEN        DISORDER      812.004\n"
"1188    nginx      443 198.51.100.23:51322   R ESTABLISHED RECOVERY            - fast\n"
"1188    nginx      443 198.51.100.23:51322   R ESTABLISHED LOSS                - rto\n"
"1188    nginx      443 198.51.100.23:51322   L ESTABLISHED OPEN                - tlp\n"
"-       -            - -                     ! -           -                   - 159 events lost on CPU 3\n"
"1188    nginx      443 203.0.113.7:40022     S ESTABLISHED CLOSE_WAIT  >86211.52 closed by peer\n"
"22384   curl     63452 203.0.113.1:80        S SYN_SENT    CLOSE        1002.114 gave up connecting\n");
}

static void resets_and_errors_have_rows(void **state)
{
	const struct view_options options = {
		.show = VIEW_SHOW_RESET | VIEW_SHOW_ERROR
	};
	struct observation reset = view_capture_event(EVENT_RESET, 1188, "nginx",
						      443, "203.0.113.7", 40022);
	struct observation error = view_capture_event(EVENT_ERROR, 1188, "nginx",
						      443, "203.0.113.7", 40022);
	struct view_capture capture;

	(void)state;
	reset.event.reset.direction = EVENT_RESET_SENT;
	reset.event.reset.reason = reset_reason_find("TCP_STATE", 9);
	reset.event.has |= EVENT_HAS_REASON;
	reset.old_state = TCP_STATE_CLOSE;
	error.event.error.number = 110;
	view_capture_open(&capture, &view_stream, &options, "table", NULL);
	take(&capture, reset);
	take(&capture, error);
	assert_string_equal(view_capture_close(&capture),
"PID     COMM     LPORT RADDR:RPORT           E OLD         NEW                MS WHY\n"
"1188    nginx      443 203.0.113.7:40022     X CLOSE       sent                - TCP_STATE\n"
"1188    nginx      443 203.0.113.7:40022     E -           ETIMEDOUT           -\n");
}

static void wide_shows_more(void **state)
{
	const struct view_options wide = { .wide = true };
	struct observation observation =
		view_capture_event(EVENT_STATE, 5, "a-very-long-name", 0,
				   "2001:db8:1111:2222:3333:4444:5555:6666", 443);
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_stream, &wide, "table", NULL);
	take(&capture, view_capture_state(observation, TCP_STATE_CLOSE,
					  TCP_STATE_SYN_SENT, SPAN_UNKNOWN));
	assert_string_equal(view_capture_close(&capture),
"SOCK     PID     COMM             LADDR                                   LPORT"
" RADDR:RPORT                                     E OLD         NEW                MS WHY\n"
"s7       5       a-very-long-name 2001:db8::99                                0"
" [2001:db8:1111:2222:3333:4444:5555:6666]:443    S CLOSE       SYN_SENT            -\n");
}

static void times_stand_in_front(void **state)
{
	const struct view_options times = { .time = true, .since = true };
	struct observation observation =
		view_capture_state(curl(0, "0.0.0.0"), TCP_STATE_CLOSE,
				   TCP_STATE_LISTEN, SPAN_UNKNOWN);
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_stream, &times, "table",
			  "time,since,event");
	take(&capture, observation);
	observation.event.time_ns += 1234567890;
	take(&capture, observation);
	observation.event.time_ns = 1;
	capture.ops->take(capture.view, &observation, (struct wall_clock){ 0 });
	assert_string_equal(view_capture_close(&capture),
			    "TIME     TIME(s)   E\n"
			    "13:04:06 0.000000  S\n"
			    "13:04:07 1.234567  S\n"
			    "-        0.000000  S\n");
}

static void a_repeated_congestion_state_is_no_row(void **state)
{
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_stream, &plain, "table", "event");
	assert_int_equal(take(&capture, cong(CONG_STATE_LOSS, CONG_STATE_LOSS,
					     SPAN_UNKNOWN)), 0);
	assert_int_equal(take(&capture, cong(CONG_STATE_UNKNOWN,
					     CONG_STATE_OPEN, SPAN_UNKNOWN)), 1);
	assert_string_equal(view_capture_close(&capture), "E\nC\n");
}

static void check_show(unsigned int show, unsigned int rows_of_state,
		       unsigned int rows_of_cong, unsigned int rows_of_retrans)
{
	const struct view_options options = { .show = show };
	struct view_capture capture;

	view_capture_open(&capture, &view_stream, &options, "table", NULL);
	assert_int_equal(take(&capture, closed_by_peer()), rows_of_state);
	assert_int_equal(take(&capture, cong(CONG_STATE_OPEN, CONG_STATE_CWR,
					     SPAN_UNKNOWN)), rows_of_cong);
	assert_int_equal(take(&capture, retrans(TCP_STATE_SYN_SENT,
						CONG_STATE_LOSS)),
			 rows_of_retrans);
	assert_int_equal(take(&capture, view_capture_lost(1, 0)), 1);
	view_capture_close(&capture);
}

static void only_what_is_asked_is_shown(void **state)
{
	(void)state;
	check_show(0, 1, 1, 1);
	check_show(VIEW_SHOW_STATE, 1, 0, 0);
	check_show(VIEW_SHOW_CONG, 0, 1, 0);
	check_show(VIEW_SHOW_RETRANS, 0, 0, 1);
}

static void events_are_those_needed(void **state)
{
	const unsigned int always = EVENT_BIT(EVENT_STATE) |
		EVENT_BIT(EVENT_DESTROY) | EVENT_BIT(EVENT_TASK) |
		EVENT_BIT(EVENT_RESET) | EVENT_BIT(EVENT_ERROR) |
		EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_RETRANS);
	const struct column_list none = { 0 };
	const struct column_list cong = {
		.count = 1, .uses = { { .id = COLUMN_CONG } }
	};
	struct view_options options = { 0 };

	(void)state;
	assert_int_equal(view_stream.events(&options, &none),
			 always | EVENT_BIT(EVENT_CONG));
	options.show = VIEW_SHOW_STATE;
	assert_int_equal(view_stream.events(&options, &none), always);
	/* A column of congestion states cannot be filled without them. */
	assert_int_equal(view_stream.events(&options, &cong),
			 always | EVENT_BIT(EVENT_CONG));
	options.show = VIEW_SHOW_CONG;
	assert_int_equal(view_stream.events(&options, &none),
			 always | EVENT_BIT(EVENT_CONG));
	options.show = VIEW_SHOW_RETRANS;
	assert_int_equal(view_stream.events(&options, &none),
			 always | EVENT_BIT(EVENT_CONG));
}

#define COMMON(sock, pid, comm) \
	"\"time\":\"2026-11-22T13:04:06.001000000Z\",\"mono_ns\":1000000," \
	"\"sock\":\"" sock "\",\"pid\":" pid ",\"comm\":\"" comm "\"," \
	"\"owner\":\"event\","

static void json_has_every_key(void **state)
{
	struct observation failed = retrans(TCP_STATE_ESTABLISHED,
					    CONG_STATE_OPEN);
	struct view_capture capture;

	(void)state;
	failed.event.has |= EVENT_HAS_ERRNO;
	failed.event.retrans.err = -16;
	failed.event.context = EVENT_CONTEXT_SOFTIRQ;
	failed.class = REASON_CLASS_FAILED;
	view_capture_open(&capture, &view_stream, &plain, "json", NULL);
	take(&capture, closed_by_peer());
	take(&capture, view_capture_why(closed_by_peer(), REASON_CLOSED_BY_PEER,
					REASON_TRIGGER_PACKET, true));
	take(&capture, cong(CONG_STATE_OPEN, CONG_STATE_LOSS,
			    view_capture_ms(1.25)));
	take(&capture, failed);
	take(&capture, view_capture_lost(0, 3));
	assert_string_equal(view_capture_close(&capture),
"{\"v\":1,\"event\":\"state\"," COMMON("s7", "1188", "nginx")
"\"context\":\"task\",\"family\":4,\"laddr\":\"10.0.0.1\",\"lport\":443,"
"\"raddr\":\"203.0.113.7\",\"rport\":40022,"
"\"old\":\"ESTABLISHED\",\"new\":\"CLOSE_WAIT\",\"duration_ms\":null,"
"\"duration_min_ms\":86211.529999,\"duration_max_ms\":null,\"why\":null,"
"\"inferred\":null,\"trigger\":null}\n"
"{\"v\":1,\"event\":\"state\"," COMMON("s7", "1188", "nginx")
"\"context\":\"task\",\"family\":4,\"laddr\":\"10.0.0.1\",\"lport\":443,"
"\"raddr\":\"203.0.113.7\",\"rport\":40022,"
"\"old\":\"ESTABLISHED\",\"new\":\"CLOSE_WAIT\",\"duration_ms\":null,"
"\"duration_min_ms\":86211.529999,\"duration_max_ms\":null,"
"\"why\":\"closed by peer\",\"inferred\":true,\"trigger\":\"packet\"}\n"
"{\"v\":1,\"event\":\"cong\"," COMMON("s7", "1188", "nginx")
"\"context\":\"task\",\"family\":4,\"laddr\":\"10.0.0.1\",\"lport\":443,"
"\"raddr\":\"198.51.100.23\",\"rport\":51322,"
"\"old\":\"OPEN\",\"new\":\"LOSS\",\"duration_ms\":1.25,"
"\"duration_min_ms\":1.25,\"duration_max_ms\":1.25,"
"\"inferred\":false}\n"
"{\"v\":1,\"event\":\"retrans\"," COMMON("s7", "1188", "nginx")
"\"context\":\"softirq\",\"family\":4,\"laddr\":\"10.0.0.1\",\"lport\":443,"
"\"raddr\":\"198.51.100.23\",\"rport\":51322,"
"\"state\":\"ESTABLISHED\",\"cong\":\"OPEN\",\"class\":\"failed\","
"\"inferred\":false,\"err\":-16}\n"
"{\"v\":1,\"event\":\"lost\",\"time\":\"2026-11-22T13:04:06.002000000Z\","
"\"mono_ns\":2000000,\"sock\":null,\"pid\":null,\"comm\":null,\"owner\":null,"
"\"context\":null,\"family\":null,\"laddr\":null,\"lport\":null,\"raddr\":null,"
"\"rport\":null,\"count\":null,\"cpu\":3}\n");
}

/* What one row knew must not stand in the next that knows nothing. */
static void rows_do_not_inherit(void **state)
{
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_stream, &plain, "table",
			  "sock,context,cpu,count,err,why");
	take(&capture, view_capture_lost(0, 3));
	take(&capture, closed_by_peer());
	take(&capture, view_capture_lost(2, 1));
	assert_string_equal(view_capture_close(&capture),
"SOCK     CONTEXT CPU    COUNT  ERR WHY\n"
"-        -         3        -    - events lost on CPU 3\n"
"s7       task      0        -    -\n"
"-        -         1        2    - 2 events lost on CPU 1\n");
}

static void csv_has_machine_names(void **state)
{
	struct view_capture capture;

	(void)state;
	view_capture_open(&capture, &view_stream, &plain, "csv", NULL);
	take(&capture, closed_by_peer());
	take(&capture, view_capture_class(retrans(TCP_STATE_ESTABLISHED,
						  CONG_STATE_LOSS),
					  REASON_CLASS_RTO));
	take(&capture, view_capture_lost(159, 3));
	assert_string_equal(view_capture_close(&capture),
"event,sock,pid,comm,laddr,lport,raddr,rport,old,new,duration_ms,why\n"
"state,s7,1188,nginx,10.0.0.1,443,203.0.113.7,40022,ESTABLISHED,CLOSE_WAIT,"
">86211.529,\n"
"retrans,s7,1188,nginx,10.0.0.1,443,198.51.100.23,51322,ESTABLISHED,LOSS,,rto\n"
"lost,,,,,,,,,,,159 events lost on CPU 3\n");
}

static void check_skaddr(bool kernel_addresses, const char *expected)
{
	const struct view_options options = {
		.kernel_addresses = kernel_addresses
	};
	struct view_capture capture;

	view_capture_open(&capture, &view_stream, &options, "table",
			  "skaddr,pid");
	take(&capture, closed_by_peer());
	assert_string_equal(view_capture_close(&capture), expected);
}

static void kernel_addresses_only_when_asked(void **state)
{
	(void)state;
	check_skaddr(false, "SKADDR           PID\n"
			    "-                1188\n");
	check_skaddr(true, "SKADDR           PID\n"
			   "ffff8881deadbeef 1188\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_documented_one),
		cmocka_unit_test(resets_and_errors_have_rows),
		cmocka_unit_test(wide_shows_more),
		cmocka_unit_test(times_stand_in_front),
		cmocka_unit_test(a_repeated_congestion_state_is_no_row),
		cmocka_unit_test(only_what_is_asked_is_shown),
		cmocka_unit_test(events_are_those_needed),
		cmocka_unit_test(json_has_every_key),
		cmocka_unit_test(rows_do_not_inherit),
		cmocka_unit_test(csv_has_machine_names),
		cmocka_unit_test(kernel_addresses_only_when_asked)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

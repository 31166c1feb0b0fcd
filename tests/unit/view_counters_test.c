/* SPDX-License-Identifier: BSD-2-Clause */
/* Intervals and the whole run, in each format, from readings that the test makes
 * up: each is told when a tick says that its events are there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/ns.h"
#include "view_capture.h"
#include "tcpwatch/backend.h"

/* One reading: when, in ms, and what stands there. */
struct reading {
	uint64_t ms, out, again, fast, recoveries;
};

static const struct reading *next_reading;

static int read_next(struct tcp_counters *counters, struct error *err)
{
	const struct reading *reading = next_reading++;

	if (!reading->ms)
		return error_set(err, EACCES, "no more readings");
	*counters = (struct tcp_counters){
		.at_ns = reading->ms * NS_PER_MS,
		.known = ~(UINT64_C(1) << TCP_COUNTER_WQUEUE_TOO_BIG),
	};
	counters->values[TCP_COUNTER_OUT_SEGS] = reading->out;
	counters->values[TCP_COUNTER_RETRANS_SEGS] = reading->again;
	counters->values[TCP_COUNTER_FAST_RETRANS] = reading->fast;
	counters->values[TCP_COUNTER_SACK_RECOVERY] = reading->recoveries;
	return 0;
}

static struct view_capture capture;

static void open_view(const struct reading *readings, struct view_options options,
		      const char *format, bool traced)
{
	const struct backend_facts facts = {
		.wall_offset_ns = WALL_OFFSET_NS,
		.wall_offset_known = true,
		.events = EVENT_BIT(EVENT_TICK) |
			  (traced ? EVENT_BIT(EVENT_RETRANS) : 0),
	};
	struct error err = { 0 };

	next_reading = readings;
	options.counters.read = read_next;
	view_capture_open(&capture, &view_counters, &options, format, NULL);
	assert_int_equal(view_counters.begin(capture.view, &facts, &err), 0);
}

static unsigned int take(enum event_kind kind, uint64_t ms,
			 enum reason_class class)
{
	struct observation observation = {
		.event = { .kind = (uint8_t)kind, .time_ns = ms * NS_PER_MS },
		.class = (uint8_t)class,
	};

	return view_capture_take(&capture, &observation);
}

static unsigned int tick(uint64_t ms)
{
	return take(EVENT_TICK, ms, REASON_CLASS_UNKNOWN);
}

static void fast(uint64_t ms)
{
	assert_int_equal(take(EVENT_RETRANS, ms, REASON_CLASS_FAST), 0);
}

static const char *end(void)
{
	view_counters.end(capture.view);
	view_counters.report(capture.view, true,
			     (struct wall_clock){ WALL_OFFSET_NS, true });
	return view_capture_close(&capture);
}

static void a_table_ends_in_words(void **state)
{
	static const struct reading readings[] = {
		{ 1000, 500, 20, 20, 7 }, { 3000, 700, 24, 24, 9 }
	};

	(void)state;
	open_view(readings, (struct view_options){ 0 }, "table", true);
	fast(1500);
	fast(2999);
	tick(2900);
	assert_string_equal(end(),
		"COUNTER                      GROWN      PER_S  TRACED MEANING\n"
		"OutSegs                        200    100.000       - segments sent\n"
		"RetransSegs                      4      2.000       2 segments sent again\n"
		"TCPFastRetrans                   4      2.000       2 called for by ACKs\n"
		"TCPSackRecovery                  2      1.000       - recoveries begun, with SACK\n"
		"verdict: loss: recoveries 2, undone 0; timeouts of data 0, undone 0; "
		"sent again 2.00 % of all segments (RFC 6675, RFC 8985, RFC 6298)\n"
		"note: RetransSegs (4) alone misleads: SYN and SYN-ACK (0) are in it, "
		"loss probes (up to 0) and what was sent again though nothing was lost "
		"(0 undos, 0 duplicates told of by peers); it counts segments, of which "
		"one event may be several\n");
}

static void events_belong_to_the_interval_they_happened_in(void **state)
{
	static const struct reading readings[] = {
		{ 1000, 0, 0, 0, 0 }, { 2050, 10, 1, 1, 1 }, { 2500, 10, 3, 3, 1 }
	};

	(void)state;
	open_view(readings, (struct view_options){ .interval_ns = NS_PER_S },
		  "json", true);
	fast(1400);
	assert_int_equal(tick(2020), 0);        /* read at 2050 */
	fast(2060);
	fast(2040);
	assert_int_equal(tick(2049), 0);
	assert_int_equal(tick(2050), 1);
	assert_string_equal(end(),
		"{\"v\":1,\"event\":\"counters\",\"time\":\"2026-11-22T13:04:08.050000000Z\","
		"\"mono_ns\":2050000000,\"interval_ms\":1050,\"whole\":false,"
		"\"verdict\":[\"loss\"],\"words\":[\"loss: recoveries 1, undone 0; "
		"timeouts of data 0, undone 0; sent again 10.00 % of all segments\"],"
		"\"notes\":[\"RetransSegs (1) alone misleads: SYN and SYN-ACK (0) are in "
		"it, loss probes (up to 0) and what was sent again though nothing was "
		"lost (0 undos, 0 duplicates told of by peers); it counts segments, of "
		"which one event may be several\",\"the trace saw 2 retransmissions, and "
		"the counters 1: it sees every network namespace, they only this one\"],"
		"\"counters\":{\"OutSegs\":10,\"RetransSegs\":1,\"TCPFastRetrans\":1,"
		"\"TCPSackRecovery\":1},\"traced\":{\"fast\":2}}\n"
		"{\"v\":1,\"event\":\"counters\",\"time\":\"2026-11-22T13:04:08.500000000Z\","
		"\"mono_ns\":2500000000,\"interval_ms\":1500,\"whole\":true,"
		"\"verdict\":[\"loss\"],\"words\":[\"loss: recoveries 1, undone 0; "
		"timeouts of data 0, undone 0; sent again 30.00 % of all segments\"],"
		"\"notes\":[\"RetransSegs (3) alone misleads: SYN and SYN-ACK (0) are in "
		"it, loss probes (up to 0) and what was sent again though nothing was "
		"lost (0 undos, 0 duplicates told of by peers); it counts segments, of "
		"which one event may be several\"],"
		"\"counters\":{\"OutSegs\":10,\"RetransSegs\":3,\"TCPFastRetrans\":3,"
		"\"TCPSackRecovery\":1},\"traced\":{\"fast\":3}}\n");
}

static void the_last_interval_brings_the_whole_run(void **state)
{
	static const struct reading readings[] = {
		{ 1000, 0, 0, 0, 0 }, { 1500, 10, 0, 0, 0 }, { 2000, 30, 0, 0, 0 },
		{ 0, 0, 0, 0, 0 }
	};
	const char *text;

	(void)state;
	open_view(readings, (struct view_options){ .interval_ns = NS_PER_S / 2,
						   .outputs = 2 }, "csv", false);
	assert_int_equal(tick(1500), 0);
	assert_int_equal(tick(1510), 2);
	assert_int_equal(tick(2000), 0);
	assert_false(view_counters.is_done(capture.view));
	assert_int_equal(tick(2010), 4);
	assert_true(view_counters.is_done(capture.view));
	text = end();
	assert_string_equal(text,
		"event,interval_ms,whole,counter,grown,per_s,traced,meaning\n"
		"counter,500.000,false,OutSegs,10,20.000,,segments sent\n"
		"verdict,500.000,false,nothing wrong,,,,\"nothing wrong: 10 segments were "
		"sent, and nothing of what the rules look for was counted\"\n"
		"counter,500.000,false,OutSegs,20,40.000,,segments sent\n"
		"verdict,500.000,false,nothing wrong,,,,\"nothing wrong: 20 segments were "
		"sent, and nothing of what the rules look for was counted\"\n"
		"counter,1000.000,true,OutSegs,30,30.000,,segments sent\n"
		"verdict,1000.000,true,nothing wrong,,,,\"nothing wrong: 30 segments were "
		"sent, and nothing of what the rules look for was counted\"\n");
}

static void a_run_that_slept_has_no_empty_intervals(void **state)
{
	static const struct reading readings[] = {
		{ 1000, 0, 0, 0, 0 }, { 9100, 10, 0, 0, 0 }, { 10000, 10, 0, 0, 0 },
		{ 10000, 10, 0, 0, 0 }
	};

	(void)state;
	open_view(readings, (struct view_options){ .interval_ns = NS_PER_S },
		  "json", false);
	assert_int_equal(tick(9000), 0);
	assert_int_equal(tick(9100), 1);
	assert_int_equal(tick(9999), 0);
	assert_int_equal(tick(10000), 0);
	assert_int_equal(tick(10001), 1);
	assert_non_null(strstr(end(), "\"interval_ms\":900,"));
}

static void zeros_are_shown_where_they_are_asked_for(void **state)
{
	static const struct reading readings[] = {
		{ 1000, 0, 0, 0, 0 }, { 2000, 0, 0, 0, 0 }
	};
	struct view_options options = { .counters.zeros = true };
	const char *text;

	(void)state;
	open_view(readings, options, "table", true);
	text = end();
	assert_non_null(strstr(text, "RetransSegs                      0      0.000"
			       "       0 segments sent again\n"));
	assert_non_null(strstr(text, "TCPWqueueTooBig                  -          -"
			       "       - the send queue is too long\n"));
}

static void a_reading_that_fails_ends_the_run(void **state)
{
	static const struct reading readings[] = {
		{ 1000, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0 }
	};
	struct error err = { 0 };

	(void)state;
	open_view(readings, (struct view_options){ .interval_ns = NS_PER_S },
		  "json", false);
	assert_int_equal(tick(2000), 0);
	assert_true(view_counters.is_done(capture.view));
	assert_int_equal(view_counters.finish(capture.view, &err), -EACCES);
	assert_string_equal(err.text, "no more readings");
	assert_string_equal(view_capture_close(&capture), "");
}

static void losses_of_the_trace_are_told(void **state)
{
	static const struct reading readings[] = {
		{ 1, 0, 0, 0, 0 }, { 2000, 0, 0, 0, 0 }
	};
	struct observation lost = view_capture_lost(159, 3);

	(void)state;
	open_view(readings, (struct view_options){ 0 }, "table", true);
	assert_int_equal(view_capture_take(&capture, &lost), 1);
	assert_non_null(strstr(end(), "LOST                      159@CPU3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_ends_in_words),
		cmocka_unit_test(events_belong_to_the_interval_they_happened_in),
		cmocka_unit_test(the_last_interval_brings_the_whole_run),
		cmocka_unit_test(a_run_that_slept_has_no_empty_intervals),
		cmocka_unit_test(zeros_are_shown_where_they_are_asked_for),
		cmocka_unit_test(a_reading_that_fails_ends_the_run),
		cmocka_unit_test(losses_of_the_trace_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

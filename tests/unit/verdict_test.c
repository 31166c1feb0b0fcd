/* SPDX-License-Identifier: BSD-2-Clause */
/* What counters that have grown are taken for, and in which words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "options/meaning.h"
#include "view/verdict.h"

/* "RetransSegs OutSegs" and "3 100". */
static struct tcp_counters grown(const char *names, const char *values)
{
	struct tcp_counters counters = { 0 };
	char text[512];

	snprintf(text, sizeof(text), "TcpExt: %s\nTcpExt: %s\n", names, values);
	tcp_counters_parse(&counters, text);
	return counters;
}

/* The names of the verdicts, separated by "|". */
static const char *judge(const char *names, const char *values)
{
	static char text[512];
	struct tcp_counters by = grown(names, values);
	struct verdicts verdicts;

	text[0] = '\0';
	verdict_judge(&verdicts, &by);
	for (size_t i = 0; i < verdicts.count; i++) {
		const struct verdict *verdict = &verdicts.items[i];

		strcat(strcat(text, i ? "|" : ""), verdict->name);
		assert_true(strlen(verdict->name) < VERDICT_NAME_MAX);
		assert_true(strlen(verdict->text) < VERDICT_TEXT_BYTES - 1);
		assert_true(!strncmp(verdict->text, verdict->name,
				     strlen(verdict->name)));
		assert_null(strpbrk(verdict->text, "\"\\\n"));
		assert_non_null(meaning_find(verdict->text));
		assert_string_equal(meaning_find(verdict->text)->name,
				    verdict->name);
		assert_true(verdict->source ||
			    !strcmp(verdict->name, "nothing wrong"));
	}
	return text;
}

static void each_situation_has_its_words(void **state)
{
	static const struct {
		const char *names, *values, *verdicts;
	} cases[] = {
		{ "OutSegs", "1000", "nothing wrong" },
		{ "OutSegs TCPSackRecovery", "1000 4", "loss" },
		{ "TCPRenoRecovery", "1", "loss" },
		{ "TCPTimeouts", "3", "loss" },
		{ "TCPTimeouts TCPSynRetrans", "3 3", "handshakes unanswered" },
		{ "TCPTimeouts TCPSynRetrans TCPAbortOnTimeout", "3 2 1",
		  "handshakes unanswered|peers gone" },
		{ "TCPTimeouts TCPLossUndo", "1 1", "delay mistaken for loss" },
		{ "TCPTimeouts TCPLossUndo", "2 1", "delay mistaken for loss" },
		{ "TCPTimeouts TCPLossUndo", "3 1",
		  "loss|delay mistaken for loss" },
		{ "TCPTimeouts TCPLossUndo", "9 1", "loss" },
		{ "TCPLossUndo", "1", "delay mistaken for loss" },
		{ "TCPLossProbes TCPLossProbeRecovery", "3 2", "tail losses" },
		{ "TCPLossProbes RetransSegs", "3 1", "tail losses" },
		{ "TCPLossProbes RetransSegs TCPDSACKRecv", "3 1 1",
		  "nothing wrong" },
		{ "TCPLossProbes", "3", "nothing wrong" },
		{ "TCPLossProbes RetransSegs TCPTimeouts", "1 2 1", "loss" },
		{ "ListenOverflows ListenDrops", "2 2", "a listener too slow" },
		{ "TCPReqQFullDoCookies", "2", "a listener too slow" },
		{ "TCPMemoryPressures TCPMemoryPressuresChrono", "1 12",
		  "memory pressure" },
		{ "TCPAbortOnMemory", "1", "memory pressure" },
		{ "PruneCalled", "1", "receive buffers too full" },
		{ "TCPBacklogDrop", "1", "receive buffers too full" },
		{ "OutRsts", "1", "resets" },
		{ "EstabResets", "1", "resets" },
		{ "EstabResets TCPAbortOnTimeout", "1 1", "peers gone" },
		{ "TCPAbortOnClose", "1", "resets" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(judge(cases[i].names, cases[i].values),
				    cases[i].verdicts);
}

static void undos_alone_make_another_verdict(void **state)
{
	static const char names[] =
		"TCPSackRecovery TCPFullUndo TCPDSACKUndo TCPPartialUndo";

	(void)state;
	assert_string_equal(judge(names, "8 0 0 0"), "loss");
	assert_string_equal(judge(names, "8 1 0 0"), "loss");
	assert_string_equal(judge(names, "8 1 1 0"),
			    "loss|reordering mistaken for loss");
	assert_string_equal(judge(names, "8 2 2 1"),
			    "loss|reordering mistaken for loss");
	assert_string_equal(judge(names, "8 2 2 2"),
			    "reordering mistaken for loss");
	assert_string_equal(judge(names, "8 3 3 3"),
			    "reordering mistaken for loss");
	assert_string_equal(judge(names, "1 1 0 0"),
			    "reordering mistaken for loss");
	assert_string_equal(judge(names, "0 1 0 0"),
			    "reordering mistaken for loss");
}

static void every_rule_may_hold_at_once(void **state)
{
	struct tcp_counters by = { 0 };
	struct verdicts verdicts;

	(void)state;
	for (size_t i = 0; i < TCP_COUNTER_COUNT; i++)
		by.values[i] = UINT64_MAX / 8;
	by.values[TCP_COUNTER_SYN_RETRANS] = by.values[TCP_COUNTER_FULL_UNDO] = 1;
	by.values[TCP_COUNTER_DSACK_UNDO] = by.values[TCP_COUNTER_PARTIAL_UNDO] = 0;
	verdict_judge(&verdicts, &by);
	assert_in_range(verdicts.count, 7, VERDICT_MAX);
	for (size_t i = 0; i < verdicts.count; i++)
		assert_true(strlen(verdicts.items[i].text) <
			    VERDICT_TEXT_BYTES - 1);
}

static void figures_are_in_the_words(void **state)
{
	struct tcp_counters by = grown(
		"OutSegs RetransSegs TCPSackRecovery TCPTimeouts",
		"1000 21 4 3");
	struct verdicts verdicts;

	(void)state;
	verdict_judge(&verdicts, &by);
	assert_string_equal(verdicts.items[0].text,
			    "loss: recoveries 4, undone 0; timeouts of data 3, "
			    "undone 0; sent again 2.10 % of all segments");
}

static void retransmissions_alone_mislead(void **state)
{
	struct tcp_counters by = grown("RetransSegs TCPSynRetrans", "5 2");
	char texts[VERDICT_NOTES][VERDICT_TEXT_BYTES];

	(void)state;
	assert_int_equal(verdict_notes(texts, &by, NULL), 1);
	assert_non_null(strstr(texts[0], "RetransSegs (5) alone misleads: SYN "
			       "and SYN-ACK (2) are in it"));
	by = grown("OutSegs", "5");
	assert_int_equal(verdict_notes(texts, &by, NULL), 0);
}

static void probes_of_new_data_are_told_of(void **state)
{
	const uint64_t traced[REASON_CLASS_COUNT] = { [REASON_CLASS_TLP] = 1 };
	struct tcp_counters by = grown("TCPLossProbes RetransSegs", "3 1");
	char texts[VERDICT_NOTES][VERDICT_TEXT_BYTES];

	(void)state;
	assert_int_equal(verdict_notes(texts, &by, traced), 2);
	assert_non_null(strstr(texts[1], "2 of 3 loss probes were not traced: one "
			       "that sends new data has no event"));
	assert_int_equal(verdict_notes(texts, &by, NULL), 2);
	assert_non_null(strstr(texts[1], "nor has it an event"));
}

static void what_others_sent_is_told_of(void **state)
{
	const uint64_t traced[REASON_CLASS_COUNT] = {
		[REASON_CLASS_FAST] = 4, [REASON_CLASS_FAILED] = 9
	};
	struct tcp_counters by = grown("RetransSegs", "3");
	char texts[VERDICT_NOTES][VERDICT_TEXT_BYTES];

	(void)state;
	assert_int_equal(verdict_notes(texts, &by, traced), 2);
	assert_non_null(strstr(texts[1], "the trace saw 4 retransmissions, and the "
			       "counters 3"));
	by = grown("RetransSegs", "4");
	assert_int_equal(verdict_notes(texts, &by, traced), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_situation_has_its_words),
		cmocka_unit_test(undos_alone_make_another_verdict),
		cmocka_unit_test(every_rule_may_hold_at_once),
		cmocka_unit_test(figures_are_in_the_words),
		cmocka_unit_test(retransmissions_alone_mislead),
		cmocka_unit_test(probes_of_new_data_are_told_of),
		cmocka_unit_test(what_others_sent_is_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

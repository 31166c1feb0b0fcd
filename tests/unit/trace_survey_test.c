/* SPDX-License-Identifier: BSD-2-Clause */
/* What tracefs has, from the recorded formats of several kernels laid out as
 * tracefs lays them out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recorded_format.h"
#include "survey_capture.h"
#include "tracefs/trace_survey.h"

static struct survey_capture capture;

/* The tracefs of that kernel, as far as it was recorded. */
static const char *lay_out(const char *release)
{
	const char *root = survey_tree_new();
	char path[256];

	snprintf(path, sizeof(path), "tests/recorded/formats/%s", release);
	survey_tree_link("events", path);
	survey_tree_add("instances/none", "");
	return root;
}

static const struct survey_finding *look(const char *root, const char *name)
{
	const struct survey_sink sink = survey_capture_sink(&capture);

	trace_survey_folder(root, &sink);
	return survey_capture_find(&capture, name);
}

static void expect_words(const struct recorded_format *format,
			 const char *words, bool expected)
{
	char list[SURVEY_WORDS_BYTES];
	char *rest = list, *word;

	snprintf(list, sizeof(list), "%s", words);
	while ((word = strsep(&rest, " "))) {
		size_t offset, size;

		if (*word)
			assert_true(recorded_format_field(format, word, &offset,
							  &size) == expected);
	}
}

static void fields_are_those_of_the_kernel(const char *release)
{
	const char *root = lay_out(release);

	look(root, "sock:inet_sock_set_state");
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++) {
		const struct survey_finding *finding;
		struct recorded_format format;
		char name[64];

		if (!trace_events[which].system)
			continue;
		snprintf(name, sizeof(name), "%s:%s", trace_events[which].system,
			 trace_events[which].name);
		finding = survey_capture_find(&capture, name);
		assert_string_equal(finding->about, "tracefs");
		if (!recorded_format_read_event(&format, release, which)) {
			assert_int_equal(finding->verdict, SURVEY_LESS);
			assert_string_equal(finding->has, "");
			continue;
		}
		assert_int_equal(finding->verdict, SURVEY_GOOD);
		assert_true(finding->has[0]);
		expect_words(&format, finding->has, true);
		expect_words(&format, finding->lacks, false);
	}
	survey_tree_free();
}

static void every_recorded_kernel_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; recorded_releases[i]; i++)
		fields_are_those_of_the_kernel(recorded_releases[i]);
}

static void what_5_10_lacks(void **state)
{
	const char *root = lay_out("5.10.0-32-cloud-amd64");
	const struct survey_finding *finding = look(root, "tcp:tcp_cong_state_set");

	(void)state;
	assert_int_equal(finding->verdict, SURVEY_LESS);
	assert_string_equal(finding->found, "this kernel has no such event (5.19 "
			    "has): kernel probes stand in");
	finding = survey_capture_find(&capture, "kprobes");
	assert_int_equal(finding->verdict, SURVEY_LESS);
	assert_string_equal(finding->found, "this kernel has none "
			    "(CONFIG_KPROBE_EVENTS)");
	survey_tree_add("kprobe_events", "");
	assert_int_equal(look(root, "kprobes")->verdict, SURVEY_GOOD);
	finding = survey_capture_find(&capture, "sock:inet_sk_error_report");
	assert_string_equal(finding->found, "this kernel has no such event");
	finding = survey_capture_find(&capture, "sock:inet_sock_set_state");
	assert_string_equal(finding->lacks, "");
	finding = survey_capture_find(&capture, "tcp:tcp_retransmit_skb");
	assert_string_equal(finding->lacks, "err ");
	assert_string_equal(finding->found, "8 of 9 fields, without err");
	survey_tree_free();
}

/* The name of 4.15. */
static void an_older_name_is_found(void **state)
{
	const char *root = survey_tree_new();
	const struct survey_finding *finding;

	(void)state;
	survey_tree_add("instances/none", "");
	survey_tree_link("events/tcp/tcp_set_state/format",
			 "tests/recorded/derived/4.15/tcp/tcp_set_state/format");
	finding = look(root, "tcp:tcp_set_state");
	assert_int_equal(finding->verdict, SURVEY_GOOD);
	assert_string_equal(finding->lacks, "protocol ");
	survey_tree_free();
}

static void nothing_at_all_is_told(void **state)
{
	const char *root = survey_tree_new();
	const struct survey_finding *finding = look(root, "instances");

	(void)state;
	assert_int_equal(finding->verdict, SURVEY_BAD);
	assert_non_null(strstr(finding->found, "no trace instances"));
	finding = survey_capture_find(&capture, "sock:inet_sock_set_state");
	assert_int_equal(finding->verdict, SURVEY_BAD);
	finding = survey_capture_find(&capture, "hist");
	assert_int_equal(finding->verdict, SURVEY_LESS);
	finding = survey_capture_find(&capture, "stacks");
	assert_int_equal(finding->verdict, SURVEY_LESS);
	survey_tree_free();
}

/* A format that is not one is no event. */
static void nonsense_is_told(void **state)
{
	const char *root = survey_tree_new();
	const struct survey_finding *finding;

	(void)state;
	survey_tree_add("events/sock/inet_sock_set_state/format", "nonsense\n");
	survey_tree_add("events/tcp/tcp_probe/hist", "");
	survey_tree_add("options/stacktrace", "0\n");
	finding = look(root, "sock:inet_sock_set_state");
	assert_int_equal(finding->verdict, SURVEY_BAD);
	assert_string_equal(finding->found, "the format of "
			    "sock:inet_sock_set_state cannot be understood");
	assert_int_equal(survey_capture_find(&capture, "hist")->verdict,
			 SURVEY_GOOD);
	assert_int_equal(survey_capture_find(&capture, "stacks")->verdict,
			 SURVEY_GOOD);
	survey_tree_free();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_kernel_is_understood),
		cmocka_unit_test(what_5_10_lacks),
		cmocka_unit_test(an_older_name_is_found),
		cmocka_unit_test(nothing_at_all_is_told),
		cmocka_unit_test(nonsense_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

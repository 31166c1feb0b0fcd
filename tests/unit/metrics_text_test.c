/* SPDX-License-Identifier: BSD-2-Clause */
/* Both text formats, byte by byte: names, escapes, cumulative buckets, and which
 * of them a scraper gets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "metrics/metrics_accept.h"
#include "metrics/metrics_text.h"

static const struct metrics_family things = { "things", "Things that came.",
					      METRICS_COUNTER };
static const struct metrics_family depth = { "depth", "How deep it is.",
					     METRICS_GAUGE };
static const struct metrics_family wait = { "wait_seconds", "How long it took.",
					    METRICS_HISTOGRAM };
static struct metrics_text text;

static int end(void **state)
{
	(void)state;
	metrics_text_done(&text);
	return 0;
}

static void expect_text(const char *expected)
{
	metrics_text_end(&text);
	assert_false(text.failed);
	assert_int_equal(text.length, strlen(expected));
	assert_memory_equal(text.bytes, expected, text.length);
}

static const struct metrics_labels none, kind = {
	{ { "kind", "a \"b\"\\c\nd" }, { "of", "\xc3\xb6" } }
};

static void counters_are_totals(void **state)
{
	(void)state;
	metrics_text_begin(&text, METRICS_FORMAT_TEXT);
	metrics_text_family(&text, &things);
	metrics_text_number(&text, &things, &none, UINT64_MAX);
	metrics_text_family(&text, &depth);
	metrics_text_number(&text, &depth, &none, 0);
	expect_text("# HELP things_total Things that came.\n"
		    "# TYPE things_total counter\n"
		    "things_total 18446744073709551615\n"
		    "# HELP depth How deep it is.\n"
		    "# TYPE depth gauge\n"
		    "depth 0\n");
}

static void families_of_openmetrics_are_not(void **state)
{
	(void)state;
	metrics_text_begin(&text, METRICS_FORMAT_OPENMETRICS);
	metrics_text_family(&text, &things);
	metrics_text_number(&text, &things, &none, 7);
	expect_text("# HELP things Things that came.\n"
		    "# TYPE things counter\n"
		    "things_total 7\n"
		    "# EOF\n");
}

static void values_of_labels_are_escaped(void **state)
{
	(void)state;
	metrics_text_begin(&text, METRICS_FORMAT_TEXT);
	metrics_text_number(&text, &things, &kind, 1);
	metrics_text_seconds(&text, &things, &kind, 1002003004);
	expect_text("things_total{kind=\"a \\\"b\\\"\\\\c\\nd\",of=\"\xc3\xb6\"} 1\n"
		    "things_total{kind=\"a \\\"b\\\"\\\\c\\nd\",of=\"\xc3\xb6\"} "
		    "1.002003004\n");
}

static void add(struct histogram_log2 *histogram, uint64_t us)
{
	histogram_log2_add_bucket(histogram, histogram_log2_bucket(us), 1,
				  us * 1000);
}

/* What lies below the first bound and between bounds is in the next one, what lies
 * beyond the last only in +Inf. */
static void buckets_are_cumulative(void **state)
{
	const struct metrics_bounds bounds = { 2, 6, 2 };
	struct histogram_log2 histogram = { 0 };

	(void)state;
	add(&histogram, 1);
	add(&histogram, 4);
	add(&histogram, 5);
	add(&histogram, 64);
	add(&histogram, 65);
	add(&histogram, 3000000);
	metrics_text_begin(&text, METRICS_FORMAT_OPENMETRICS);
	metrics_text_family(&text, &wait);
	metrics_text_histogram(&text, &wait, &none, &histogram, &bounds);
	expect_text("# HELP wait_seconds How long it took.\n"
		    "# TYPE wait_seconds histogram\n"
		    "# UNIT wait_seconds seconds\n"
		    "wait_seconds_bucket{le=\"0.000004\"} 2\n"
		    "wait_seconds_bucket{le=\"0.000016\"} 3\n"
		    "wait_seconds_bucket{le=\"0.000064\"} 4\n"
		    "wait_seconds_bucket{le=\"+Inf\"} 6\n"
		    "wait_seconds_sum 3.000139000\n"
		    "wait_seconds_count 6\n"
		    "# EOF\n");
}

static void bounds_have_no_zeros_at_their_end(void **state)
{
	const struct metrics_bounds bounds = { 20, 36, 16 };
	const struct histogram_log2 histogram = { 0 };

	(void)state;
	metrics_text_begin(&text, METRICS_FORMAT_TEXT);
	metrics_text_histogram(&text, &wait, &kind, &histogram, &bounds);
	assert_non_null(memmem(text.bytes, text.length, ",le=\"1.048576\"} 0\n",
			       18));
	assert_non_null(memmem(text.bytes, text.length,
			       ",le=\"68719.476736\"} 0\n", 22));
}

static void a_long_text_grows(void **state)
{
	(void)state;
	metrics_text_begin(&text, METRICS_FORMAT_TEXT);
	for (int i = 0; i < 100000; i++)
		metrics_text_number(&text, &depth, &none, 1);
	assert_false(text.failed);
	assert_int_equal(text.length, 100000 * strlen("depth 1\n"));
	metrics_text_begin(&text, METRICS_FORMAT_TEXT);
	assert_int_equal(text.length, 0);
}

static void scrapers_get_what_they_ask_for(void **state)
{
	static const struct {
		const char *accept;
		enum metrics_format format;
	} cases[] = {
		{ NULL, METRICS_FORMAT_TEXT },
		{ "", METRICS_FORMAT_TEXT },
		{ "*/*", METRICS_FORMAT_TEXT },
		{ "text/html,application/xml;q=0.9,*/*;q=0.8",
		  METRICS_FORMAT_TEXT },
		{ "application/openmetrics-text", METRICS_FORMAT_OPENMETRICS },
		{ "Application/OpenMetrics-Text; charset=utf-8",
		  METRICS_FORMAT_OPENMETRICS },
		/* Prometheus 2.42 */
		{ "application/openmetrics-text;version=1.0.0,"
		  "application/openmetrics-text;version=0.0.1;q=0.75,"
		  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		  METRICS_FORMAT_OPENMETRICS },
		{ "text/plain;version=0.0.4;q=0.5,"
		  "application/openmetrics-text;version=1.0.0;q=0.4",
		  METRICS_FORMAT_TEXT },
		{ "application/openmetrics-text;version=2.0.0",
		  METRICS_FORMAT_TEXT },
		{ "application/openmetrics-text;q=0", METRICS_FORMAT_TEXT },
		{ "application/openmetrics-text;q=0,*/*", METRICS_FORMAT_TEXT },
		{ "application/openmetrics-text;q=nan", METRICS_FORMAT_TEXT },
		{ ",,;;,", METRICS_FORMAT_TEXT },
		{ "text/*;q=0.2 , application/openmetrics-text ; q=0.3",
		  METRICS_FORMAT_OPENMETRICS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (metrics_accept_best(cases[i].accept) != cases[i].format)
			fail_msg("'%s' gets another one", cases[i].accept);
}

static void an_endless_range_is_none(void **state)
{
	static char accept[100000];

	(void)state;
	memset(accept, 'a', sizeof(accept) - 1);
	assert_int_equal(metrics_accept_best(accept), METRICS_FORMAT_TEXT);
	memcpy(accept + 5000, ",application/openmetrics-text,", 30);
	assert_int_equal(metrics_accept_best(accept), METRICS_FORMAT_OPENMETRICS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(counters_are_totals, end),
		cmocka_unit_test_teardown(families_of_openmetrics_are_not, end),
		cmocka_unit_test_teardown(values_of_labels_are_escaped, end),
		cmocka_unit_test_teardown(buckets_are_cumulative, end),
		cmocka_unit_test_teardown(bounds_have_no_zeros_at_their_end, end),
		cmocka_unit_test_teardown(a_long_text_grows, end),
		cmocka_unit_test(scrapers_get_what_they_ask_for),
		cmocka_unit_test(an_endless_range_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

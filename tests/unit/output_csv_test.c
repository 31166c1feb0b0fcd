/* SPDX-License-Identifier: BSD-2-Clause */
/* CSV: headers, empty fields, bounds and quoting. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "column_all.h"
#include "output_capture.h"

static const struct row_kind kind = { .name = "state", .letter = 'S' };

static void check(const char *names, bool header, const struct row *row,
		  const char *expected)
{
	struct output_options options = {
		.format = "csv", .header = header, .utc = true
	};
	struct output_capture capture;
	struct error err = { 0 };

	assert_int_equal(column_list_parse(&options.columns, names,
					   column_all(), &err), 0);
	output_capture_open(&capture, &options);
	output_row(capture.output, row);
	assert_string_equal(output_capture_close(&capture), expected);
}

static void what_is_not_known_is_empty(void **state)
{
	struct row row = { .kind = &kind };

	(void)state;
	check("pid,comm,ms,why", true, &row,
	      "pid,comm,duration_ms,why\n,,,\n");
	check("pid", false, &row, "\n");
	check("event", true, &row, "event\nstate\n");
}

static void check_duration(uint64_t min_ns, uint64_t max_ns,
			   const char *expected)
{
	struct row row = { .kind = &kind };

	row.cells[COLUMN_DURATION] = (struct cell){
		.type = CELL_DURATION, .span = { min_ns, max_ns }
	};
	check("ms", false, &row, expected);
}

static void durations_keep_three_decimals(void **state)
{
	(void)state;
	check_duration(UINT64_C(12345678901234999), UINT64_C(12345678901234999),
		       "12345678901.234\n");
	check_duration(86211529999, SPAN_NO_LIMIT, ">86211.529\n");
	check_duration(0, SPAN_NO_LIMIT, "\n");
}

static void names_are_quoted(void **state)
{
	static const char comm[EVENT_COMM_BYTES] = "a,\"b\"\n\x1b";
	struct row row = { .kind = &kind };

	(void)state;
	row.cells[COLUMN_COMM] = (struct cell){ .type = CELL_COMM, .comm = comm };
	row.cells[COLUMN_WHY] = (struct cell){
		.type = CELL_TEXT, .text = "one, two"
	};
	check("comm,why", false, &row, "\"a,\"\"b\"\"??\",\"one, two\"\n");
}

static void other_values_are_plain(void **state)
{
	struct row row = { .kind = &kind };

	(void)state;
	row.cells[COLUMN_TIME] = (struct cell){
		.type = CELL_WALL, .id = UINT64_C(1795352646123456789)
	};
	row.cells[COLUMN_SINCE] = (struct cell){ .type = CELL_SINCE, .id = 1000 };
	row.cells[COLUMN_SOCK] = (struct cell){ .type = CELL_SOCK, .id = 3 };
	check("time,since,sock", true, &row,
	      "time,since,sock\n13:04:06,0.000001,s3\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_empty),
		cmocka_unit_test(durations_keep_three_decimals),
		cmocka_unit_test(names_are_quoted),
		cmocka_unit_test(other_values_are_plain)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

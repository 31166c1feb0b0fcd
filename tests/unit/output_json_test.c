/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON: null, bounds of durations, and names that try to break it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "comm_bytes.h"
#include "output_capture.h"

/* Prints one row with the one cell as JSON. */
static void check(enum column_id id, struct cell cell, const char *expected)
{
	const struct output_options options = {
		.format = "json", .header = true
	};
	const struct row_kind kind = {
		.name = "test", .json = { &id, 1 }
	};
	struct row row = { .kind = &kind };
	struct output_capture capture;
	char line[512];

	row.cells[id] = cell;
	snprintf(line, sizeof(line), "{\"v\":1,\"event\":\"test\",%s}\n",
		 expected);
	output_capture_open(&capture, &options);
	output_row(capture.output, &row);
	assert_string_equal(output_capture_close(&capture), line);
}

static void check_duration(uint64_t min_ns, uint64_t max_ns, const char *exact,
			   const char *min, const char *max)
{
	struct cell cell = {
		.type = CELL_DURATION, .span = { min_ns, max_ns }
	};
	char expected[256];

	snprintf(expected, sizeof(expected), "\"duration_ms\":%s,"
		 "\"duration_min_ms\":%s,\"duration_max_ms\":%s",
		 exact, min, max);
	check(COLUMN_DURATION, cell, expected);
}

static void durations_have_three_keys(void **state)
{
	(void)state;
	check_duration(1373456, 1373456, "1.373456", "1.373456", "1.373456");
	check_duration(0, 0, "0", "0", "0");
	check_duration(12345000, SPAN_NO_LIMIT, "null", "12.345", "null");
	check_duration(0, 5000000, "null", "null", "5");
	check_duration(1000000, 5000000, "null", "1", "5");
	check_duration(0, SPAN_NO_LIMIT, "null", "null", "null");
	check(COLUMN_DURATION, (struct cell){ .type = CELL_NONE },
	      "\"duration_ms\":null,\"duration_min_ms\":null,"
	      "\"duration_max_ms\":null");
}

static void types_become_json_s(void **state)
{
	struct endpoint endpoint;
	struct cell cell = { .type = CELL_ADDRESS, .endpoint = &endpoint };

	(void)state;
	cell.family = output_capture_endpoint(&endpoint, "2001:db8::1", 443);
	check(COLUMN_RADDR, cell, "\"raddr\":\"2001:db8::1\"");
	cell.type = CELL_ENDPOINT;
	check(COLUMN_REMOTE, cell, "\"remote\":\"[2001:db8::1]:443\"");
	check(COLUMN_PID, (struct cell){ .type = CELL_NONE }, "\"pid\":null");
	check(COLUMN_ERR, (struct cell){ .type = CELL_NUMBER, .number = -16 },
	      "\"err\":-16");
	check(COLUMN_WHY, (struct cell){ .type = CELL_TEXT, .text = "listen" },
	      "\"why\":\"listen\"");
	check(COLUMN_SOCK, (struct cell){ .type = CELL_SOCK, .id = 3 },
	      "\"sock\":\"s3\"");
	check(COLUMN_SKADDR, (struct cell){ .type = CELL_HEX, .id = 1 },
	      "\"skaddr\":\"0000000000000001\"");
	check(COLUMN_INFERRED, (struct cell){ .type = CELL_BOOL },
	      "\"inferred\":false");
	check(COLUMN_SINCE, (struct cell){ .type = CELL_SINCE, .id = 1 },
	      "\"since\":0.000000");
	check(COLUMN_TIME, (struct cell){ .type = CELL_WALL, .id = 1 },
	      "\"time\":\"1970-01-01T00:00:00.000000001Z\"");
}

static void check_comm(const char *comm, const char *expected)
{
	char bytes[EVENT_COMM_BYTES] = { 0 };

	comm_bytes(bytes, comm);
	check(COLUMN_COMM, (struct cell){ .type = CELL_COMM, .comm = bytes },
	      expected);
}

static void names_cannot_break_out(void **state)
{
	(void)state;
	check_comm("\",\"pid\":1,\"x\":\"",
		   "\"comm\":\"\\\",\\\"pid\\\":1,\\\"x\\\":\\\"\"");
	check_comm("a\\", "\"comm\":\"a\\\\\"");
	check_comm("a\nb", "\"comm\":\"a\\u000ab\"");
	check_comm("\xff", "\"comm\":\"\xef\xbf\xbd\"");
	check_comm("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1",
		   "\"comm\":\"\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001"
		   "\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001"
		   "\\u0001\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_have_three_keys),
		cmocka_unit_test(types_become_json_s),
		cmocka_unit_test(names_cannot_break_out)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

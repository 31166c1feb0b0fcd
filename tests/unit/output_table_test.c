/* SPDX-License-Identifier: BSD-2-Clause */
/* Alignment, pushing, cutting and "not known" in tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "column_all.h"
#include "comm_bytes.h"
#include "output_capture.h"

static const struct row_kind kind = { .name = "state", .letter = 'S' };

static void set_columns(struct output_options *options, const char *names)
{
	struct error err = { 0 };

	assert_int_equal(column_list_parse(&options->columns, names,
					   column_all(), &err), 0);
}

/* Prints one row under the given options. */
static void check(const struct output_options *options, const struct row *row,
		  const char *expected)
{
	struct output_capture capture;

	output_capture_open(&capture, options);
	output_row(capture.output, row);
	assert_string_equal(output_capture_close(&capture), expected);
}

static struct cell number(int64_t value)
{
	return (struct cell){ .type = CELL_NUMBER, .number = value };
}

static struct cell text(const char *words)
{
	return (struct cell){ .type = CELL_TEXT, .text = words };
}

static struct cell duration(uint64_t min_ns, uint64_t max_ns)
{
	return (struct cell){
		.type = CELL_DURATION, .span = { min_ns, max_ns }
	};
}

static void check_comm(const char *comm, const char *expected)
{
	struct output_options options = { 0 };
	struct row row = { .kind = &kind };
	char bytes[EVENT_COMM_BYTES] = { 0 };

	comm_bytes(bytes, comm);
	row.cells[COLUMN_COMM] = (struct cell){ .type = CELL_COMM, .comm = bytes };
	row.cells[COLUMN_PID] = number(7);
	set_columns(&options, "comm,pid");
	check(&options, &row, expected);
}

static void names_are_cut_and_padded_by_characters(void **state)
{
	(void)state;
	check_comm("sshd", "sshd     7\n");
	check_comm("a-longer-name-16", "a-longer 7\n");
	check_comm("caf\xc3\xa9", "caf\xc3\xa9     7\n");
	check_comm("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4",
		   "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4  7\n");
	check_comm("\x1b[31m", "?[31m    7\n");
}

static void long_values_push(void **state)
{
	struct output_options options = { .header = true };
	struct row row = { .kind = &kind };

	(void)state;
	row.cells[COLUMN_PID] = number(123456789);
	row.cells[COLUMN_LPORT] = number(1234567);
	row.cells[COLUMN_OLD] = text("a state without end");
	set_columns(&options, "pid,lport,old,event");
	check(&options, &row, "PID     LPORT OLD         E\n"
			      "123456789 1234567 a state without end S\n");
}

static void what_is_not_known_is_a_dash(void **state)
{
	struct output_options options = { 0 };
	struct row row = { .kind = &kind };

	(void)state;
	set_columns(&options, "pid,lport,why,ms");
	check(&options, &row, "-           - -         -\n");
	set_columns(&options, "pid,why");
	check(&options, &row, "-\n");
	set_columns(&options, "why,pid");
	check(&options, &row, "- -\n");
}

static void check_duration(uint64_t min_ns, uint64_t max_ns,
			   const char *expected)
{
	struct output_options options = { 0 };
	struct row row = { .kind = &kind };

	row.cells[COLUMN_DURATION] = duration(min_ns, max_ns);
	set_columns(&options, "ms");
	check(&options, &row, expected);
}

static void durations_show_their_bounds(void **state)
{
	(void)state;
	check_duration(0, 0, "    0.000\n");
	check_duration(1373999, 1373999, "    1.373\n");
	check_duration(123456789000, 123456789000, "123456.78\n");
	check_duration(12345678901234, 12345678901234, " 12345678\n");
	check_duration(12345678901234567, 12345678901234567, "12345678901\n");
	check_duration(86211529999, SPAN_NO_LIMIT, ">86211.52\n");
	check_duration(1, SPAN_NO_LIMIT, "   >0.000\n");
	check_duration(0, 12345000, "  <12.345\n");
	check_duration(5000000, 7000000, "   >5.000\n");
	check_duration(0, SPAN_NO_LIMIT, "        -\n");
}

static void addresses_and_endpoints(void **state)
{
	struct output_options options = { 0 };
	struct row row = { .kind = &kind };
	struct endpoint local, remote;
	struct cell cell = { .type = CELL_ADDRESS, .endpoint = &local };

	(void)state;
	cell.family = output_capture_endpoint(&local, "192.0.2.1", 80);
	row.cells[COLUMN_LADDR] = cell;
	cell.type = CELL_ENDPOINT;
	cell.endpoint = &remote;
	cell.family = output_capture_endpoint(&remote, "2001:db8::1", 443);
	row.cells[COLUMN_REMOTE] = cell;
	set_columns(&options, "laddr,remote");
	check(&options, &row, "192.0.2.1       [2001:db8::1]:443\n");
	row.cells[COLUMN_REMOTE].family =
		output_capture_endpoint(&remote, "0.0.0.0", 0);
	check(&options, &row, "192.0.2.1       0.0.0.0:0\n");
}

static void lines_are_cut_to_the_terminal(void **state)
{
	struct output_options options = { .header = true, .cut_width = 15 };
	struct row row = { .kind = &kind };
	static const char comm[EVENT_COMM_BYTES] = "\xc3\xa4\xc3\xb6\xc3\xbc";

	(void)state;
	row.cells[COLUMN_COMM] = (struct cell){ .type = CELL_COMM, .comm = comm };
	row.cells[COLUMN_OLD] = text("ESTABLISHED");
	set_columns(&options, "comm,old");
	check(&options, &row, "COMM     OLD\n"
			      "\xc3\xa4\xc3\xb6\xc3\xbc      ESTABL\n");
}

static void a_use_overrides_the_column(void **state)
{
	struct output_options options = {
		.header = true,
		.columns = {
			.count = 3,
			.uses = {
				{ .id = COLUMN_LPORT, .title = "PORT",
				  .width = 8, .left = true },
				{ .id = COLUMN_COMM, .width = 3 },
				{ .id = COLUMN_PID }
			}
		}
	};
	static const char comm[EVENT_COMM_BYTES] = "nginx";
	struct row row = { .kind = &kind };

	(void)state;
	row.cells[COLUMN_LPORT] = number(443);
	row.cells[COLUMN_COMM] = (struct cell){ .type = CELL_COMM, .comm = comm };
	check(&options, &row, "PORT     COM PID\n"
			      "443      ngi -\n");
}

static void every_type_has_its_text(void **state)
{
	struct output_options options = { .utc = true, .iso = true };
	struct row row = { .kind = &kind };

	(void)state;
	row.cells[COLUMN_TIME] = (struct cell){
		.type = CELL_WALL, .id = UINT64_C(1795352646123456789)
	};
	row.cells[COLUMN_SINCE] = (struct cell){
		.type = CELL_SINCE, .id = 1500000000
	};
	row.cells[COLUMN_SOCK] = (struct cell){ .type = CELL_SOCK, .id = 42 };
	row.cells[COLUMN_SKADDR] = (struct cell){ .type = CELL_HEX, .id = 0xabc };
	row.cells[COLUMN_INFERRED] = (struct cell){ .type = CELL_BOOL, .id = 1 };
	row.cells[COLUMN_ERR] = number(-16);
	set_columns(&options, "time,since,sock,skaddr,inferred,err");
	check(&options, &row, "2026-11-22T13:04:06.123456Z 1.500000  s42      "
			      "0000000000000abc true      -16\n");
}

/* The escapes stand outside of what is padded and cut. */
static void tints_a_line_by_its_kind_when_asked(void **state)
{
	static const struct row_kind tinted = {
		.name = "lost", .letter = '!', .tint = "1;31"
	};
	struct output_options options = { .color = true, .cut_width = 9 };
	struct row row = { .kind = &tinted };

	(void)state;
	row.cells[COLUMN_PID] = number(7);
	row.cells[COLUMN_OLD] = text("ESTABLISHED");
	set_columns(&options, "pid,old");
	check(&options, &row, "\033[1;31m7       E\033[m\n");
	options.color = false;
	check(&options, &row, "7       E\n");
	options.color = true;
	row.kind = &kind;
	check(&options, &row, "7       E\n");
}

static const char *two_groups(struct output_capture *capture, bool header)
{
	struct output_options options = { .header = header, .rows = 3 };
	struct row row = { .kind = &kind };

	row.cells[COLUMN_PID] = number(7);
	set_columns(&options, "pid");
	output_capture_open(capture, &options);
	for (int group = 0; group < 2; group++) {
		output_open_group(capture->output);
		output_row(capture->output, &row);
		output_row(capture->output, &row);
		output_close_group(capture->output);
	}
	return output_capture_close(capture);
}

/* The fourth row is one too many. */
static void each_group_has_its_heading(void **state)
{
	struct output_capture capture;

	(void)state;
	assert_string_equal(two_groups(&capture, true),
			    "PID\n7\n7\n\nPID\n7\n");
	assert_string_equal(two_groups(&capture, false), "7\n7\n7\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_cut_and_padded_by_characters),
		cmocka_unit_test(long_values_push),
		cmocka_unit_test(what_is_not_known_is_a_dash),
		cmocka_unit_test(durations_show_their_bounds),
		cmocka_unit_test(addresses_and_endpoints),
		cmocka_unit_test(lines_are_cut_to_the_terminal),
		cmocka_unit_test(a_use_overrides_the_column),
		cmocka_unit_test(every_type_has_its_text),
		cmocka_unit_test(tints_a_line_by_its_kind_when_asked),
		cmocka_unit_test(each_group_has_its_heading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

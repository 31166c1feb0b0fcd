/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries of the journal, and journals that are missing, full or gone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "output/output_journal.h"
#include "output_capture.h"

static const struct row_kind kind = { .name = "state", .letter = 'S' };
static const char comm[EVENT_COMM_BYTES] = "evil\nPRIORITY=0";

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static int server;

static int start_server(void **state)
{
	(void)state;
	strcpy(address.sun_path, "/tmp/tcpwatch-test-XXXXXX");
	close(mkstemp(address.sun_path));
	unlink(address.sun_path);
	server = socket(AF_UNIX, SOCK_DGRAM, 0);
	return bind(server, (struct sockaddr *)&address, sizeof(address));
}

static int stop_server(void **state)
{
	(void)state;
	unlink(address.sun_path);
	return close(server);
}

static struct output_options options(struct output_journal *journal)
{
	struct output_options made = {
		.columns = {
			.count = 5,
			.uses = {
				{ .id = COLUMN_COMM }, { .id = COLUMN_PID },
				{ .id = COLUMN_OLD }, { .id = COLUMN_ARROW },
				{ .id = COLUMN_DURATION }
			}
		},
		.journal = journal
	};

	return made;
}

static struct row row(void)
{
	struct row made = { .kind = &kind };

	made.cells[COLUMN_COMM] = (struct cell){
		.type = CELL_COMM, .comm = comm
	};
	made.cells[COLUMN_OLD] = (struct cell){
		.type = CELL_TEXT, .text = "LISTEN"
	};
	made.cells[COLUMN_ARROW] = (struct cell){
		.type = CELL_TEXT, .text = "->"
	};
	made.cells[COLUMN_DURATION] = (struct cell){
		.type = CELL_DURATION, .span = { 1373999, 1373999 }
	};
	return made;
}

static struct output_journal *open_journal(void)
{
	struct error err = { 0 };
	struct output_journal *journal =
		output_journal_open(address.sun_path, &err);

	assert_non_null(journal);
	return journal;
}

static void every_row_is_an_entry(void **state)
{
	struct output_journal *journal = open_journal();
	struct output_options made = options(journal);
	struct output_capture capture;
	const struct row one = row();
	char entry[1024] = "";

	(void)state;
	output_capture_open(&capture, &made);
	output_row(capture.output, &one);
	assert_true(recv(server, entry, sizeof(entry) - 1, MSG_DONTWAIT) > 0);
	assert_string_equal(entry,
			    "PRIORITY=6\n"
			    "SYSLOG_IDENTIFIER=tcpwatch\n"
			    "MESSAGE=evil?PRIORITY=0 - LISTEN -> 1.373\n"
			    "TCPWATCH_COMM=evil?PRIORITY=0\n"
			    "TCPWATCH_OLD=LISTEN\n"
			    "TCPWATCH_DURATION_MS=1.373\n");
	assert_string_equal(output_capture_close(&capture),
			    "evil?PRI -       LISTEN      ->     1.373\n");
	assert_int_equal(output_journal_dropped(journal), 0);
	output_journal_close(journal);
}

static void a_missing_journal_is_an_error(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_null(output_journal_open("/nowhere/socket", &err));
	assert_int_equal(err.code, ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/socket"));
	assert_non_null(strstr(err.text, "--journal"));
	output_journal_close(NULL);
}

static void too_long_a_path_is_an_error(void **state)
{
	struct error err = { 0 };
	char path[200];

	(void)state;
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_null(output_journal_open(path, &err));
	assert_int_equal(err.code, ENAMETOOLONG);
}

static void send_rows(struct output_journal *journal, int count)
{
	struct output_options made = options(NULL);
	const struct row one = row();
	struct wall_text wall;

	wall_text_init(&wall, false, true);
	for (int i = 0; i < count; i++)
		output_journal_row(journal, &made.columns, &one, &wall);
}

static void a_full_journal_is_counted(void **state)
{
	struct output_journal *journal = open_journal();
	uint64_t taken = 0;
	char byte;

	(void)state;
	send_rows(journal, 20000);
	while (recv(server, &byte, 1, MSG_DONTWAIT) > 0)
		taken++;
	assert_true(taken > 0);
	assert_int_equal(output_journal_dropped(journal), 20000 - taken);
	output_journal_close(journal);
}

static void a_journal_that_went_is_counted_and_found_again(void **state)
{
	struct output_journal *journal = open_journal();
	char byte;

	(void)state;
	close(server);
	unlink(address.sun_path);
	send_rows(journal, 2);
	assert_int_equal(output_journal_dropped(journal), 2);
	server = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(server, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	send_rows(journal, 1);
	assert_int_equal(output_journal_dropped(journal), 2);
	assert_int_equal(recv(server, &byte, 1, MSG_DONTWAIT), 1);
	output_journal_close(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_row_is_an_entry,
						start_server, stop_server),
		cmocka_unit_test(a_missing_journal_is_an_error),
		cmocka_unit_test(too_long_a_path_is_an_error),
		cmocka_unit_test_setup_teardown(a_full_journal_is_counted,
						start_server, stop_server),
		cmocka_unit_test_setup_teardown(
			a_journal_that_went_is_counted_and_found_again,
			start_server, stop_server)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

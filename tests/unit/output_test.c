/* SPDX-License-Identifier: BSD-2-Clause */
/* The buffer and the file behind it: rotation, slow and vanished readers, full
 * disks. No byte may be lost, doubled or cut where the disk is not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "output_capture.h"

enum { MANY_ROWS = 40000, ROW_BYTES = 10 };

static const struct row_kind kind = { .name = "state", .letter = 'S' };

static struct output_options numbers(void)
{
	struct output_options options = {
		.format = "csv", .header = true,
		.columns = { .count = 1, .uses = { { .id = COLUMN_MONO_NS } } }
	};

	return options;
}

/* A line of ROW_BYTES bytes. */
static void put_number(struct output *output, int64_t value)
{
	struct row row = { .kind = &kind };

	row.cells[COLUMN_MONO_NS] = (struct cell){
		.type = CELL_NUMBER, .number = 100000000 + value
	};
	output_row(output, &row);
}

static off_t file_size(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

static void rows_wait_for_the_flush(void **state)
{
	const struct output_options options = numbers();
	struct output_capture capture;
	struct error err = { 0 };

	(void)state;
	output_capture_open(&capture, &options);
	put_number(capture.output, 1);
	assert_int_equal(file_size(capture.path), 0);
	assert_int_equal(output_flush(capture.output, &err), 0);
	assert_string_equal(output_capture_read(&capture, capture.path),
			    "mono_ns\n100000001\n");
	assert_int_equal(output_flush(capture.output, &err), 0);
	assert_string_equal(output_capture_close(&capture),
			    "mono_ns\n100000001\n");
}

static void a_full_buffer_is_written(void **state)
{
	struct output_options options = numbers();
	struct output_capture capture;
	struct error err = { 0 };

	(void)state;
	options.header = false;
	output_capture_open(&capture, &options);
	for (int i = 0; i < MANY_ROWS; i++)
		put_number(capture.output, i);
	assert_in_range(file_size(capture.path),
			256 * 1024 - OUTPUT_RESERVE_MAX,
			MANY_ROWS * ROW_BYTES - 1);
	assert_int_equal(output_status(capture.output, &err), 0);
	assert_int_equal(output_flush(capture.output, &err), 0);
	assert_int_equal(file_size(capture.path), MANY_ROWS * ROW_BYTES);
	output_capture_close(&capture);
}

static void rotation_splits_between_rows(void **state)
{
	const struct output_options options = numbers();
	struct output_capture capture;
	struct error err = { 0 };
	char rotated[64];

	(void)state;
	output_capture_open(&capture, &options);
	put_number(capture.output, 1);
	snprintf(rotated, sizeof(rotated), "%s.1", capture.path);
	assert_int_equal(rename(capture.path, rotated), 0);
	put_number(capture.output, 2);
	assert_int_equal(output_reopen(capture.output, &err), 0);
	put_number(capture.output, 3);
	assert_string_equal(output_capture_read(&capture, rotated),
			    "mono_ns\n100000001\n100000002\n");
	unlink(rotated);
	assert_string_equal(output_capture_close(&capture),
			    "mono_ns\n100000003\n");
}

static void an_unrotated_file_goes_on(void **state)
{
	const struct output_options options = numbers();
	struct output_capture capture;
	struct error err = { 0 };

	(void)state;
	output_capture_open(&capture, &options);
	put_number(capture.output, 1);
	assert_int_equal(output_reopen(capture.output, &err), 0);
	put_number(capture.output, 2);
	assert_string_equal(output_capture_close(&capture),
			    "mono_ns\n100000001\n100000002\n");
}

static void a_failed_reopen_keeps_the_old_file(void **state)
{
	char directory[] = "/tmp/tcpwatch-test-XXXXXX", path[128], moved[64];
	struct output_options options = numbers();
	struct output_capture capture;
	struct error err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/log", directory);
	snprintf(moved, sizeof(moved), "%s.moved", directory);
	options.path = path;
	capture.output = output_new(&options, &err);
	assert_non_null(capture.output);
	assert_int_equal(output_begin(capture.output, &err), 0);
	assert_int_equal(rename(directory, moved), 0);
	assert_int_equal(output_reopen(capture.output, &err), -ENOENT);
	assert_non_null(strstr(err.text, path));
	put_number(capture.output, 1);
	assert_int_equal(output_flush(capture.output, &err), 0);
	output_free(capture.output);
	snprintf(path, sizeof(path), "%s/log", moved);
	assert_string_equal(output_capture_read(&capture, path),
			    "mono_ns\n100000001\n");
	unlink(path);
	rmdir(moved);
}

static void what_cannot_be_opened_is_named(void **state)
{
	struct output_options options = numbers();
	struct error err = { 0 };

	(void)state;
	options.path = "/nowhere/log";
	assert_null(output_new(&options, &err));
	assert_int_equal(err.code, ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/log"));

	err = (struct error){ 0 };
	options = numbers();
	options.format = "xml";
	assert_null(output_new(&options, &err));
	assert_int_equal(err.code, EINVAL);
	assert_non_null(strstr(err.text, "'xml'"));
	output_free(NULL);
}

/* A run that never begins must not cost the user what was there. */
static void a_file_is_emptied_when_the_watch_begins(void **state)
{
	struct output_options options = numbers();
	struct error err = { 0 };
	char path[] = "/tmp/tcpwatch-output-XXXXXX";
	struct output *output;
	struct stat status;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "old\n", 4), 4);
	options.path = path;
	options.header = false;
	output = output_new(&options, &err);
	assert_non_null(output);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, 4);
	assert_int_equal(output_begin(output, &err), 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, 0);
	output_free(output);
	unlink(path);
	close(fd);
}

static void a_full_disk_is_told(void **state)
{
	struct output_options options = numbers();
	struct error err = { 0 };
	struct output *output;

	(void)state;
	options.path = "/dev/full";
	output = output_new(&options, &err);
	assert_non_null(output);
	for (int i = 0; i < MANY_ROWS; i++)
		put_number(output, i);
	assert_int_equal(output_status(output, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "/dev/full"));
	err = (struct error){ 0 };
	assert_int_equal(output_flush(output, &err), -ENOSPC);
	assert_int_equal(err.code, ENOSPC);
	output_free(output);
}

/* A pipe with a reader that does not read by itself. */
struct slow_reader {
	char path[40];
	int fd;
	struct output *output;
	char text[MANY_ROWS * ROW_BYTES];
	size_t length;
};

static struct slow_reader slow;

static void slow_open(struct output_options options)
{
	struct error err = { 0 };

	strcpy(slow.path, "/tmp/tcpwatch-test-XXXXXX");
	assert_non_null(mkdtemp(slow.path));
	strcat(slow.path, "/pipe");
	assert_int_equal(mkfifo(slow.path, 0600), 0);
	slow.fd = open(slow.path, O_RDONLY | O_NONBLOCK);
	assert_true(slow.fd >= 0);
	slow.length = 0;
	options.path = slow.path;
	options.header = false;
	slow.output = output_new(&options, &err);
	assert_non_null(slow.output);
	unlink(slow.path);
	*strrchr(slow.path, '/') = '\0';
	rmdir(slow.path);
}

static void slow_read(void)
{
	ssize_t length;

	do {
		length = read(slow.fd, slow.text + slow.length,
			      sizeof(slow.text) - slow.length);
		if (length > 0)
			slow.length += (size_t)length;
	} while (length > 0);
}

/* Every row from the first, once, in order, and all of them whole. */
static void assert_rows(size_t count)
{
	assert_int_equal(slow.length, count * ROW_BYTES);
	for (size_t i = 0; i < count; i++) {
		char line[32];

		snprintf(line, sizeof(line), "%zu\n", 100000000 + i);
		assert_memory_equal(slow.text + i * ROW_BYTES, line, ROW_BYTES);
	}
}

static void a_vanished_reader_is_epipe(void **state)
{
	struct error err = { 0 };

	(void)state;
	slow_open(numbers());
	close(slow.fd);
	put_number(slow.output, 0);
	assert_int_equal(output_flush(slow.output, &err), -EPIPE);
	assert_int_equal(err.code, 0);
	assert_int_equal(output_status(slow.output, &err), -EPIPE);
	put_number(slow.output, 1);
	assert_int_equal(output_flush(slow.output, &err), -EPIPE);
	output_free(slow.output);
}

static void note_signal(int signal)
{
	(void)signal;
}

/* A signal now and again, so that one comes while a write waits. */
static void set_signals(bool on)
{
	const struct itimerval timer = {
		.it_interval.tv_usec = on ? 1000 : 0,
		.it_value.tv_usec = on ? 1000 : 0
	};

	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void an_interrupted_flush_can_go_on(void **state)
{
	struct error err = { 0 };
	int interruptions = 0, failed;

	(void)state;
	slow_open(numbers());
	for (int i = 0; i < 20000; i++)
		put_number(slow.output, i);
	set_signals(true);
	while ((failed = output_flush(slow.output, &err)) == -EINTR) {
		interruptions++;
		slow_read();
	}
	set_signals(false);
	assert_int_equal(failed, 0);
	assert_int_equal(err.code, 0);
	assert_true(interruptions > 0);
	slow_read();
	assert_rows(20000);
	output_free(slow.output);
	close(slow.fd);
}

static bool stop_at_once(void *context)
{
	*(int *)context += 1;
	return true;
}

static void stopping_ends_a_write_that_waits(void **state)
{
	struct output_options options = numbers();
	struct error err = { 0 };
	int asked = 0;
	size_t whole;

	(void)state;
	options.stopping = stop_at_once;
	options.stopping_context = &asked;
	slow_open(options);
	set_signals(true);
	for (int i = 0; i < MANY_ROWS; i++)
		put_number(slow.output, i);
	assert_int_equal(output_status(slow.output, &err), -EINTR);
	assert_int_equal(err.code, 0);
	assert_true(asked > 0);
	while (output_flush(slow.output, &err) == -EINTR)
		slow_read();
	set_signals(false);
	slow_read();
	whole = slow.length / ROW_BYTES;
	assert_in_range(whole, 20000, MANY_ROWS - 1);
	assert_rows(whole);
	output_free(slow.output);
	close(slow.fd);
}

/* False when it is asked first. */
static bool stop_meanwhile(void *context)
{
	int *asked = context;

	return (*asked)++ > 0;
}

/* The signal comes while a write that loses nothing goes on. */
static void stopping_during_a_write_loses_nothing(void **state)
{
	struct output_options options = numbers();
	struct output_capture capture;
	struct error err = { 0 };
	int asked = 0;

	(void)state;
	options.stopping = stop_meanwhile;
	options.stopping_context = &asked;
	options.header = false;
	output_capture_open(&capture, &options);
	put_number(capture.output, 7);
	assert_int_equal(output_flush(capture.output, &err), 0);
	put_number(capture.output, 8);
	assert_int_equal(output_flush(capture.output, &err), 0);
	assert_string_equal(output_capture_close(&capture),
			    "100000007\n100000008\n");
}

static bool never(void *context)
{
	(void)context;
	return false;
}

/* Whoever shares the descriptor may have made it non-blocking. */
static void a_non_blocking_pipe_is_waited_for(void **state)
{
	struct output_options options = numbers();
	struct error err = { 0 };
	int failed;

	(void)state;
	options.stopping = never;
	slow_open(options);
	fcntl(output_fd(slow.output), F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 20000; i++)
		put_number(slow.output, i);
	set_signals(true);
	while ((failed = output_flush(slow.output, &err)) == -EINTR)
		slow_read();
	set_signals(false);
	assert_int_equal(failed, 0);
	slow_read();
	assert_rows(20000);
	output_free(slow.output);
	close(slow.fd);
}

static int prepare(void **state)
{
	const struct sigaction action = { .sa_handler = note_signal };

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return sigaction(SIGALRM, &action, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_emptied_when_the_watch_begins),
		cmocka_unit_test(rows_wait_for_the_flush),
		cmocka_unit_test(a_full_buffer_is_written),
		cmocka_unit_test(rotation_splits_between_rows),
		cmocka_unit_test(an_unrotated_file_goes_on),
		cmocka_unit_test(a_failed_reopen_keeps_the_old_file),
		cmocka_unit_test(what_cannot_be_opened_is_named),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(a_vanished_reader_is_epipe),
		cmocka_unit_test(an_interrupted_flush_can_go_on),
		cmocka_unit_test(stopping_ends_a_write_that_waits),
		cmocka_unit_test(stopping_during_a_write_loses_nothing),
		cmocka_unit_test(a_non_blocking_pipe_is_waited_for)
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}

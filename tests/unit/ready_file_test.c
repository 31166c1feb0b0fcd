/* SPDX-License-Identifier: BSD-2-Clause */
/* What tells that every event is on: a file, or what is already there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "process/ready_file.h"

static char folder[] = "/tmp/ready-file-XXXXXX";

static const char *in_folder(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "file", "link", "fifo" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_folder(names[i]));
	return rmdir(folder);
}

static void assert_ready(int fd)
{
	char text[32] = "", expected[32];

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	snprintf(expected, sizeof(expected), "%d\n", getpid());
	assert_string_equal(text, expected);
	close(fd);
}

static void a_file(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(ready_file_write(in_folder("file"), &err), 0);
	assert_ready(open(in_folder("file"), O_RDONLY));
	/* Of an earlier run. */
	assert_int_equal(ready_file_write(in_folder("file"), &err), 0);
	assert_ready(open(in_folder("file"), O_RDONLY));
}

static void a_link(void **state)
{
	struct error err = { 0 };
	struct stat status;

	(void)state;
	unlink(in_folder("file"));
	assert_int_equal(symlink("file", in_folder("link")), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ready_file_write(in_folder("link"), &err), 0);
		assert_int_equal(lstat(in_folder("link"), &status), 0);
		assert_true(S_ISLNK(status.st_mode));
		assert_ready(open(in_folder("file"), O_RDONLY));
	}
}

static void a_pipe(void **state)
{
	struct error err = { 0 };
	struct stat status;
	int reader;

	(void)state;
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	/* Nobody reads. */
	assert_int_equal(ready_file_write(in_folder("fifo"), &err), -ENXIO);
	assert_non_null(strstr(err.text, "--ready-file: cannot write '"));
	reader = open(in_folder("fifo"), O_RDONLY | O_NONBLOCK);
	assert_int_equal(ready_file_write(in_folder("fifo"), &err), 0);
	assert_ready(reader);
	assert_int_equal(lstat(in_folder("fifo"), &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
}

static void nowhere(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(ready_file_write(in_folder("no/file"), &err), -ENOENT);
	assert_non_null(strstr(err.text, "no/file': No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file), cmocka_unit_test(a_link),
		cmocka_unit_test(a_pipe), cmocka_unit_test(nowhere),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

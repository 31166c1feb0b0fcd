/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is always whole, and what must not be replaced by one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
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

#include "metrics/metrics_file.h"

static char folder[] = "/tmp/metrics-file-XXXXXX";

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

/* Whatever else is in it stays, and fails. */
static int remove_folder(void **state)
{
	static const char *const names[] = { "file", "link", "loose", "fifo" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_folder(names[i]));
	return rmdir(folder);
}

static void assert_holds(const char *name, const char *expected)
{
	char text[32] = "";
	int fd = open(in_folder(name), O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, expected);
	close(fd);
}

static int written(const char *name, const char *text)
{
	struct error err = { 0 };

	return metrics_file_write(in_folder(name), NULL, text, strlen(text), &err);
}

static void replaced(void **state)
{
	struct error err = { 0 };
	struct stat before, now;

	(void)state;
	assert_int_equal(metrics_file_check(in_folder("file"), &err), 0);
	assert_int_equal(access(in_folder("file"), F_OK), -1);
	assert_int_equal(written("file", "one\n"), 0);
	assert_int_equal(stat(in_folder("file"), &before), 0);
	assert_int_equal(written("file", "two\n"), 0);
	assert_int_equal(stat(in_folder("file"), &now), 0);
	assert_true(before.st_ino != now.st_ino);
	assert_holds("file", "two\n");
}

static void through_a_link(void **state)
{
	struct error err = { 0 };
	struct stat status;

	(void)state;
	assert_int_equal(symlink("file", in_folder("link")), 0);
	assert_int_equal(metrics_file_check(in_folder("link"), &err), 0);
	assert_int_equal(written("link", "three\n"), 0);
	assert_int_equal(lstat(in_folder("link"), &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_holds("file", "three\n");
}

static void assert_refused(const char *path, int code, const char *words)
{
	struct error err = { 0 };

	assert_int_equal(metrics_file_check(path, &err), -code);
	assert_non_null(strstr(err.text, words));
}

static void refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("nothing", in_folder("loose")), 0);
	assert_refused(in_folder("loose"), ENOENT, "No such file");
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	assert_refused(in_folder("fifo"), EINVAL, "it is no regular file");
	assert_refused("/dev/null", EINVAL, "it is no regular file");
	assert_refused(in_folder("no/file"), ENOENT, "make its folder first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaced), cmocka_unit_test(through_a_link),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording and its pieces are there by their names, whatever happens to
 * these. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tcpwatch/held_files.h"

struct folder {
	char path[32];
	char name[64];                  /* what at() gave last */
};

static const char *at(struct folder *folder, const char *name)
{
	snprintf(folder->name, sizeof(folder->name), "%s/%s", folder->path, name);
	return folder->name;
}

static void make(struct folder *folder, const char *name)
{
	int fd = open(at(folder, name), O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, name, strlen(name)), (ssize_t)strlen(name));
	close(fd);
}

static const char *const names[] = { "a", "a.cpu0", "a.cpu17", "a.cpu", "a.cpu1x",
				     "b.cpu0", "aa.cpu0" };

enum { NAMES = sizeof(names) / sizeof(names[0]), HELD = 3 };

static void expect_held(const struct held_files *held, struct folder *folder,
			const char *name)
{
	char text[16] = "";

	/* Each time from its start. */
	for (int i = 0; i < 2; i++) {
		int fd = held_files_get(held, at(folder, name));

		assert_true(fd >= 0);
		assert_int_equal(read(fd, text, sizeof(text) - 1), strlen(name));
		assert_string_equal(text, name);
		close(fd);
	}
}

static void holds_a_file_and_its_pieces(void **state)
{
	struct folder folder = { .path = "/tmp/tcpwatch-held-XXXXXX" };
	struct error err = { 0 };
	struct held_files *held;

	(void)state;
	assert_non_null(mkdtemp(folder.path));
	for (size_t i = 0; i < NAMES; i++)
		make(&folder, names[i]);
	held = held_files_open(at(&folder, "a"), &err);
	assert_non_null(held);
	for (size_t i = 0; i < NAMES; i++)
		unlink(at(&folder, names[i]));
	for (size_t i = 0; i < HELD; i++)
		expect_held(held, &folder, names[i]);
	for (size_t i = HELD; i < NAMES; i++)
		assert_int_equal(held_files_get(held, at(&folder, names[i])),
				 -ENOENT);
	held_files_close(held);
	rmdir(folder.path);
}

static void opens_at_once_what_nobody_holds(void **state)
{
	int fd = held_files_get(NULL, "/dev/null");

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(held_files_get(NULL, "/nowhere/at/all"), -ENOENT);
}

static void says_what_cannot_be_opened(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_null(held_files_open("/nowhere/at/all", &err));
	assert_int_equal(err.code, ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/at/all"));
	held_files_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_a_file_and_its_pieces),
		cmocka_unit_test(opens_at_once_what_nobody_holds),
		cmocka_unit_test(says_what_cannot_be_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Links are followed, to their end, and what is no link stays as it is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/link_target.h"

static char made[] = "/tmp/link-target-XXXXXX";
static char folder[PATH_MAX];           /* the same, if /tmp is a link */

static const char *in_folder(const char *name)
{
	static char paths[2][PATH_MAX];
	static unsigned int turn;
	char *path = paths[turn++ % 2];

	snprintf(path, PATH_MAX, "%.1000s/%.100s", folder, name);
	return path;
}

static int make_files(void **state)
{
	FILE *file;

	(void)state;
	if (!mkdtemp(made) || !realpath(made, folder))
		return -1;
	file = fopen(in_folder("file"), "w");
	return !file || fclose(file) ||
	       symlink(in_folder("file"), in_folder("once")) ||
	       symlink("once", in_folder("twice")) ||
	       symlink("nothing", in_folder("dangling"));
}

static int remove_files(void **state)
{
	static const char *const names[] = { "file", "once", "twice", "dangling" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(in_folder(names[i]));
	return rmdir(folder);
}

static void assert_leads(const char *from, const char *to)
{
	char target[PATH_MAX];

	assert_int_equal(link_target(in_folder(from), target), 0);
	assert_string_equal(target, in_folder(to));
}

static void links_are_followed_to_their_end(void **state)
{
	(void)state;
	assert_leads("once", "file");
	assert_leads("twice", "file");
}

static void others_stay_as_they_are(void **state)
{
	(void)state;
	assert_leads("file", "file");
	assert_leads("not there yet", "not there yet");
}

static void a_link_to_nothing_is_told(void **state)
{
	char target[PATH_MAX];

	(void)state;
	assert_int_equal(link_target(in_folder("dangling"), target), -ENOENT);
}

static void a_long_name_is_told(void **state)
{
	char path[PATH_MAX + 1], target[PATH_MAX];

	(void)state;
	memset(path, 'x', PATH_MAX);
	path[PATH_MAX] = '\0';
	assert_int_equal(link_target(path, target), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_followed_to_their_end),
		cmocka_unit_test(others_stay_as_they_are),
		cmocka_unit_test(a_link_to_nothing_is_told),
		cmocka_unit_test(a_long_name_is_told),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}

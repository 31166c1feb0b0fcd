/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies findings, and makes trees under /tmp; see survey_capture.h. */
#include "survey_capture.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

static char tree[64];

static void take(void *context, const struct survey_finding *finding)
{
	struct survey_capture *capture = context;
	size_t i = capture->count++;

	assert_true(i < SURVEY_CAPTURE_MAX);
	assert_non_null(finding->about);
	assert_non_null(finding->enables);
	assert_true(finding->found[0]);
	assert_true(finding->verdict < SURVEY_VERDICT_COUNT);
	capture->findings[i] = *finding;
	snprintf(capture->names[i], sizeof(capture->names[i]), "%s",
		 finding->name);
	capture->findings[i].name = capture->names[i];
}

struct survey_sink survey_capture_sink(struct survey_capture *capture)
{
	capture->count = 0;
	return (struct survey_sink){ take, capture };
}

const struct survey_finding *survey_capture_find(
	const struct survey_capture *capture, const char *name)
{
	for (size_t i = 0; i < capture->count; i++)
		if (!strcmp(capture->findings[i].name, name))
			return &capture->findings[i];
	fail_msg("no finding '%s'", name);
	return NULL;
}

const char *survey_tree_new(void)
{
	snprintf(tree, sizeof(tree), "/tmp/tcpwatch-survey-XXXXXX");
	assert_non_null(mkdtemp(tree));
	return tree;
}

/* The path inside the tree, whose folders are there then. */
static void make_way(const char *path, char whole[PATH_MAX])
{
	snprintf(whole, PATH_MAX, "%s/%s", tree, path);
	for (char *at = whole + strlen(tree) + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		mkdir(whole, 0755);
		*at = '/';
	}
}

void survey_tree_add(const char *path, const char *text)
{
	char whole[PATH_MAX];
	FILE *file;

	make_way(path, whole);
	file = fopen(whole, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void survey_tree_link(const char *path, const char *target)
{
	char whole[PATH_MAX], real[PATH_MAX];

	make_way(path, whole);
	assert_non_null(realpath(target, real));
	assert_int_equal(symlink(real, whole), 0);
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

void survey_tree_free(void)
{
	assert_int_equal(nftw(tree, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps findings, for tests of who makes them, and lays out small trees of files
 * for these to look at. Failures end the running test. */
#ifndef SURVEY_CAPTURE_H
#define SURVEY_CAPTURE_H

#include "tcpwatch/survey.h"

enum { SURVEY_CAPTURE_MAX = 64 };

struct survey_capture {
	size_t count;
	struct survey_finding findings[SURVEY_CAPTURE_MAX];
	char names[SURVEY_CAPTURE_MAX][64];
};

/* A sink that fills the capture, which is emptied. */
struct survey_sink survey_capture_sink(struct survey_capture *capture);

/* The finding of that name. */
const struct survey_finding *survey_capture_find(
	const struct survey_capture *capture, const char *name);

/* Makes a folder for a tree; its path, until the next call. */
const char *survey_tree_new(void);

/* Writes a file into it, with the folders on the way. */
void survey_tree_add(const char *path, const char *text);

/* Puts a link there, to a path from where the test runs. */
void survey_tree_link(const char *path, const char *target);

void survey_tree_free(void);

#endif

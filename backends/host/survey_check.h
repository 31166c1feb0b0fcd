/* SPDX-License-Identifier: BSD-2-Clause */
/* A table of things to look at, each with what it is good for, becomes
 * findings. */
#ifndef SURVEY_CHECK_H
#define SURVEY_CHECK_H

#include <stdbool.h>

#include "tcpwatch/error.h"
#include "tcpwatch/survey.h"

struct survey_check {
	const char *name, *enables;
	const char *remedy;     /* where the verdict is not GOOD; NULL: look()
	                         * stores one, or says it in what it found */

	/* Stores verdict and found, and what else there is to say. place: whatever
	 * this table's functions look at. */
	void (*look)(const void *place, struct survey_finding *finding);
};

/* Looks at each row of the table, which ends with a row whose name is NULL. */
void survey_check_all(const struct survey_check *checks, const char *about,
		      const void *place, const struct survey_sink *sink);

/* Stores the verdict and what was found. */
void survey_check_find(struct survey_finding *finding,
		       enum survey_verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The verdict of a failure, whose text has the remedy: RIGHTS for EACCES and
 * EPERM, else otherwise. */
void survey_check_fail(struct survey_finding *finding,
		       enum survey_verdict otherwise, const struct error *err);

/* GOOD, and what was found, where nothing failed; else as survey_check_fail(). */
void survey_check_settle(struct survey_finding *finding,
			 enum survey_verdict otherwise,
			 const struct error *failed, const char *found);

/* Adds a word to what there is, or to what there is not. */
void survey_check_add(struct survey_finding *finding, bool has,
		      const char *word);

#endif

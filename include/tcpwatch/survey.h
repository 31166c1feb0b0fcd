/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this host gives tcpwatch to work with, told in findings: by the host
 * itself, and by each backend about what it stands on. Nothing is left behind.
 */
#ifndef TCPWATCH_SURVEY_H
#define TCPWATCH_SURVEY_H

#include <stddef.h>

enum survey_verdict {
	SURVEY_GOOD,            /* as it should be */
	SURVEY_LESS,            /* it works, but with less or in another way */
	SURVEY_BAD,             /* there is no such thing, or it is forbidden */
	SURVEY_RIGHTS,          /* forbidden to this process alone, or not to be
	                         * seen by it: rights are missing */
	SURVEY_VERDICT_COUNT
};

enum { SURVEY_FOUND_BYTES = 640, SURVEY_WORDS_BYTES = 512 };

struct survey_finding {
	const char *about;      /* "host", or a backend's name */
	const char *name;       /* of what was looked at; unique within about */
	const char *enables;    /* what it is good for */
	const char *remedy;     /* what the user can do; NULL = nothing is wrong,
	                         * nothing helps, or found says it */
	enum survey_verdict verdict;
	char found[SURVEY_FOUND_BYTES]; /* one line */
	char has[SURVEY_WORDS_BYTES];   /* of its parts, those that are there, and */
	char lacks[SURVEY_WORDS_BYTES]; /* those that are not: words, each with a
	                                 * blank behind it */
};

struct survey_sink {            /* the finding is borrowed until take() returns */
	void (*take)(void *context, const struct survey_finding *finding);
	void *context;
};

/* registry.c: tells all of it, the host first, then backends best first. */
void survey_run(const struct survey_sink *sink);

#endif

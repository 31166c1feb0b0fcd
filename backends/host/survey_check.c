/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks a table of checks; see survey_check.h. */
#include "survey_check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void survey_check_find(struct survey_finding *finding,
		       enum survey_verdict verdict, const char *format, ...)
{
	va_list arguments;
	size_t length;

	finding->verdict = verdict;
	va_start(arguments, format);
	vsnprintf(finding->found, sizeof(finding->found), format, arguments);
	va_end(arguments);
	/* Words have a blank behind them. */
	length = strlen(finding->found);
	if (length && finding->found[length - 1] == ' ')
		finding->found[length - 1] = '\0';
}

void survey_check_fail(struct survey_finding *finding,
		       enum survey_verdict otherwise, const struct error *err)
{
	bool rights = err->code == EACCES || err->code == EPERM;

	survey_check_find(finding, rights ? SURVEY_RIGHTS : otherwise, "%s",
			  err->text);
	finding->remedy = NULL;
}

void survey_check_settle(struct survey_finding *finding,
			 enum survey_verdict otherwise,
			 const struct error *failed, const char *found)
{
	if (failed->code)
		survey_check_fail(finding, otherwise, failed);
	else
		survey_check_find(finding, SURVEY_GOOD, "%s", found);
}

void survey_check_add(struct survey_finding *finding, bool has,
		      const char *word)
{
	char *words = has ? finding->has : finding->lacks;
	size_t length = strlen(words);

	if (length + strlen(word) + 2 <= SURVEY_WORDS_BYTES)
		snprintf(words + length, SURVEY_WORDS_BYTES - length, "%s ",
			 word);
}

void survey_check_all(const struct survey_check *checks, const char *about,
		      const void *place, const struct survey_sink *sink)
{
	for (; checks->name; checks++) {
		struct survey_finding finding = {
			.about = about,
			.name = checks->name,
			.enables = checks->enables,
			.remedy = checks->remedy,
		};

		checks->look(place, &finding);
		if (finding.verdict == SURVEY_GOOD)
			finding.remedy = NULL;
		sink->take(sink->context, &finding);
	}
}

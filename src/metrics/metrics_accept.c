/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the text formats a scraper wants (RFC 9110, section 12.5.1). */
#include "metrics_accept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { RANGE_BYTES = 256 };

static char *trim(char *word)
{
	size_t length;

	word += strspn(word, " \t");
	for (length = strlen(word); length && strchr(" \t", word[length - 1]);)
		word[--length] = '\0';
	return word;
}

/* The value of a parameter of that name; NULL: it is another one. */
static const char *value_of(char *parameter, const char *name)
{
	size_t length = strlen(name);

	parameter = trim(parameter);
	return strncasecmp(parameter, name, length) || parameter[length] != '=' ?
	       NULL : parameter + length + 1;
}

/* 1000 times the weight that one media range gives the format; 0: none. */
static unsigned int weigh(char *range, enum metrics_format format)
{
	static const char *const types[METRICS_FORMAT_COUNT] = {
		"text/plain", "application/openmetrics-text"
	};
	static const char *const versions[METRICS_FORMAT_COUNT] = {
		"0.0.4", "1.0.0"
	};
	const char *type = trim(strsep(&range, ";")), *value;
	bool any = format == METRICS_FORMAT_TEXT &&
		   (!strcmp(type, "*/*") || !strcasecmp(type, "text/*"));
	double weight = 1;

	if (!any && strcasecmp(type, types[format]))
		return 0;
	while (range) {
		char *parameter = strsep(&range, ";");

		value = value_of(parameter, "version");
		if (value && !any && strcmp(value, versions[format]))
			return 0;
		value = value_of(parameter, "q");
		if (value)
			weight = strtod(value, NULL);
	}
	return weight > 0 && weight <= 1 ? (unsigned int)(weight * 1000) : 0;
}

/* A range longer than any that means us is none of ours. */
static unsigned int weigh_next(const char **accept, enum metrics_format format)
{
	size_t length = strcspn(*accept, ",");
	char range[RANGE_BYTES];
	unsigned int weight = 0;

	if (length < sizeof(range)) {
		memcpy(range, *accept, length);
		range[length] = '\0';
		weight = weigh(range, format);
	}
	*accept += length + ((*accept)[length] == ',');
	return weight;
}

static unsigned int best_weight(const char *accept, enum metrics_format format)
{
	unsigned int best = 0;

	while (accept && *accept) {
		unsigned int weight = weigh_next(&accept, format);

		if (weight > best)
			best = weight;
	}
	return best;
}

enum metrics_format metrics_accept_best(const char *accept)
{
	unsigned int wanted = best_weight(accept, METRICS_FORMAT_OPENMETRICS);

	return wanted && wanted >= best_weight(accept, METRICS_FORMAT_TEXT) ?
	       METRICS_FORMAT_OPENMETRICS : METRICS_FORMAT_TEXT;
}

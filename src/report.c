/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells what is in a recording; see report.h. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "diagnostics.h"
#include "safe_text.h"
#include "tcpwatch/recording.h"

enum { VALUE_BYTES = 512 };

static void print_fact(void *context, const char *what, const char *value)
{
	char safe[VALUE_BYTES];
	size_t length;

	(void)context;
	length = safe_text_terminal(safe, value, strnlen(value, sizeof(safe)), NULL);
	printf("%-9s %.*s\n", what, (int)length, safe);
}

int report_info(const struct options *options, struct error *err)
{
	const struct recording_fact_sink sink = { print_fact, NULL };
	int ret = options->recover ? report_recover(options, err) : 0;

	if (!ret)
		ret = recording_describe(options->read_path, &sink, err);
	if (fflush(stdout) && !ret)
		ret = error_set(err, errno, "cannot write to stdout: %s",
				strerror(errno));
	return ret;
}

int report_recover(const struct options *options, struct error *err)
{
	bool joined;
	int ret = recording_recover(options->read_path, &joined, err);

	if (!ret && joined)
		diagnostics_note("%s is whole again", options->read_path);
	else if (!ret)
		diagnostics_note("%s was whole already", options->read_path);
	return ret;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells what is in a recording; see report.h. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/diagnostics.h"
#include "common/safe_text.h"
#include "process/privileges.h"
#include "process/ready_file.h"
#include "syscall_filter.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/recording.h"
#include "watch.h"

enum { VALUE_BYTES = 512 };

static void print_fact(void *context, const char *what, const char *value)
{
	char safe[VALUE_BYTES];
	size_t length;

	(void)context;
	length = safe_text_terminal(safe, value, strnlen(value, sizeof(safe)), NULL);
	printf("%-9s %.*s\n", what, (int)length, safe);
}

static bool reads_recording(const struct options *options)
{
	const struct backend_ops *const *ops = backends;

	if (!options->read_path || !strcmp(options->backend, "auto"))
		return options->read_path;
	while (*ops && strcmp((*ops)->name, options->backend))
		ops++;
	return *ops && (*ops)->promises & BACKEND_AUTO;
}

int report_hold(const struct options *options, struct held_files **held,
		struct error *err)
{
	*held = NULL;
	if (!reads_recording(options))
		return 0;
	*held = held_files_open(options->read_path, err);
	if (!*held || (options->ready_path &&
		       ready_file_write(options->ready_path, err)))
		return -err->code;
	if (privileges_drop(err) || syscall_filter_enter(err) < 0)
		return -err->code;
	return 0;
}

/* Of a recording that cannot be read, as where its rows are: it is not what it should
 * be, or cannot be opened. */
static int exit_code(const struct error *err)
{
	return err->code == EBADMSG || err->code == EINVAL ? EXIT_USAGE :
							     EXIT_NO_BACKEND;
}

int report_info(const struct options *options, struct error *err)
{
	const struct recording_fact_sink sink = { print_fact, NULL };
	int code = options->recover ? report_recover(options, err) : EXIT_DONE;
	struct held_files *held = NULL;

	if (code == EXIT_DONE && report_hold(options, &held, err))
		code = held ? EXIT_FAILED : EXIT_NO_BACKEND;
	else if (code == EXIT_DONE &&
		 recording_describe(options->read_path, held, &sink, err))
		code = exit_code(err);
	held_files_close(held);
	if (!fflush(stdout) || errno == EPIPE || code != EXIT_DONE)
		return code;
	error_set(err, errno, "cannot write to stdout: %s", strerror(errno));
	return EXIT_FAILED;
}

int report_recover(const struct options *options, struct error *err)
{
	bool joined;

	if (recording_recover(options->read_path, &joined, err))
		return joined ? EXIT_FAILED : exit_code(err);
	diagnostics_note(joined ? "%s is whole again" : "%s was whole already",
			 options->read_path);
	return EXIT_DONE;
}

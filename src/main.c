/* SPDX-License-Identifier: BSD-2-Clause */
/* Wires options to the watch and failures to exit codes. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "common/diagnostics.h"
#include "doctor/doctor.h"
#include "options/options.h"
#include "process/signals.h"
#include "recording/record.h"
#include "sockets/sockets.h"
#include "watch/report.h"
#include "watch/watch.h"

/* A closed one would be the number of the next file that is opened, and rows or
 * messages would go there. */
static int hold_standard_descriptors(struct error *err)
{
	bool has_output = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	return has_output ? 0 : error_set(err, EBADF, "stdout is closed: "
					  "redirect it, or use -o FILE");
}

/* The others handle signals themselves. */
static bool only_prints(enum options_action action)
{
	return action == OPTIONS_HELP || action == OPTIONS_VERSION ||
	       action == OPTIONS_LIST_COLUMNS || action == OPTIONS_INFO;
}

static int run(const struct options *options, struct error *err)
{
	int failed = 0;

	switch (options->action) {
	case OPTIONS_HELP:
		failed = options->errand ?
			 options_print_errand(options->errand, err) :
			 options_print_help(options->view, err);
		break;
	case OPTIONS_MEANING:
		failed = options_print_meaning(options->meaning, err);
		break;
	case OPTIONS_VERSION:
		failed = options_print_version(err);
		break;
	case OPTIONS_LIST_COLUMNS:
		failed = options_print_columns(options->view, err);
		break;
	case OPTIONS_SOCKETS:
		return sockets_run(options, err);
	case OPTIONS_RECORD:
		return record_run(options, err);
	case OPTIONS_DOCTOR:
		return doctor_run(options, err);
	case OPTIONS_INFO:
		return report_info(options, err);
	case OPTIONS_WATCH:
		return watch_run(options, err);
	}
	return failed ? EXIT_FAILED : EXIT_DONE;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct options options;
	int code;

	if (hold_standard_descriptors(&err)) {
		diagnostics_error(&err);
		return EXIT_FAILED;
	}
	if (options_parse(&options, argc, argv, &err)) {
		diagnostics_error(&err);
		return EXIT_USAGE;
	}
	diagnostics_set_verbosity(options.verbosity);
	if (only_prints(options.action))
		signals_ignore_pipe();
	code = run(&options, &err);
	if (err.code)
		diagnostics_error(&err);
	return code;
}

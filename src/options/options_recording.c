/* SPDX-License-Identifier: BSD-2-Clause */
/* Settles the options of record and report; see options_recording.h. */
#include "options_recording.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tcpwatch/recording.h"

#define DEFAULT_PATH "trace.dat"        /* trace-cmd's own */

int options_recording_settle_record(struct options *options, struct error *err)
{
	const struct recorder_ops *recorder = recording_recorder;

	if (!options->output_path)
		options->output_path = DEFAULT_PATH;
	if (!strcmp(options->output_path, "-"))
		return error_set(err, EINVAL, "--output: a recording cannot go to "
				 "stdout; give a file");
	if (recorder && strcmp(options->backend, "auto") &&
	    strcmp(options->backend, recorder->name))
		return error_set(err, EINVAL, "--backend: '%s' cannot record; give "
				 "%s, or leave it out", options->backend,
				 recorder->name);
	if (options->rotate && !options->size_limit && !options->flight_bytes)
		return error_set(err, EINVAL, "--rotate: needs --size-limit, or it "
				 "would never begin another file");
	if (options->when && !options->flight_bytes)
		return error_set(err, EINVAL, "--when: needs --flight SIZE, the "
				 "memory that is written then");
	if (options->when & OPTIONS_WHEN_STUCK && !options->stuck.given)
		return error_set(err, EINVAL, "--when: 'stuck' needs --stuck "
				 "STATE:SECONDS, such as CLOSE_WAIT:60");
	if (options->stuck.given && !(options->when & OPTIONS_WHEN_STUCK))
		return error_set(err, EINVAL, "--stuck: a recording has no rows; "
				 "give --when stuck, or use it with report");
	if (options->flight_bytes && options->size_limit)
		return error_set(err, EINVAL, "--flight and --size-limit exclude "
				 "each other; use one of them");
	return 0;
}

/* Of one moment that counts from the start of the recording and one that does not
 * only the recording can tell. */
static bool is_backwards(const struct options *options)
{
	const struct options_time *from = &options->from, *to = &options->to;

	return from->given && to->given && from->relative == to->relative &&
	       from->ns > to->ns;
}

int options_recording_settle_report(struct options *options, struct error *err)
{
	if (!options->read_path && access(DEFAULT_PATH, F_OK))
		return error_set(err, EINVAL, "report: which recording? there is no "
				 DEFAULT_PATH " here; give -i FILE");
	if (!options->read_path)
		options->read_path = DEFAULT_PATH;
	if (is_backwards(options))
		return error_set(err, EINVAL, "--from: is later than --to, and "
				 "nothing lies between; give the earlier one to "
				 "--from");
	if (options->action == OPTIONS_INFO && strcmp(options->format, "table"))
		return error_set(err, EINVAL, "--info: is text, and no '%s'; leave "
				 "out one of the two", options->format);
	return 0;
}

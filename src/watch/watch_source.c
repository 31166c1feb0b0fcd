/* SPDX-License-Identifier: BSD-2-Clause */
/* From options to an open backend; see watch_source.h. */
#include "watch_source.h"

#include <errno.h>
#include <string.h>

#include "common/diagnostics.h"
#include "report.h"
#include "watch.h"
#include "watch_missing.h"
#include "watch_wants.h"

enum { READ_BUDGET = 2048 };

/* A backend that the user names must work. */
static bool may_be_silent(const struct options *options)
{
	return options->view->spares_events && !strcmp(options->backend, "auto");
}

/* After *err has said why there are no events. */
static struct backend *open_silent(const struct backend_options *wanted,
				   struct error *err)
{
	diagnostics_note("no trace beside it: %s", err->text);
	*err = (struct error){ 0 };
	return backend_silent.open(wanted, err);
}

static struct backend *open_backend(const struct options *options,
				    const struct backend_options *wanted,
				    char *report, struct error *err)
{
	struct backend *backend =
		wanted->events == EVENT_BIT(EVENT_TICK) ?
		backend_silent.open(wanted, err) :
		backend_open(options->backend, watch_wants_promises(options),
			     wanted, report, err);

	if (!backend && may_be_silent(options))
		backend = open_silent(wanted, err);
	return backend;
}

static void tell(const struct watch_source *source,
		 const struct options *options, const char *report)
{
	if (report[0])
		diagnostics_note("%s", report);
	if (source->facts.note)
		diagnostics_note("%s", source->facts.note);
	if (options->view->note)
		diagnostics_note("%s", options->view->note);
}

static uint64_t moment_ns(const struct watch_source *source,
			  const struct options_time *time, uint64_t otherwise_ns)
{
	if (!time->given)
		return otherwise_ns;
	return time->ns + (time->relative ? source->facts.since_ns : 0);
}

static int set_moments(struct watch_source *source,
		       const struct options *options, struct error *err)
{
	source->from_ns = moment_ns(source, &options->from, 0);
	source->to_ns = moment_ns(source, &options->to, UINT64_MAX);
	if (source->from_ns <= source->to_ns)
		return EXIT_DONE;
	error_set(err, EINVAL, "--from: is later than --to in '%s', and nothing "
		  "lies between; --info tells its times", options->read_path);
	return EXIT_USAGE;
}

/* Trace events carry process ids of the initial PID namespace: here, nothing
 * that names a process could ever match, where that matters. */
static int check_pids(const struct watch_source *source,
		      const struct options *options, struct error *err)
{
	const char *option = options->command ? "--" : "--pid";

	if (!source->facts.foreign_pids || options->view->spares_events ||
	    (!options->command && !options->filter.endpoints.pids.count))
		return EXIT_DONE;
	error_set(err, EPERM, "%s cannot work inside a PID namespace: the kernel "
		  "reports other process ids; run it outside, or filter by port",
		  option);
	return EXIT_NO_BACKEND;
}

int watch_source_open(struct watch_source *source,
		      const struct options *options, unsigned int events,
		      struct error *err)
{
	struct backend_options wanted = watch_wants_backend(options, events);
	char report[BACKEND_REPORT_BYTES] = "";
	int code;

	if (report_hold(options, &source->held, err))
		return source->held ? EXIT_FAILED : EXIT_NO_BACKEND;
	wanted.held = source->held;
	wanted.filter = &options->filter.endpoints;
	source->backend = open_backend(options, &wanted, report, err);
	if (!source->backend)           /* EINVAL: what stands in the file */
		return options->read_path && err->code == EINVAL ?
			EXIT_USAGE : EXIT_NO_BACKEND;
	source->backend->ops->facts(source->backend, &source->facts);
	tell(source, options, report);
	code = set_moments(source, options, err);
	if (code != EXIT_DONE)
		return code;
	watch_missing_tell(options, events, &source->facts,
			   options->read_path ? options->read_path :
			   source->backend->ops->name);
	return check_pids(source, options, err);
}

enum backend_answer watch_source_read(struct watch_source *source,
				      const struct event_sink *sink,
				      struct error *err)
{
	const struct backend_ops *ops = source->backend->ops;
	const char *note = source->facts.note;

	ops->facts(source->backend, &source->facts);
	if (source->facts.note && source->facts.note != note)
		diagnostics_note("%s", source->facts.note);
	return ops->read(source->backend, READ_BUDGET, sink, err);
}

void watch_source_close(struct watch_source *source)
{
	if (source->backend)
		source->backend->ops->close(source->backend);
	held_files_close(source->held);
}

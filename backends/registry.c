/* SPDX-License-Identifier: BSD-2-Clause */
/* Which backends this build has, best first, the choice among them, and what
 * else depends on the build: recording, and ways of compression. */
#include "registry.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/host_survey.h"
#include "host/survey_check.h"
#include "process_walk.h"
#include "replay/inflate.h"

const struct inflate *const inflates[] = {
#if WITH_ZLIB
	&inflate_zlib,
#endif
#if WITH_ZSTD
	&inflate_zstd,
#endif
	NULL
};

const struct backend_ops *const backends[] = {
#if WITH_TRACEFS
	&tracefs_backend,
#endif
#if WITH_BPF
	&bpf_backend,
#endif
	&diag_backend,
	&replay_backend,
	&scripted_backend,
	NULL
};

#if WITH_TRACEFS
const struct recorder_ops *const recording_recorder = &tracefs_recorder;
#else
const struct recorder_ops *const recording_recorder;
#endif

/* Every backend that some build has, in the same order, with those of its
 * promises that the choice begins with: so the report can also tell which
 * better one another build would have taken. */
static const struct {
	const char *name;
	unsigned int promises;
} known[] = {
	{ "tracefs", BACKEND_LIVE | BACKEND_AUTO },
	{ "bpf", BACKEND_LIVE | BACKEND_AUTO },
	{ "diag", BACKEND_LIVE | BACKEND_AUTO },
	{ "replay", BACKEND_FILE | BACKEND_AUTO },
	{ "scripted", BACKEND_FILE },
};

enum { KNOWN_COUNT = sizeof(known) / sizeof(known[0]) };

static const struct {
	unsigned int promise;
	const char *words;
} promises[] = {
	{ BACKEND_LIVE, "watch this machine" },
	{ BACKEND_EXACT, "see every transition" },
	{ BACKEND_OWNER, "name processes" },
	{ BACKEND_FILE, "read a file" },
	{ BACKEND_SEQUENCE, "tell sequence numbers" },
	{ BACKEND_PLACE, "filter by network namespace or control group" },
};

/* A list in words that grows until its room is used up; a report has room for
 * it and for "using <name> ()". */
struct phrase {
	char text[BACKEND_REPORT_BYTES - 32];
	size_t length;
};

static void add(struct phrase *phrase, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct phrase *phrase, const char *format, ...)
{
	size_t room = sizeof(phrase->text) - phrase->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(phrase->text + phrase->length, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		phrase->length += (size_t)length < room ? (size_t)length : room - 1;
}

static const struct backend_ops *find(const struct backend_ops *const *table,
				      const char *name)
{
	for (; *table; table++)
		if (!strcmp((*table)->name, name))
			return *table;
	return NULL;
}

/* What a backend without all promises in needs cannot do; NULL: it has all. */
static const char *lacks(const struct backend_ops *ops, unsigned int needs)
{
	unsigned int missing = needs & ~ops->promises;

	if (!missing)
		return NULL;
	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++)
		if (missing & promises[i].promise)
			return promises[i].words;
	return "do that";
}

/* A backend that fails must say why; this one is for those that do not. */
static void ensure_reason(struct error *err)
{
	if (!err->code || !err->text[0]) {
		*err = (struct error){ 0 };
		error_set(err, EIO, "failed without a reason");
	}
}

static void refuse_unknown(const struct backend_ops *const *table,
			   const char *name, struct error *err)
{
	struct phrase names = { .length = 0 };

	for (; *table; table++)
		add(&names, ", %s", (*table)->name);
	error_set(err, EINVAL, "there is no '%s' backend; use auto%s", name,
		  names.text);
}

/* The row of known[], or KNOWN_COUNT. */
static size_t find_known(const char *name)
{
	size_t i = 0;

	while (i < KNOWN_COUNT && strcmp(known[i].name, name))
		i++;
	return i;
}

static void refuse_missing(const struct backend_ops *const *table,
			   const char *name, unsigned int needs,
			   struct error *err)
{
	struct phrase names = { .length = 0 };

	/* No other build would do either. */
	if (needs & BACKEND_FILE & ~known[find_known(name)].promises) {
		error_set(err, EINVAL, "--backend: '%s' watches this machine and "
			  "cannot go with --read; leave out one of the two", name);
		return;
	}
	for (; *table; table++)
		add(&names, "%s%s", names.length ? ", " : "", (*table)->name);
	error_set(err, ENOTSUP, "this build has no '%s' backend; it has %s", name,
		  names.text);
}

static struct backend *open_named(const struct backend_ops *const *table,
				  const char *name, unsigned int needs,
				  const struct backend_options *options,
				  char *report, struct error *err)
{
	const struct backend_ops *ops = find(table, name);
	struct error failure = { 0 };
	struct backend *backend;

	if (!ops && find_known(name) < KNOWN_COUNT) {
		refuse_missing(table, name, needs, err);
		return NULL;
	}
	if (!ops) {
		refuse_unknown(table, name, err);
		return NULL;
	}
	if (lacks(ops, needs)) {
		error_set(err, ENOTSUP, "the '%s' backend cannot %s, which this "
			  "command needs", name, lacks(ops, needs));
		return NULL;
	}
	backend = ops->open(options, &failure);
	if (!backend) {
		ensure_reason(&failure);
		error_prefix(&failure, name);
		error_set(err, failure.code, "%s", failure.text);
		return NULL;
	}
	snprintf(report, BACKEND_REPORT_BYTES, "using %s", name);
	return backend;
}

static struct backend *try_open(const struct backend_ops *ops,
				const struct backend_options *options,
				struct error *err)
{
	struct backend *backend;

	if (ops->probe(options, err)) {
		ensure_reason(err);
		return NULL;
	}
	backend = ops->open(options, err);
	if (!backend)
		ensure_reason(err);
	return backend;
}

/* Opens the backend called name if this build has it and it can and does; else
 * the reason is in *err. */
static struct backend *try_automatic(const struct backend_ops *const *table,
				     const char *name, unsigned int needs,
				     const struct backend_options *options,
				     struct error *err)
{
	const struct backend_ops *ops = find(table, name);

	if (!ops) {
		error_set(err, ENOTSUP, "not in this build");
		return NULL;
	}
	if (lacks(ops, needs)) {
		error_set(err, ENOTSUP, "cannot %s", lacks(ops, needs));
		return NULL;
	}
	return try_open(ops, options, err);
}

/* May this row of known[] be chosen by itself: to read a file where one is to
 * be read, else to watch? */
static bool is_candidate(size_t row, unsigned int needs)
{
	unsigned int wanted = BACKEND_AUTO | (needs & BACKEND_FILE);

	return (known[row].promises & (BACKEND_AUTO | BACKEND_FILE)) == wanted;
}

/* Why none would do; passed: what each candidate of this build said. */
static void refuse_all(const struct backend_ops *const *table,
		       unsigned int needs, const struct phrase *passed,
		       struct error *err)
{
	bool any = false;

	for (size_t i = 0; i < KNOWN_COUNT; i++)
		any |= is_candidate(i, needs) && find(table, known[i].name);
	if (needs & BACKEND_FILE && !any)
		error_set(err, ENOTSUP, "no backend of this build reads recordings "
			  "('replay' does); use --backend=scripted for a script of "
			  "events");
	else
		error_set(err, ENODEV, "no backend works here (%s)",
			  passed->text);
}

static struct backend *open_best(const struct backend_ops *const *table,
				 unsigned int needs,
				 const struct backend_options *options,
				 char *report, struct error *err)
{
	struct phrase passed = { .length = 0 };
	struct error failure = { 0 };
	bool tried = false;

	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		struct backend *backend;

		if (!is_candidate(i, needs))
			continue;
		failure = (struct error){ 0 };
		tried |= find(table, known[i].name) != NULL;
		backend = try_automatic(table, known[i].name, needs, options,
					&failure);
		if (backend) {
			snprintf(report, BACKEND_REPORT_BYTES, "using %s%s%s%s",
				 known[i].name, passed.length ? " (" : "",
				 passed.text, passed.length ? ")" : "");
			return backend;
		}
		add(&passed, "%s%s: %s", passed.length ? "; " : "",
		    known[i].name, failure.text);
	}
	/* What is wrong with a file is all there is to say. */
	if (needs & BACKEND_FILE && tried)
		error_set(err, failure.code, "%s", failure.text);
	else
		refuse_all(table, needs, &passed, err);
	return NULL;
}

struct backend *registry_open(const struct backend_ops *const *table,
			      const char *name, unsigned int needs,
			      const struct backend_options *options,
			      char *report, struct error *err)
{
	if (name && strcmp(name, "auto"))
		return open_named(table, name, needs, options, report, err);
	return open_best(table, needs, options, report, err);
}

struct backend *backend_open(const char *name, unsigned int needs,
			     const struct backend_options *options,
			     char *report, struct error *err)
{
	return registry_open(backends, name, needs, options, report, err);
}

static void look_at_build(const void *table, struct survey_finding *finding)
{
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		survey_check_add(finding, find(table, known[i].name),
				 known[i].name);
	survey_check_find(finding, finding->lacks[0] ? SURVEY_LESS : SURVEY_GOOD,
			  "tcpwatch " TCPWATCH_VERSION "%s%s",
			  finding->lacks[0] ? ", without " : "",
			  finding->lacks);
}

static const struct survey_check checks[] = {
	{
		.name = "build",
		.enables = "what tcpwatch can work by",
		.remedy = "install one that was built with it",
		.look = look_at_build,
	},
	{ .name = NULL }
};

void registry_survey(const struct backend_ops *const *table,
		     const struct survey_sink *sink)
{
	const struct host_survey host = {
		.root = "", .foreign_pids = !process_walk_is_possible(),
	};

	survey_check_all(checks, "host", table, sink);
	host_survey_run(&host, sink);
	for (; *table; table++)
		if ((*table)->survey)
			(*table)->survey(sink);
}

void survey_run(const struct survey_sink *sink)
{
	registry_survey(backends, sink);
}

bool backend_name_exists(const char *name)
{
	return !strcmp(name, "auto") || find_known(name) < KNOWN_COUNT;
}

void backend_describe_build(char *text)
{
	struct phrase build = { .length = 0 };
	const char *before = "backends ";

	for (size_t i = 0; backends[i]; i++) {
		if (!(backends[i]->promises & BACKEND_AUTO))
			continue;
		add(&build, "%s%s", before, backends[i]->name);
		before = ", ";
	}
	before = "; compressed recordings ";
	for (size_t i = 0; inflates[i]; i++) {
		add(&build, "%s%s", before, inflates[i]->name);
		before = ", ";
	}
	snprintf(text, BACKEND_REPORT_BYTES, "%s", build.text);
}

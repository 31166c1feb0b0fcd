/* SPDX-License-Identifier: BSD-2-Clause */
/* The choice among backends: the one that was named, else the first that does. */
#include "registry.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "phrase.h"

/* A report has room for such a list and for "using <name> ()". */
enum { LIST_BYTES = BACKEND_REPORT_BYTES - 32 };

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
	char names[LIST_BYTES] = "auto";

	for (; *table; table++)
		phrase_add(names, sizeof(names), ", ", "%s", (*table)->name);
	error_set(err, EINVAL, "there is no '%s' backend; use %s", name, names);
}

static void refuse_missing(const struct backend_ops *const *table,
			   const struct registry_known *known,
			   unsigned int needs, struct error *err)
{
	char names[LIST_BYTES] = "";

	/* No other build would do either. */
	if (needs & BACKEND_FILE & ~known->promises) {
		error_set(err, EINVAL, "--backend: '%s' watches this machine and "
			  "cannot go with --read; leave out one of the two",
			  known->name);
		return;
	}
	for (; *table; table++)
		phrase_add(names, sizeof(names), ", ", "%s", (*table)->name);
	error_set(err, ENOTSUP, "this build has no '%s' backend; it has %s",
		  known->name, names);
}

static struct backend *open_named(const struct backend_ops *const *table,
				  const char *name, unsigned int needs,
				  const struct backend_options *options,
				  char *report, struct error *err)
{
	const struct backend_ops *ops = registry_find(table, name);
	const struct registry_known *known = registry_find_known(name);
	struct error failure = { 0 };
	struct backend *backend;

	if (!ops && known) {
		refuse_missing(table, known, needs, err);
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
	const struct backend_ops *ops = registry_find(table, name);

	if (!ops) {
		error_set(err, ENOTSUP, "not in this build");
		return NULL;
	}
	if (lacks(ops, needs)) {
		error_set(err, ENOTSUP, "%scannot %s",
			  needs & BACKEND_FILE ? "a recording " : "",
			  lacks(ops, needs));
		return NULL;
	}
	return try_open(ops, options, err);
}

/* May it be chosen by itself: to read a file where one is to be read, else to
 * watch? */
static bool is_candidate(const struct registry_known *known, unsigned int needs)
{
	unsigned int wanted = BACKEND_AUTO | (needs & BACKEND_FILE);

	return (known->promises & (BACKEND_AUTO | BACKEND_FILE)) == wanted;
}

/* Why none would do; passed: what each candidate of this build said. */
static void refuse_all(const struct backend_ops *const *table,
		       unsigned int needs, const char *passed,
		       struct error *err)
{
	const struct registry_known *known = registry_known;
	bool any = false;

	for (; known->name; known++)
		any |= is_candidate(known, needs) &&
		       registry_find(table, known->name);
	if (needs & BACKEND_FILE && !any)
		error_set(err, ENOTSUP, "no backend of this build reads recordings "
			  "('replay' does); use --backend=scripted for a script of "
			  "events");
	else
		error_set(err, ENODEV, "no backend works here (%s)", passed);
}

static struct backend *open_best(const struct backend_ops *const *table,
				 unsigned int needs,
				 const struct backend_options *options,
				 char *report, struct error *err)
{
	const struct registry_known *known = registry_known;
	char passed[LIST_BYTES] = "";
	struct error failure = { 0 };
	bool tried = false;

	for (; known->name; known++) {
		struct backend *backend;

		if (!is_candidate(known, needs))
			continue;
		failure = (struct error){ 0 };
		tried |= registry_find(table, known->name) != NULL;
		backend = try_automatic(table, known->name, needs, options,
					&failure);
		if (backend) {
			snprintf(report, BACKEND_REPORT_BYTES, "using %s%s%s%s",
				 known->name, passed[0] ? " (" : "", passed,
				 passed[0] ? ")" : "");
			return backend;
		}
		phrase_add(passed, sizeof(passed), "; ", "%s: %s", known->name,
			   failure.text);
	}
	/* What is wrong with a file is all there is to say. */
	if (needs & BACKEND_FILE && tried)
		error_set(err, failure.code, "%s", failure.text);
	else
		refuse_all(table, needs, passed, err);
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

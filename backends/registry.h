/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of backends[], what other builds have, and the choice among a table of
 * such rows. */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/recording.h"

extern const struct backend_ops bpf_backend;
extern const struct backend_ops tracefs_backend;
extern const struct backend_ops diag_backend;
extern const struct recorder_ops tracefs_recorder;
extern const struct backend_ops replay_backend;
extern const struct backend_ops scripted_backend;

/* Every backend that some build has, in the order of backends[], with those of
 * its promises that the choice begins with: so the report can also tell which
 * better one another build would have taken. The last name is NULL. */
struct registry_known {
	const char *name;
	unsigned int promises;
};

extern const struct registry_known registry_known[];

const struct registry_known *registry_find_known(const char *name); /* or NULL */

/* The row of that name in a NULL-terminated table, or NULL. */
const struct backend_ops *registry_find(const struct backend_ops *const *table,
					const char *name);

/* registry_open.c: backend_open() over any NULL-terminated table. */
struct backend *registry_open(const struct backend_ops *const *table,
			      const char *name, unsigned int needs,
			      const struct backend_options *options,
			      char *report, struct error *err);

/* survey_run() over any NULL-terminated table. */
void registry_survey(const struct backend_ops *const *table,
		     const struct survey_sink *sink);

#endif

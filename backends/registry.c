/* SPDX-License-Identifier: BSD-2-Clause */
/* Which backends this build has, best first, and what else depends on the build:
 * recording, and ways of compression. */
#include "registry.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "host/host_survey.h"
#include "host/survey_check.h"
#include "phrase.h"
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

const struct registry_known registry_known[] = {
	{ "tracefs", BACKEND_LIVE | BACKEND_AUTO },
	{ "bpf", BACKEND_LIVE | BACKEND_AUTO },
	{ "diag", BACKEND_LIVE | BACKEND_AUTO },
	{ "replay", BACKEND_FILE | BACKEND_AUTO },
	{ "scripted", BACKEND_FILE },
	{ NULL, 0 }
};

static void look_at_build(const void *table, struct survey_finding *finding)
{
	const struct registry_known *known = registry_known;

	for (; known->name; known++)
		survey_check_add(finding, registry_find(table, known->name),
				 known->name);
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

const struct backend_ops *registry_find(const struct backend_ops *const *table,
					const char *name)
{
	for (; *table; table++)
		if (!strcmp((*table)->name, name))
			return *table;
	return NULL;
}

const struct registry_known *registry_find_known(const char *name)
{
	const struct registry_known *known = registry_known;

	while (known->name && strcmp(known->name, name))
		known++;
	return known->name ? known : NULL;
}

struct backend *backend_open(const char *name, unsigned int needs,
			     const struct backend_options *options,
			     char *report, struct error *err)
{
	return registry_open(backends, name, needs, options, report, err);
}

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
	return !strcmp(name, "auto") || registry_find_known(name);
}

void backend_describe_build(char *text)
{
	char names[BACKEND_REPORT_BYTES / 2] = "", ways[BACKEND_REPORT_BYTES / 4] = "";

	for (size_t i = 0; backends[i]; i++)
		if (backends[i]->promises & BACKEND_AUTO)
			phrase_add(names, sizeof(names), ", ", "%s",
				   backends[i]->name);
	for (size_t i = 0; inflates[i]; i++)
		phrase_add(ways, sizeof(ways), ", ", "%s", inflates[i]->name);
	snprintf(text, BACKEND_REPORT_BYTES, "backends %s%s%s", names,
		 ways[0] ? "; compressed recordings " : "", ways);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A source has what it has. */
#include "watch_missing.h"

#include <stddef.h>

#include "common/diagnostics.h"

/* What --events names and nothing else shows. */
static const struct {
	unsigned int show;
	unsigned int event;
	const char *words;
} kinds[] = {
	{ VIEW_SHOW_RESET, EVENT_BIT(EVENT_RESET), "resets" },
	{ VIEW_SHOW_ERROR, EVENT_BIT(EVENT_ERROR), "error reports" },
};

static void tell_kinds(const struct options *options,
		       const struct backend_facts *facts, const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (options->view_options.show & kinds[i].show &&
		    !(facts->events & kinds[i].event))
			diagnostics_note("--events: '%s' tells no %s", name,
					 kinds[i].words);
}

void watch_missing_tell(const struct options *options, unsigned int wanted,
			const struct backend_facts *facts, const char *name)
{
	if (wanted & ~facts->events & EVENT_BIT(EVENT_FRAME))
		diagnostics_note("--stack: '%s' tells no kernel stacks", name);
	if (facts->sample_ns && !options->read_path)
		tell_kinds(options, facts, name);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tracefs backend needs rights for once it is open: done here, or asked
 * of the keeper, or answered as the keeper. */
#include "tracefs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t read_overruns(const struct tracefs *tracefs, unsigned int cpu)
{
	static const char *const names[] = {
		"commit overrun: ", "dropped events: "
	};
	char file[64], text[1024];
	uint64_t count = 0;

	snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", cpu);
	if (trace_instance_read(&tracefs->instance, file, text,
				sizeof(text)) <= 0)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *found = strstr(text, names[i]);

		if (found)
			count += strtoull(found + strlen(names[i]), NULL, 10);
	}
	return count;
}

uint64_t tracefs_overruns(const struct tracefs *tracefs, unsigned int cpu)
{
	struct keeper_answer answer;

	if (!tracefs->keeper)
		return read_overruns(tracefs, cpu);
	return keeper_ask(tracefs->keeper, KEEPER_OVERRUNS, cpu, &answer) ?
	       0 : answer.number;
}

void tracefs_stop(struct backend *backend)
{
	struct tracefs *tracefs = (struct tracefs *)backend;
	struct keeper_answer answer;

	tracefs->stopped = true;
	if (tracefs->keeper)
		keeper_ask(tracefs->keeper, KEEPER_STOP, 0, &answer);
	else
		trace_instance_write(&tracefs->instance, "tracing_on", "0");
}

/* What was opened here for the walk, and then asked of the keeper. */
static void forget(struct tracefs *tracefs)
{
	process_walk_free(tracefs->walk);
	tracefs->walk = NULL;
	diag_events_close(&tracefs->diag);
}

void tracefs_serve(struct backend *backend,
		   const struct keeper_request *request,
		   struct keeper_answer *answer, int *fd)
{
	struct tracefs *tracefs = (struct tracefs *)backend;

	if (request->question == KEEPER_STOP)
		tracefs_stop(backend);
	else if (request->question == KEEPER_OVERRUNS)
		answer->number = read_overruns(tracefs, request->number);
	else
		lookup_serve(&tracefs->lookup, request, answer, fd);
	if (request->question == KEEPER_FORGET)
		forget(tracefs);
}

void tracefs_confine(struct backend *backend, const struct keeper *keeper)
{
	struct tracefs *tracefs = (struct tracefs *)backend;

	tracefs->keeper = keeper;
	process_walk_confine(&tracefs->walk, keeper);
	diag_events_confine(&tracefs->diag, keeper);
}

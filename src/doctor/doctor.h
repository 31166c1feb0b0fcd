/* SPDX-License-Identifier: BSD-2-Clause */
/* What works on this host: which backend each command would take, what will be
 * missing then, and why. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "options/options.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/survey.h"

enum { DOCTOR_FINDINGS_MAX = 64, DOCTOR_COMMANDS_MAX = 32,
       DOCTOR_NAME_BYTES = 64 };

/* How a watch would go. */
struct doctor_choice {
	const char *source;     /* the backend that would be taken, or what is asked
	                         * instead of one; NULL: none works */
	unsigned int promises;  /* BACKEND_* of that backend */
	unsigned int given;     /* EVENT_BIT set */
	bool foreign_pids;      /* as in struct backend_facts */
	char report[BACKEND_REPORT_BYTES]; /* what it would say of the choice */
	char note[512];         /* and of this host; "" = nothing */
	char refusal[640];      /* without a source: why */
};

/* One way to call tcpwatch. */
struct doctor_command {
	const char *command;    /* "" is the stream */
	const char *option;     /* what stands behind it, or NULL */
	unsigned int wanted;    /* EVENT_BIT set; 0: it watches nothing */
	struct doctor_choice choice;
};

struct doctor {
	size_t finding_count, command_count;
	struct survey_finding findings[DOCTOR_FINDINGS_MAX];
	char names[DOCTOR_FINDINGS_MAX][DOCTOR_NAME_BYTES]; /* of findings */
	struct doctor_command commands[DOCTOR_COMMANDS_MAX]; /* the stream first:
	                                                      * it is the main job */
};

/* Looks at everything and prints it. The exit code: EXIT_DONE when the main job
 * can run, EXIT_NO_BACKEND when not; with a failure *err says why. */
int doctor_run(const struct options *options, struct error *err);

/* The name of what is missing without events of that kind; NULL: nobody would
 * miss anything. */
const char *doctor_event_use(unsigned int kind);

/* EVENT_BIT set of what a command will miss. */
unsigned int doctor_missing(const struct doctor_command *command);

/* doctor_text.c, doctor_json.c: all of it for people (in 80 columns), and as one
 * JSON object. */
void doctor_text_print(const struct doctor *doctor, FILE *file);
void doctor_json_print(const struct doctor *doctor, FILE *file);

#endif

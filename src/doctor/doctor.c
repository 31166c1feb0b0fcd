/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gathers findings, then lets the choice of a backend be made for each command,
 * by the code and with the options that the command itself would use: what is
 * opened works, and is closed again at once.
 */
#include "doctor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/ns.h"
#include "process/signals.h"
#include "recording/record.h"
#include "view/view.h"
#include "watch/watch.h"
#include "watch/watch_output.h"
#include "watch/watch_wants.h"
#include "tcpwatch/recording.h"
#include "tcpwatch/socket_list.h"

enum { WORDS_MAX = 4 };

/* Events that a source gets in another way, or sets up more for: a choice that
 * was made with them says nothing about one without. */
#define SPECIAL (EVENT_BIT(EVENT_SAMPLE) | EVENT_BIT(EVENT_BUCKET) | \
		 EVENT_BIT(EVENT_FRAME))

/* Calls beside each command alone: they need what not every host has. */
static const struct {
	const char *command, *option;
	const char *words[WORDS_MAX];
} calls[] = {
	{ "states", "--stack", { "--stack" } },
	{ "rtt", "--aggregate kernel", { "--aggregate", "kernel" } },
	{ "retrans", "--sequence", { "--sequence" } },
};

static const char *const uses[EVENT_KIND_COUNT] = {
	[EVENT_STATE] = "state changes",
	[EVENT_CONG] = "congestion states",
	[EVENT_RETRANS] = "retransmissions",
	[EVENT_RESET] = "resets",
	[EVENT_ERROR] = "socket errors",
	[EVENT_SAMPLE] = "round trips and windows",
	[EVENT_BUCKET] = "counting by the kernel",
	[EVENT_TASK] = "names of processes that are gone",
	[EVENT_SEEN] = "owners of older sockets",
	[EVENT_GONE] = "bytes and round trips at the end",
	[EVENT_FRAME] = "kernel stacks",
};

const char *doctor_event_use(unsigned int kind)
{
	return uses[kind];
}

unsigned int doctor_missing(const struct doctor_command *command)
{
	unsigned int given = command->choice.given;
	unsigned int missing = command->wanted & ~given;

	/* Either will do. */
	if (given & EVENT_BIT(EVENT_BUCKET))
		missing &= ~EVENT_BIT(EVENT_SAMPLE);
	else if (missing & EVENT_BIT(EVENT_SAMPLE))
		missing &= ~EVENT_BIT(EVENT_BUCKET);
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		if (!uses[kind])
			missing &= ~EVENT_BIT(kind);
	return command->choice.source ? missing : 0;
}

static void take_finding(void *context, const struct survey_finding *finding)
{
	struct doctor *doctor = context;
	size_t i = doctor->finding_count;

	if (i == DOCTOR_FINDINGS_MAX)
		return;
	doctor->findings[i] = *finding;
	snprintf(doctor->names[i], DOCTOR_NAME_BYTES, "%s", finding->name);
	doctor->findings[i].name = doctor->names[i];
	doctor->finding_count++;
}

/* What is asked of a backend, and of which one. */
struct wish {
	const char *backend;            /* a name, or "auto"; NULL: of none */
	unsigned int promises;
	struct backend_options options;
};

static void open_wish(const struct wish *wish, struct doctor_choice *choice)
{
	struct error failed = { 0 };
	struct backend_facts facts;
	struct backend *backend = backend_open(wish->backend, wish->promises,
					       &wish->options, choice->report,
					       &failed);

	if (!backend) {
		choice->report[0] = '\0';
		snprintf(choice->refusal, sizeof(choice->refusal), "%s",
			 failed.text);
		return;
	}
	backend->ops->facts(backend, &facts);
	choice->source = backend->ops->name;
	choice->promises = backend->ops->promises;
	choice->given = facts.events;
	choice->foreign_pids = facts.foreign_pids;
	snprintf(choice->note, sizeof(choice->note), "%s",
		 facts.note ? facts.note : "");
	backend->ops->close(backend);
}

/* What a kernel lacks is left out and not refused: so a choice that was made for
 * more events holds for less. */
static bool covers(const struct wish *one, const char *taken,
		   const struct wish *other)
{
	const struct backend_options *more = &one->options;
	const struct backend_options *less = &other->options;

	return one->backend && (!strcmp(one->backend, other->backend) ||
				(taken && !strcmp(taken, other->backend))) &&
	       one->promises == other->promises &&
	       more->samples.aggregate == less->samples.aggregate &&
	       (more->events & SPECIAL) == (less->events & SPECIAL) &&
	       !(less->events & ~more->events);
}

/* The gathering, until it is told. */
struct gathering {
	struct doctor *doctor;
	struct wish wishes[DOCTOR_COMMANDS_MAX];        /* of each command */
};

static struct doctor_command *add_command(struct gathering *gathering,
					  const char *command,
					  const char *option)
{
	struct doctor *doctor = gathering->doctor;
	struct doctor_command *added;

	if (doctor->command_count == DOCTOR_COMMANDS_MAX || signals_stopping())
		return NULL;
	added = &doctor->commands[doctor->command_count++];
	added->command = command;
	added->option = option;
	return added;
}

/* Opens as little as possible: that disturbs the host. */
static void choose(struct gathering *gathering, struct doctor_command *command,
		   const struct wish *wish)
{
	const struct doctor_command *commands = gathering->doctor->commands;
	size_t own = (size_t)(command - commands), i = 0;

	command->wanted = wish->options.events;
	while (i < own && !covers(&gathering->wishes[i],
				  commands[i].choice.source, wish))
		i++;
	gathering->wishes[own] = *wish;
	if (i < own)
		command->choice = commands[i].choice;
	else
		open_wish(wish, &command->choice);
}

/* The options of such a call, as if the user had typed it. */
static void watch(struct gathering *gathering, const char *name,
		  const char *option, const char *const *words)
{
	struct doctor_command *command = add_command(gathering, name, option);
	char *argv[WORDS_MAX + 3] = { (char *)"tcpwatch" };
	struct error failed = { 0 };
	struct options options;
	struct column_list shown;
	int argc = 1;

	if (!command)
		return;
	if (name[0])
		argv[argc++] = (char *)name;
	for (size_t i = 0; words && i < WORDS_MAX && words[i]; i++)
		argv[argc++] = (char *)words[i];
	if (options_parse(&options, argc, argv, &failed) ||
	    watch_output_columns(&options, &shown, &failed)) {
		snprintf(command->choice.refusal, sizeof(command->choice.refusal),
			 "%s", failed.text);
		return;
	}
	choose(gathering, command, &(struct wish){
		.backend = options.backend,
		.promises = watch_wants_promises(&options),
		.options = watch_wants_backend(&options,
				watch_wants_events(&options, &shown)),
	});
}

static void list(struct gathering *gathering, const char *name)
{
	struct doctor_command *command = add_command(gathering, name, NULL);
	struct error failed = { 0 };

	if (command && !socket_list_check(&failed))
		command->choice.source = "sock_diag";
	else if (command)
		snprintf(command->choice.refusal, sizeof(command->choice.refusal),
			 "%s", failed.text);
}

static void record(struct gathering *gathering)
{
	struct doctor_command *command = add_command(gathering, "record", NULL);
	const struct options usual = { .action = OPTIONS_RECORD };

	if (!command)
		return;
	if (!recording_recorder) {
		snprintf(command->choice.refusal, sizeof(command->choice.refusal),
			 "this build cannot record: it was made with "
			 "WITH_TRACEFS=no");
		return;
	}
	choose(gathering, command, &(struct wish){
		.backend = recording_recorder->name,
		.promises = BACKEND_LIVE,
		.options = {
			.events = record_events(&usual),
			.latency_ns = 100 * NS_PER_MS,
		},
	});
}

/* That needs nothing of the host, but of the build. */
static void read_files(struct gathering *gathering)
{
	struct doctor_command *command =
		add_command(gathering, view_report.name, NULL);
	const unsigned int reads = BACKEND_FILE | BACKEND_AUTO;

	if (!command)
		return;
	for (size_t i = 0; backends[i] && !command->choice.source; i++)
		if ((backends[i]->promises & reads) == reads) {
			command->choice.source = backends[i]->name;
			command->choice.promises = backends[i]->promises;
		}
	if (!command->choice.source)
		snprintf(command->choice.refusal, sizeof(command->choice.refusal),
			 "this build reads no recordings");
}

static void gather_commands(struct gathering *gathering)
{
	for (size_t i = 0; views[i]; i++) {
		const struct view_ops *view = views[i];

		if (view == &view_report) {
			read_files(gathering);
			continue;
		}
		if (view->is_list) {
			list(gathering, view->name);
			continue;
		}
		watch(gathering, view->name, NULL, NULL);
		for (size_t j = 0; j < sizeof(calls) / sizeof(calls[0]); j++)
			if (!strcmp(calls[j].command, view->name))
				watch(gathering, view->name, calls[j].option,
				      calls[j].words);
	}
	record(gathering);
}

static int print(const struct doctor *doctor, const struct options *options,
		 struct error *err)
{
	if (!strcmp(options->format, "json"))
		doctor_json_print(doctor, stdout);
	else
		doctor_text_print(doctor, stdout);
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	if (errno == EPIPE)             /* its reader has seen enough */
		return 0;
	return error_set(err, errno ? errno : EIO, "cannot write to stdout: %s",
			 strerror(errno ? errno : EIO));
}

int doctor_run(const struct options *options, struct error *err)
{
	struct gathering *gathering = calloc(1, sizeof(*gathering));
	struct doctor *doctor = calloc(1, sizeof(*doctor));
	const struct survey_sink sink = { take_finding, doctor };
	int code = EXIT_FAILED;

	if (!gathering || !doctor) {
		error_set(err, ENOMEM, "no memory for findings");
		goto out;
	}
	/* A signal must not leave anything in the kernel. */
	if (signals_open(err) < 0)
		goto out;
	gathering->doctor = doctor;
	survey_run(&sink);
	gather_commands(gathering);
	if (signals_stopping())
		error_set(err, EINTR, "ended by a signal before all was looked at");
	else if (!print(doctor, options, err))
		code = doctor->commands[0].choice.source ? EXIT_DONE :
							   EXIT_NO_BACKEND;
out:
	free(doctor);
	free(gathering);
	return code;
}

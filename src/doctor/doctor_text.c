/* SPDX-License-Identifier: BSD-2-Clause */
/* What the doctor found, for people: the verdict, what each command would do,
 * then the reasons, in 80 columns. */
#include "doctor.h"

#include <string.h>

#include "common/safe_text.h"
#include "common/wrap.h"

enum { WIDTH = 80, CALL_WIDTH = 23, SOURCE_WIDTH = 10, NAME_WIDTH = 26,
       TEXT_BYTES = 1024 };

static const char *const words[SURVEY_VERDICT_COUNT] = {
	[SURVEY_GOOD] = "ok",
	[SURVEY_LESS] = "less",
	[SURVEY_BAD] = "no",
	[SURVEY_RIGHTS] = "rights",
};

/* A paragraph that goes on at column, with indent blanks in front of its
 * further lines. */
static void wrap(FILE *file, int column, int indent, const char *text)
{
	const struct wrap form = { file, WIDTH, indent, column };
	char safe[TEXT_BYTES];
	size_t length = strlen(text);

	length = safe_text_terminal(safe, text, length < sizeof(safe) ? length :
				    sizeof(safe) - 1, NULL);
	safe[length] = '\0';
	wrap_print(&form, safe);
}

static void print_paragraph(FILE *file, const char *opening, const char *text)
{
	fprintf(file, "\n%s", opening);
	wrap(file, (int)strlen(opening), 2, text);
}

/* "congestion states, socket errors" */
static void name_missing(const struct doctor_command *command, char *text,
			 size_t room)
{
	unsigned int missing = doctor_missing(command);
	size_t length = 0;

	text[0] = '\0';
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		if (missing & EVENT_BIT(kind) && length < room)
			length += (size_t)snprintf(text + length, room - length,
						   "%s%s", length ? ", " : "",
						   doctor_event_use(kind));
}

static bool is_exact(const struct doctor_command *command)
{
	return command->choice.promises & BACKEND_EXACT;
}

static void print_verdict(const struct doctor *doctor, FILE *file)
{
	const struct doctor_command *stream = &doctor->commands[0];
	const struct doctor_choice *choice = &stream->choice;
	char missing[TEXT_BYTES / 2], text[TEXT_BYTES];

	name_missing(stream, missing, sizeof(missing));
	if (!choice->source)
		snprintf(text, sizeof(text), "tcpwatch cannot watch this host: %s.",
			 choice->refusal);
	else
		snprintf(text, sizeof(text), "tcpwatch works here%s: by %s, which %s"
			 "%s%s.", !is_exact(stream) ? ", but not at its best" :
			 missing[0] ? ", with less" : "", choice->source,
			 is_exact(stream) ? "sees every change" :
			 "looks at the sockets now and then",
			 missing[0] ? "; not there: " : "", missing);
	wrap(file, 0, 0, text);
	if (choice->source && strchr(choice->report, '('))
		print_paragraph(file, "What it will say of that: ",
				choice->report);
	if (choice->note[0])
		print_paragraph(file, "And: ", choice->note);
}

/* Is it the first finding about that backend for want of rights? */
static bool is_first_want(const struct doctor *doctor, size_t i)
{
	const struct survey_finding *findings = doctor->findings;

	for (size_t j = 0; j < i; j++)
		if (findings[j].verdict == SURVEY_RIGHTS &&
		    !strcmp(findings[j].about, findings[i].about))
			return false;
	return findings[i].verdict == SURVEY_RIGHTS &&
	       strcmp(findings[i].about, "host") != 0;
}

static void print_root(const struct doctor *doctor, FILE *file)
{
	char text[TEXT_BYTES];
	size_t length = 0;

	for (size_t i = 0; i < doctor->finding_count; i++)
		if (is_first_want(doctor, i) && length < sizeof(text))
			length += (size_t)snprintf(text + length,
						   sizeof(text) - length, "%s%s",
						   length ? "; " : "",
						   doctor->findings[i].enables);
	if (length)
		print_paragraph(file, "As root, with all capabilities, there would "
				"be: ", text);
}

/* What it will miss, why it does not run, or that all is there. */
static void describe(const struct doctor_command *command, char *text,
		     size_t room)
{
	const struct doctor_choice *choice = &command->choice;
	char missing[TEXT_BYTES / 2];

	name_missing(command, missing, sizeof(missing));
	if (!choice->source)
		snprintf(text, room, "%s", choice->refusal);
	else if (!command->wanted)
		snprintf(text, room, "works");
	else
		snprintf(text, room, "%s%s%s%s", is_exact(command) ? "" :
			 "sampled", is_exact(command) || !missing[0] ? "" : "; ",
			 missing[0] ? "without " : is_exact(command) ?
			 "all that it can show" : "", missing);
}

static void print_command(const struct doctor_command *command, FILE *file)
{
	const struct doctor_choice *choice = &command->choice;
	char call[TEXT_BYTES], text[TEXT_BYTES];
	int column;

	snprintf(call, sizeof(call), "%s%s%s",
		 command->command[0] ? command->command : "(none)",
		 command->option ? " " : "",
		 command->option ? command->option : "");
	describe(command, text, sizeof(text));
	column = fprintf(file, "  %-*s %-*s ", CALL_WIDTH, call, SOURCE_WIDTH,
			 choice->source ? choice->source : "-");
	wrap(file, column, 4 + CALL_WIDTH + SOURCE_WIDTH, text);
}

static void print_finding(const struct survey_finding *finding, FILE *file)
{
	const int indent = 10 + NAME_WIDTH;
	int column = fprintf(file, "  %-6s %-*s ", words[finding->verdict],
			     NAME_WIDTH, finding->name);

	wrap(file, column, indent, finding->found);
	if (!finding->remedy)
		return;
	column = fprintf(file, "%*s-> ", indent, "");
	wrap(file, column, indent + 3, finding->remedy);
}

void doctor_text_print(const struct doctor *doctor, FILE *file)
{
	const char *about = "";

	print_verdict(doctor, file);
	print_root(doctor, file);
	fprintf(file, "\nCommand and options       by         what there will be\n");
	for (size_t i = 0; i < doctor->command_count; i++)
		print_command(&doctor->commands[i], file);
	for (size_t i = 0; i < doctor->finding_count; i++) {
		if (strcmp(about, doctor->findings[i].about))
			fprintf(file, "\n%s\n", doctor->findings[i].about);
		about = doctor->findings[i].about;
		print_finding(&doctor->findings[i], file);
	}
}

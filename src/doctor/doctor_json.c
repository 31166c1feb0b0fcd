/* SPDX-License-Identifier: BSD-2-Clause */
/* What the doctor found, as one JSON object on one line. */
#include "doctor.h"

#include <string.h>

#include "common/safe_text.h"

enum { TEXT_BYTES = 1024 };

static const char *const words[SURVEY_VERDICT_COUNT] = {
	[SURVEY_GOOD] = "good",
	[SURVEY_LESS] = "less",
	[SURVEY_BAD] = "bad",
	[SURVEY_RIGHTS] = "rights",
};

/* NULL and "" are null. */
static void put_text(FILE *file, const char *text)
{
	char safe[6 * TEXT_BYTES];
	size_t length;

	if (!text || !text[0]) {
		fputs("null", file);
		return;
	}
	length = safe_text_json(safe, text, strnlen(text, TEXT_BYTES));
	fprintf(file, "\"%.*s\"", (int)length, safe);
}

static void put_key(FILE *file, const char *key, const char *text)
{
	fprintf(file, ",\"%s\":", key);
	put_text(file, text);
}

/* Words, each with a blank behind it. */
static void put_words(FILE *file, const char *key, const char *list)
{
	fprintf(file, ",\"%s\":[", key);
	for (const char *word = list; *word; word += strcspn(word, " ") + 1)
		fprintf(file, "%s\"%.*s\"", word == list ? "" : ",",
			(int)strcspn(word, " "), word);
	fputc(']', file);
}

static void put_missing(FILE *file, const struct doctor_command *command)
{
	unsigned int missing = doctor_missing(command);
	bool first = true;

	fputs(",\"missing\":[", file);
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		if (!(missing & EVENT_BIT(kind)))
			continue;
		if (!first)
			fputc(',', file);
		put_text(file, doctor_event_use(kind));
		first = false;
	}
	fputc(']', file);
}

static void put_command(FILE *file, const struct doctor_command *command)
{
	const struct doctor_choice *choice = &command->choice;
	bool exact = choice->promises & BACKEND_EXACT;

	fprintf(file, "{\"command\":\"%s\"", command->command);
	put_key(file, "option", command->option);
	fprintf(file, ",\"works\":%s", choice->source ? "true" : "false");
	put_key(file, "by", choice->source);
	fprintf(file, ",\"exact\":%s", !command->wanted || !choice->source ?
		"null" : exact ? "true" : "false");
	put_missing(file, command);
	put_key(file, "report", choice->report);
	put_key(file, "note", choice->note);
	put_key(file, "refusal", choice->refusal);
	fputc('}', file);
}

static void put_finding(FILE *file, const struct survey_finding *finding)
{
	fprintf(file, "{\"about\":\"%s\",\"name\":\"%s\",\"verdict\":\"%s\"",
		finding->about, finding->name, words[finding->verdict]);
	put_key(file, "found", finding->found);
	put_words(file, "has", finding->has);
	put_words(file, "lacks", finding->lacks);
	put_key(file, "enables", finding->enables);
	put_key(file, "remedy", finding->remedy);
	fputc('}', file);
}

void doctor_json_print(const struct doctor *doctor, FILE *file)
{
	fprintf(file, "{\"v\":1,\"event\":\"doctor\",\"works\":%s,\"commands\":[",
		doctor->commands[0].choice.source ? "true" : "false");
	for (size_t i = 0; i < doctor->command_count; i++) {
		if (i)
			fputc(',', file);
		put_command(file, &doctor->commands[i]);
	}
	fputs("],\"checks\":[", file);
	for (size_t i = 0; i < doctor->finding_count; i++) {
		if (i)
			fputc(',', file);
		put_finding(file, &doctor->findings[i]);
	}
	fputs("]}\n", file);
}

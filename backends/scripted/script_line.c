/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses event scripts line by line; see script_line.h for the language. */
#include "script_line.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "script_event.h"
#include "script_token.h"

enum { REPEAT_MAX = 100000000 };

static bool parse_step(struct script_token token,
		       struct script_repeat *repeat)
{
	if (script_token_cut(&token, "time=+"))
		return script_token_seconds(token, &repeat->time_ns);
	if (script_token_cut(&token, "sk=+"))
		return script_token_number(token, UINT32_MAX,
					     &repeat->socket_id);
	if (script_token_cut(&token, "lport=+"))
		return script_token_number(token, UINT16_MAX,
					     &repeat->local_port);
	if (script_token_cut(&token, "rport=+"))
		return script_token_number(token, UINT16_MAX,
					     &repeat->remote_port);
	if (script_token_cut(&token, "tid=+"))
		return script_token_number(token, UINT16_MAX, &repeat->tid);
	return false;
}

static int parse_repeat(struct script_cursor *cursor,
			struct script_line *line, struct error *err)
{
	static const char right[] =
		"write it like 'repeat 1000 time=+0.001 sk=+1 lport=+1 rport=+1 tid=+1'";
	struct script_repeat *repeat = &line->repeat;
	struct script_token token;

	memset(repeat, 0, sizeof(*repeat));
	if (!script_token_next(cursor, &token) ||
	    !script_token_number(token, REPEAT_MAX, &repeat->count) ||
	    !repeat->count)
		return error_set(err, EINVAL,
				 "behind 'repeat' comes a number of 1 to %d; %s",
				 REPEAT_MAX, right);
	while (script_token_next(cursor, &token))
		if (!parse_step(token, repeat))
			return script_token_refuse(&token, right, err);
	return 0;
}

static int parse_since(struct script_cursor *cursor,
		       struct script_line *line, struct error *err)
{
	struct script_token token;

	if (script_token_next(cursor, &token) &&
	    script_token_seconds(token, &line->since_ns))
		return 0;
	return error_set(err, EINVAL,
			 "behind 'since' comes a time in seconds: 'since 0.5'");
}

static int parse_wall(struct script_cursor *cursor,
		      struct script_line *line, struct error *err)
{
	struct script_token token;

	if (script_token_next(cursor, &token) &&
	    script_token_wall(&token, &line->wall_ns))
		return 0;
	return error_set(err, EINVAL, "behind 'wall' comes a time: "
			 "'wall 2026-11-22T13:00:00Z'");
}

static int parse_fail(struct script_cursor *cursor,
		      struct script_line *line, struct error *err)
{
	struct script_token token;

	line->text[sizeof(line->text) - 1] = '\0';
	if (script_token_next(cursor, &token) &&
	    script_token_quoted(&token, line->text, sizeof(line->text) - 1))
		return 0;
	return error_set(err, EINVAL,
			 "behind 'fail' comes a quoted text: 'fail \"no luck\"'");
}

/* The lines that are no events; parse NULL: nothing but the word. */
static const struct directive {
	const char *word;
	enum script_line_kind kind;
	int (*parse)(struct script_cursor *cursor, struct script_line *line,
		     struct error *err);
} directives[] = {
	{ "since", SCRIPT_LINE_SINCE, parse_since },
	{ "wall", SCRIPT_LINE_WALL, parse_wall },
	{ "repeat", SCRIPT_LINE_REPEAT, parse_repeat },
	{ "end", SCRIPT_LINE_END, NULL },
	{ "idle", SCRIPT_LINE_IDLE, NULL },
	{ "hang", SCRIPT_LINE_HANG, NULL },
	{ "fail", SCRIPT_LINE_FAIL, parse_fail },
};

enum { DIRECTIVE_COUNT = sizeof(directives) / sizeof(directives[0]) };

static int parse_directive(const struct directive *directive,
			   struct script_cursor *cursor,
			   struct script_line *line, struct error *err)
{
	struct script_token rest;
	int ret;

	line->kind = directive->kind;
	if (directive->parse) {
		ret = directive->parse(cursor, line, err);
		if (ret)
			return ret;
	}
	if (script_token_next(cursor, &rest))
		return script_token_refuse(&rest, "the line should end here",
					     err);
	return 0;
}

int script_line_parse(struct script_line *line, const char *text,
			size_t length, struct error *err)
{
	struct script_cursor cursor = { text, text + length };
	struct script_token word;
	int ret;

	line->kind = SCRIPT_LINE_BLANK;
	if (!script_token_next(&cursor, &word))
		return 0;
	line->kind = SCRIPT_LINE_EVENT;
	ret = script_event_parse(&line->event, &word, &cursor, err);
	if (ret != -ENOENT)
		return ret;
	for (size_t i = 0; i < DIRECTIVE_COUNT; i++)
		if (script_token_is(&word, directives[i].word))
			return parse_directive(&directives[i], &cursor, line, err);
	return script_token_refuse(
		&word, "a line begins with state, cong, retrans, synack, reset, "
		"error, destroy, sample, listing, seen, listed, gone, task, fork, clone, "
		"rename, lost, tick, since, wall, repeat, end, idle, hang or fail", err);
}

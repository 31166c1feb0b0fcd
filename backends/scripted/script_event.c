/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses the event lines of scripts; script_line.h has the language. */
#include "script_event.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "script_form.h"
#include "script_number.h"
#include "script_part.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

static int parse_endpoints(const struct script_token *first,
			   struct script_cursor *cursor, struct event *event,
			   struct error *err)
{
	static const char right[] =
		"endpoints look like 10.0.0.1:0 > 10.0.0.2:80 or [::1]:0 > [::1]:80";
	struct script_token arrow, second;

	if (!script_token_endpoint(first, &event->local))
		return script_token_refuse(first, right, err);
	if (!script_token_next(cursor, &arrow) ||
	    !script_token_is(&arrow, ">") ||
	    !script_token_next(cursor, &second))
		return error_set(err, EINVAL, "%s", right);
	if (!script_token_endpoint(&second, &event->remote))
		return script_token_refuse(&second, right, err);
	event->family = EVENT_FAMILY_IPV6;
	if (endpoint_is_ipv4(&event->local) && endpoint_is_ipv4(&event->remote))
		event->family = EVENT_FAMILY_IPV4;
	event->has |= EVENT_HAS_ENDPOINTS;
	return 0;
}

/* A state's name or number, by the table that parse stands for. */
static bool parse_state(const struct script_token *token,
			int (*parse)(const char *name), uint8_t *state)
{
	char name[24];
	uint64_t number;
	int found;

	if (script_token_number(*token, UINT8_MAX, &number)) {
		*state = (uint8_t)number;
		return true;
	}
	if (!script_token_copy(token, name, sizeof(name)))
		return false;
	found = parse(name);
	if (found < 0)
		return false;
	*state = (uint8_t)found;
	return true;
}

static int parse_transition(const struct script_token *token,
			    const char *arrow, struct event *event,
			    struct error *err)
{
	size_t length = (size_t)(arrow - token->at);
	struct script_token from = { token->at, length };
	struct script_token to = { arrow + 1, token->length - length - 1 };

	if (parse_state(&from, tcp_state_parse, &event->state.old_state) &&
	    parse_state(&to, tcp_state_parse, &event->state.new_state))
		return 0;
	return script_token_refuse(
		token, "a state change looks like CLOSE>SYN_SENT", err);
}

static int parse_named(const struct script_token *token, uint64_t part,
		       struct event *event, struct error *err)
{
	uint8_t *state = &event->retrans.state;

	if (part == SCRIPT_PART_CONG) {
		if (parse_state(token, cong_state_parse, &event->cong.new_state))
			return 0;
		return script_token_refuse(
			token, "use OPEN, DISORDER, CWR, RECOVERY or LOSS", err);
	}
	event->has |= EVENT_HAS_TCP_STATE;
	if (event->kind == EVENT_RESET)
		state = &event->reset.state;
	else if (event->kind == EVENT_SEEN)
		state = &event->seen.state;
	if (parse_state(token, tcp_state_parse, state))
		return 0;
	return script_token_refuse(
		token, "a TCP state looks like ESTABLISHED", err);
}

static void set_context(const struct script_token *token,
			struct event *event)
{
	if (script_token_is(token, "softirq"))
		event->context = EVENT_CONTEXT_SOFTIRQ;
	else if (script_token_is(token, "hardirq"))
		event->context = EVENT_CONTEXT_HARDIRQ;
	else if (script_token_is(token, "nmi"))
		event->context = EVENT_CONTEXT_NMI;
	event->has |= EVENT_HAS_CONTEXT;
}

static int parse_comm(const struct script_token *token, struct event *event,
		      struct error *err)
{
	event->has |= EVENT_HAS_COMM;
	if (script_token_quoted(token, event->task.comm,
				  sizeof(event->task.comm)))
		return 0;
	return script_token_refuse(
		token, "a name looks like comm=\"curl\", of at most 16 bytes, with "
		"\\xNN, \\\" and \\\\", err);
}

static int parse_name(const struct script_token *token, struct event *event,
		      struct error *err)
{
	if (script_token_quoted(token, event->frame.name,
				sizeof(event->frame.name)))
		return 0;
	return script_token_refuse(
		token, "a part of a function's name looks like "
		"name=\"tcp_v4_rcv\", of at most 27 bytes", err);
}

static int refuse_part(const struct script_form *form,
		       const struct script_token *token, bool twice,
		       struct error *err)
{
	char right[128];

	snprintf(right, sizeof(right), "%s; write it like '%s'",
		 twice ? "it is there twice" : "it belongs to other lines",
		 form->example);
	return script_token_refuse(token, right, err);
}

/* Where the event says since when it may have happened. */
static uint64_t *find_from(struct event *event)
{
	if (event->kind == EVENT_SEEN)
		return &event->seen.from_ns;
	event->has |= EVENT_HAS_BOUNDS;
	switch (event->kind) {
	case EVENT_CONG:
		return &event->cong.from_ns;
	case EVENT_RETRANS:
		return &event->retrans.from_ns;
	default:
		return &event->state.from_ns;
	}
}

static int parse_part(struct script_token token,
		      struct script_cursor *cursor,
		      const struct script_form *form, uint64_t *seen,
		      struct event *event, struct error *err)
{
	const struct script_token whole = token;
	const char *arrow = NULL;
	uint64_t part = script_part_find(&token, form->takes, &arrow);

	if (!(form->takes & part) || (*seen & part))
		return refuse_part(form, &whole, *seen & part, err);
	*seen |= part;
	switch (part) {
	case SCRIPT_PART_LATE:
		event->late = true;
		return 0;
	case SCRIPT_PART_FIRST:
		event->bucket.first = true;
		return 0;
	case SCRIPT_PART_LAST:
		event->bucket.last = true;
		return 0;
	case SCRIPT_PART_CONTEXT:
		set_context(&token, event);
		return 0;
	case SCRIPT_PART_DIRECTION:
		if (script_token_is(&token, "received"))
			event->reset.direction = EVENT_RESET_RECEIVED;
		return 0;
	case SCRIPT_PART_REASON:
		event->reset.reason = reset_reason_find(token.at, token.length);
		event->has |= EVENT_HAS_REASON;
		return 0;
	case SCRIPT_PART_GOES_ON:
		event->frame.goes_on = true;
		return 0;
	case SCRIPT_PART_NAME:
		return parse_name(&token, event, err);
	case SCRIPT_PART_COMM:
		return parse_comm(&token, event, err);
	case SCRIPT_PART_FROM:
		if (script_token_seconds(token, find_from(event)))
			return 0;
		return script_token_refuse(
			&whole, "a time looks like from=1.4", err);
	case SCRIPT_PART_ENDPOINTS:
		return parse_endpoints(&token, cursor, event, err);
	case SCRIPT_PART_TRANSITION:
		return parse_transition(&token, arrow, event, err);
	case SCRIPT_PART_STATE:
	case SCRIPT_PART_CONG:
		return parse_named(&token, part, event, err);
	default:
		return script_number_parse(token, part, event, err);
	}
}

/* What follows from the word itself, as in a record of the kernel's. */
static void finish_event(const struct script_form *form, struct event *event)
{
	if (form->synack) {
		event->retrans.synack = true;
		event->retrans.state = TCP_STATE_SYN_RECV;
		event->has |= EVENT_HAS_TCP_STATE;
	}
	if (form->kind == EVENT_SAMPLE)
		event->sample.every = 1;
	if (form->kind == EVENT_SEEN) {
		event->seen.part = (uint8_t)form->change;
		event->has &= (uint16_t)~EVENT_HAS_TCP_STATE;
	}
	if (form->kind != EVENT_TASK)
		return;
	event->task.change = (uint8_t)form->change;
	switch (form->change) {
	case EVENT_TASK_LISTED:
		event->task.tid = event->tid;
		event->tid = 0;
		event->has &= (uint16_t)~EVENT_HAS_CONTEXT;
		break;
	case EVENT_TASK_FORKED:
		event->task.tgid = event->task.tid;
		event->has |= EVENT_HAS_TGID;
		break;
	case EVENT_TASK_CLONED:
		break;
	case EVENT_TASK_RENAMED:
		event->task.tid = event->tid;
		break;
	}
}

int script_event_parse(struct event *event, const struct script_token *word,
			 struct script_cursor *cursor, struct error *err)
{
	const struct script_form *form = script_form_find(word);
	struct script_token token;
	uint64_t seen = 0;

	if (!form)
		return -ENOENT;
	memset(event, 0, sizeof(*event));
	event->kind = (uint8_t)form->kind;
	if (!script_token_next(cursor, &token) ||
	    !script_token_seconds(token, &event->time_ns))
		return error_set(err, EINVAL,
				 "behind '%s' comes a time in seconds: '%s'",
				 form->word, form->example);
	while (script_token_next(cursor, &token)) {
		int ret = parse_part(token, cursor, form, &seen, event, err);

		if (ret)
			return ret;
	}
	if (form->needs & ~seen)
		return error_set(err, EINVAL,
				 "a part is missing; write it like '%s'",
				 form->example);
	finish_event(form, event);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses the event lines of scripts; script_line.h has the language. */
#include "script_event.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

/* What may stand on an event line behind its time. */
enum {
	PART_CPU = 1u << 0,
	PART_LATE = 1u << 1,
	PART_SOCKET = 1u << 2,
	PART_TID = 1u << 3,
	PART_CONTEXT = 1u << 4,
	PART_ENDPOINTS = 1u << 5,
	PART_TRANSITION = 1u << 6,      /* OLD>NEW */
	PART_STATE = 1u << 7,
	PART_CONG = 1u << 8,
	PART_ERR = 1u << 9,
	PART_COOKIE = 1u << 10,
	PART_PID = 1u << 11,
	PART_CHILD = 1u << 12,
	PART_COMM = 1u << 13,
	PART_COUNT = 1u << 14,
	PART_DIRECTION = 1u << 15,
	PART_REASON = 1u << 16,
	PART_SRTT = 1u << 17,
	PART_CWND = 1u << 18,
	PART_SSTHRESH = 1u << 19,
	PART_SND_WND = 1u << 20,
	PART_RCV_WND = 1u << 21,
	PART_SND_NXT = 1u << 22,
	PART_SND_UNA = 1u << 23,
	PART_DATA = 1u << 24,
	PART_MSS = 1u << 25,
	PART_FROM = 1u << 26,
	PART_ACKED = 1u << 27,
	PART_RECEIVED = 1u << 28,
	PART_MIN_RTT = 1u << 29,
	PART_RETRANS = 1u << 30,
	PART_SEGS = 1u << 31,
	PARTS_ANY = PART_CPU | PART_LATE,
	PARTS_SOCKET = PARTS_ANY | PART_SOCKET | PART_TID | PART_CONTEXT |
		       PART_ENDPOINTS,
	PARTS_SAMPLE = PARTS_SOCKET | PART_COOKIE | PART_SRTT | PART_CWND |
		       PART_SSTHRESH | PART_SND_WND | PART_RCV_WND |
		       PART_SND_NXT | PART_SND_UNA | PART_DATA | PART_MSS,
	PARTS_FIGURES = PART_ACKED | PART_RECEIVED | PART_SRTT | PART_MIN_RTT |
			PART_RETRANS | PART_SEGS
};

/* What event_sample.cookie and event_destroy.cookie have room for. */
#define COOKIE_MAX ((UINT64_C(1) << 48) - 1)

enum { BUCKET_MAX = 64 };

/* ... beyond what an enum holds. */
#define PART_KEY (UINT64_C(1) << 32)
#define PART_LE (UINT64_C(1) << 33)
#define PART_SUM (UINT64_C(1) << 34)
#define PART_FIRST (UINT64_C(1) << 35)
#define PART_LAST (UINT64_C(1) << 36)
#define PART_STACK (UINT64_C(1) << 37)
#define PART_ADDRESS (UINT64_C(1) << 38)
#define PART_GOES_ON (UINT64_C(1) << 39)
#define PART_NAME (UINT64_C(1) << 40)
#define PART_NETNS (UINT64_C(1) << 41)
#define PART_CGROUP (UINT64_C(1) << 42)
#define PART_PACKETS_OUT (UINT64_C(1) << 43)
#define PART_TOTAL_RETRANS (UINT64_C(1) << 44)
#define PART_SEQUENCE (UINT64_C(1) << 45)
#define PARTS_PLACE (PART_NETNS | PART_CGROUP | PART_PACKETS_OUT | \
		     PART_TOTAL_RETRANS | PART_SRTT | PART_CWND)

/* An event's word, what it becomes, and the parts of its line. */
struct form {
	const char *word;
	enum event_kind kind;
	unsigned int change;            /* enum event_task_change, or for SEEN
	                                 * enum event_seen_part */
	bool synack;
	uint64_t needs, takes;
	const char *example;
};

static const struct form forms[] = {
	{ "state", EVENT_STATE, 0, false, PART_SOCKET | PART_TRANSITION,
	  PARTS_SOCKET | PARTS_PLACE | PART_TRANSITION | PART_STACK | PART_FROM |
	  PART_PID,
	  "state 1.5 sk=1 CLOSE>SYN_SENT 10.0.0.1:0 > 10.0.0.2:80 tid=100" },
	{ "cong", EVENT_CONG, 0, false, PART_SOCKET | PART_CONG,
	  PARTS_SOCKET | PARTS_PLACE | PART_CONG | PART_FROM,
	  "cong 1.5 sk=1 DISORDER 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "retrans", EVENT_RETRANS, 0, false, PART_SOCKET,
	  PARTS_SOCKET | PARTS_PLACE | PART_STATE | PART_ERR | PART_FROM |
	  PART_SEQUENCE,
	  "retrans 1.5 sk=1 ESTABLISHED 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "synack", EVENT_RETRANS, 0, true, PART_SOCKET,
	  PARTS_SOCKET | PARTS_PLACE,
	  "synack 1.5 sk=9 10.0.0.2:80 > 10.0.0.1:40000 softirq" },
	{ "reset", EVENT_RESET, 0, false, PART_DIRECTION,
	  PARTS_SOCKET | PARTS_PLACE | PART_DIRECTION | PART_STATE | PART_REASON,
	  "reset 1.5 sk=1 received SYN_SENT 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "error", EVENT_ERROR, 0, false, PART_ERR,
	  (PARTS_SOCKET & ~PART_SOCKET) | PARTS_PLACE | PART_ERR,
	  "error 1.5 err=110 10.0.0.1:40000 > 10.0.0.2:80 softirq" },
	{ "destroy", EVENT_DESTROY, 0, false, PART_SOCKET,
	  PARTS_SOCKET | PART_COOKIE, "destroy 1.5 sk=1" },
	{ "sample", EVENT_SAMPLE, 0, false, PART_SRTT, PARTS_SAMPLE,
	  "sample 1.5 sk=1 srtt=1500 cwnd=10 10.0.0.1:40000 > 10.0.0.2:80" },
	{ "listing", EVENT_SEEN, EVENT_SEEN_BEGIN, false, 0, 0, "listing 1.5" },
	{ "seen", EVENT_SEEN, EVENT_SEEN_SOCKET, false,
	  PART_COOKIE | PART_STATE | PART_FROM | PART_ENDPOINTS,
	  PART_COOKIE | PART_STATE | PART_FROM | PART_ENDPOINTS | PART_PID | PART_LATE |
	  PART_SOCKET,
	  "seen 1.5 from=1.4 cookie=7 ESTABLISHED 10.0.0.1:40000 > 10.0.0.2:80 pid=100" },
	{ "listed", EVENT_SEEN, EVENT_SEEN_END, false, 0, 0, "listed 1.5" },
	{ "gone", EVENT_GONE, 0, false, PART_COOKIE,
	  PART_COOKIE | PART_ENDPOINTS | PART_LATE | PARTS_FIGURES,
	  "gone 1.5 cookie=7 acked=1000 received=200 srtt=800 minrtt=500 retrans=1 segs=9" },
	{ "bucket", EVENT_BUCKET, 0, false, PART_COUNT,
	  PARTS_ANY | PART_COUNT | PART_KEY |
	  PART_LE | PART_SUM | PART_FIRST | PART_LAST,
	  "bucket 1.5 key=443 le=10 count=3 sum=2500" },
	{ "task", EVENT_TASK, EVENT_TASK_LISTED, false, PART_PID | PART_TID,
	  PARTS_ANY | PART_PID | PART_TID | PART_COMM,
	  "task 1.5 pid=100 tid=100 comm=\"curl\"" },
	{ "fork", EVENT_TASK, EVENT_TASK_FORKED, false, PART_TID | PART_CHILD,
	  PARTS_ANY | PART_TID | PART_CHILD | PART_COMM,
	  "fork 1.5 tid=100 child=101 comm=\"sh\"" },
	{ "clone", EVENT_TASK, EVENT_TASK_CLONED, false, PART_TID | PART_CHILD,
	  PARTS_ANY | PART_TID | PART_CHILD | PART_COMM,
	  "clone 1.5 tid=100 child=101 comm=\"sh\"" },
	{ "rename", EVENT_TASK, EVENT_TASK_RENAMED, false, PART_TID | PART_COMM,
	  PARTS_ANY | PART_TID | PART_COMM, "rename 1.5 tid=101 comm=\"curl\"" },
	{ "lost", EVENT_LOST, 0, false, PART_CPU, PART_CPU | PART_LATE | PART_COUNT,
	  "lost 1.5 cpu=3 count=159" },
	{ "frame", EVENT_FRAME, 0, false, PART_STACK,
	  PART_CPU | PART_STACK | PART_ADDRESS | PART_GOES_ON | PART_NAME,
	  "frame 1.5 stack=1 name=\"tcp_v4_rcv\" address=0xffffffff81000000" },
	{ "tick", EVENT_TICK, 0, false, 0, 0, "tick 1.5" },
};

enum { FORM_COUNT = sizeof(forms) / sizeof(forms[0]) };

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

	if (part == PART_CONG) {
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

static void set_error(struct event *event, int32_t err)
{
	if (event->kind == EVENT_ERROR) {
		event->error.number = err;
		return;
	}
	event->retrans.err = err;
	event->has |= EVENT_HAS_ERRNO;
}

/* The field of a sample that a part is; NULL: it is none, or a smaller one. */
static uint32_t *find_window(struct event_sample *sample, uint64_t part)
{
	switch (part) {
	case PART_SRTT:
		return &sample->srtt_us;
	case PART_CWND:
		return &sample->cwnd;
	case PART_SSTHRESH:
		return &sample->ssthresh;
	case PART_SND_WND:
		return &sample->snd_wnd;
	case PART_RCV_WND:
		return &sample->rcv_wnd;
	case PART_SND_NXT:
		return &sample->snd_nxt;
	case PART_SND_UNA:
		return &sample->snd_una;
	default:
		return NULL;
	}
}

static void set_cookie(struct event *event, uint64_t cookie)
{
	if (event->kind == EVENT_SAMPLE)
		event->sample.cookie = cookie & COOKIE_MAX;
	else if (event->kind == EVENT_DESTROY)
		event->destroy.cookie = cookie;
	else
		event->cookie = cookie;
	event->has |= EVENT_HAS_COOKIE;
}

static uint64_t highest_of(uint64_t part)
{
	if (part & (PART_CPU | PART_DATA | PART_MSS))
		return UINT16_MAX;
	if (part & (PART_SOCKET | PART_COUNT | PART_ACKED | PART_RECEIVED |
		    PART_KEY | PART_SUM | PART_ADDRESS | PART_CGROUP))
		return UINT64_MAX;
	if (part == PART_LE)
		return BUCKET_MAX;
	if (part & PART_COOKIE)
		return COOKIE_MAX;
	if (part >= PART_SRTT)
		return UINT32_MAX;
	return INT32_MAX;
}

static void set_process(struct event *event, int32_t tgid)
{
	if (event->kind == EVENT_SEEN)
		event->seen.tgid = tgid;
	else if (event->kind == EVENT_STATE)
		event->state.tgid = tgid;
	else
		event->task.tgid = tgid;
	event->has |= EVENT_HAS_TGID;
}

static void set_place(struct event *event, uint64_t part, uint64_t number)
{
	event->has |= EVENT_HAS_PLACE;
	switch (part) {
	case PART_NETNS:
		event->place.netns = (uint32_t)number;
		break;
	case PART_CGROUP:
		event->place.cgroup = number;
		break;
	case PART_PACKETS_OUT:
		event->place.packets_out = (uint32_t)number;
		break;
	case PART_TOTAL_RETRANS:
		event->place.total_retrans = (uint32_t)number;
		break;
	case PART_SRTT:
		event->place.srtt_us = (uint32_t)number;
		break;
	case PART_CWND:
		event->place.cwnd = (uint32_t)number;
		break;
	}
}

/* Of a gone line. */
static void set_figure(struct event *event, uint64_t part, uint64_t number)
{
	event->has |= part & (PART_SRTT | PART_MIN_RTT) ? EVENT_HAS_RTT :
							  EVENT_HAS_BYTES;
	switch (part) {
	case PART_ACKED:
		event->gone.bytes_acked = number;
		break;
	case PART_RECEIVED:
		event->gone.bytes_received = number;
		break;
	case PART_SRTT:
		event->gone.srtt_us = (uint32_t)number;
		break;
	case PART_MIN_RTT:
		event->gone.min_rtt_us = (uint32_t)number;
		break;
	case PART_RETRANS:
		event->gone.retrans = (uint32_t)number;
		break;
	case PART_SEGS:
		event->gone.segs_out = (uint32_t)number;
		break;
	}
}

static void set_stack(struct event *event, uint32_t number)
{
	if (event->kind == EVENT_FRAME) {
		event->frame.stack = number;
		return;
	}
	event->state.stack = number;
	event->has |= EVENT_HAS_STACK;
}

/* The parts that are a name, '=' and a number. */
static int parse_number(struct script_token token, uint64_t part,
			struct event *event, struct error *err)
{
	const struct script_token whole = token;
	bool negative = part == PART_ERR && script_token_cut(&token, "-");
	uint64_t number;

	if (!script_token_number(token, highest_of(part), &number))
		return script_token_refuse(
			&whole, "it is not a number, or too large", err);
	switch (part) {
	case PART_CPU:
		event->cpu = (uint16_t)number;
		break;
	case PART_SOCKET:
		event->socket_id = number;
		event->has |= EVENT_HAS_SOCKET;
		break;
	case PART_TID:
		event->tid = (int32_t)number;
		event->has |= EVENT_HAS_CONTEXT;
		break;
	case PART_ERR:
		set_error(event, negative ? -(int32_t)number : (int32_t)number);
		break;
	case PART_COOKIE:
		set_cookie(event, number);
		break;
	case PART_PID:
		set_process(event, (int32_t)number);
		break;
	case PART_CHILD:
		event->task.tid = (int32_t)number;
		break;
	case PART_COUNT:
		if (event->kind == EVENT_BUCKET) {
			event->bucket.count = number;
			break;
		}
		event->lost.count = number;
		event->has |= EVENT_HAS_COUNT;
		break;
	case PART_KEY:
		event->bucket.key = number;
		break;
	case PART_LE:
		event->bucket.le_log2 = (uint8_t)number;
		break;
	case PART_SUM:
		event->bucket.sum = number;
		break;
	case PART_STACK:
		set_stack(event, (uint32_t)number);
		break;
	case PART_ADDRESS:
		event->frame.address = number;
		break;
	case PART_SEQUENCE:
		event->retrans.sequence = (uint32_t)number;
		event->has |= EVENT_HAS_PLACE;
		break;
	case PART_DATA:
		event->sample.data_bytes = (uint16_t)number;
		break;
	case PART_MSS:
		event->sample.mss = (uint16_t)number;
		break;
	default:
		if (event->kind == EVENT_GONE)
			set_figure(event, part, number);
		else if (part & PARTS_PLACE && event->kind != EVENT_SAMPLE)
			set_place(event, part, number);
		else
			*find_window(&event->sample, part) = (uint32_t)number;
	}
	return 0;
}

/* The part that a token is the beginning of, with its "name=" cut off.
 * *arrow: the '>' of a PART_TRANSITION. */
static uint64_t find_part(struct script_token *token,
			      const struct form *form, const char **arrow)
{
	static const struct {
		const char *prefix;
		uint64_t part;
	} named[] = {
		{ "cpu=", PART_CPU }, { "sk=", PART_SOCKET },
		{ "tid=", PART_TID }, { "err=", PART_ERR },
		{ "cookie=", PART_COOKIE }, { "pid=", PART_PID },
		{ "child=", PART_CHILD }, { "count=", PART_COUNT },
		{ "comm=", PART_COMM }, { "reason=", PART_REASON },
		{ "srtt=", PART_SRTT },
		{ "cwnd=", PART_CWND }, { "ssthresh=", PART_SSTHRESH },
		{ "snd_wnd=", PART_SND_WND }, { "rcv_wnd=", PART_RCV_WND },
		{ "snd_nxt=", PART_SND_NXT }, { "snd_una=", PART_SND_UNA },
		{ "data=", PART_DATA }, { "mss=", PART_MSS },
		{ "from=", PART_FROM }, { "acked=", PART_ACKED },
		{ "received=", PART_RECEIVED }, { "minrtt=", PART_MIN_RTT },
		{ "retrans=", PART_RETRANS }, { "segs=", PART_SEGS },
		{ "key=", PART_KEY }, { "le=", PART_LE }, { "sum=", PART_SUM },
		{ "stack=", PART_STACK }, { "address=", PART_ADDRESS },
		{ "name=", PART_NAME }, { "netns=", PART_NETNS },
		{ "cgroup=", PART_CGROUP }, { "out=", PART_PACKETS_OUT },
		{ "resent=", PART_TOTAL_RETRANS }, { "seq=", PART_SEQUENCE },
	};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (script_token_cut(token, named[i].prefix))
			return named[i].part;
	if (script_token_is(token, "late"))
		return PART_LATE;
	if (script_token_is(token, "first"))
		return PART_FIRST;
	if (script_token_is(token, "last"))
		return PART_LAST;
	if (script_token_is(token, "more"))
		return PART_GOES_ON;
	if (script_token_is(token, "task") ||
	    script_token_is(token, "softirq") ||
	    script_token_is(token, "hardirq") ||
	    script_token_is(token, "nmi"))
		return PART_CONTEXT;
	if (script_token_is(token, "sent") ||
	    script_token_is(token, "received"))
		return PART_DIRECTION;
	if (memchr(token->at, ':', token->length))
		return PART_ENDPOINTS;
	*arrow = memchr(token->at, '>', token->length);
	if (*arrow)
		return PART_TRANSITION;
	return form->takes & PART_CONG ? PART_CONG : PART_STATE;
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

static int refuse_part(const struct form *form,
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
		      struct script_cursor *cursor, const struct form *form,
		      uint64_t *seen, struct event *event,
		      struct error *err)
{
	const struct script_token whole = token;
	const char *arrow = NULL;
	uint64_t part = find_part(&token, form, &arrow);

	if (!(form->takes & part) || (*seen & part))
		return refuse_part(form, &whole, *seen & part, err);
	*seen |= part;
	switch (part) {
	case PART_LATE:
		event->late = true;
		return 0;
	case PART_FIRST:
		event->bucket.first = true;
		return 0;
	case PART_LAST:
		event->bucket.last = true;
		return 0;
	case PART_CONTEXT:
		set_context(&token, event);
		return 0;
	case PART_DIRECTION:
		if (script_token_is(&token, "received"))
			event->reset.direction = EVENT_RESET_RECEIVED;
		return 0;
	case PART_REASON:
		event->reset.reason = reset_reason_find(token.at, token.length);
		event->has |= EVENT_HAS_REASON;
		return 0;
	case PART_GOES_ON:
		event->frame.goes_on = true;
		return 0;
	case PART_NAME:
		return parse_name(&token, event, err);
	case PART_COMM:
		return parse_comm(&token, event, err);
	case PART_FROM:
		if (script_token_seconds(token, find_from(event)))
			return 0;
		return script_token_refuse(
			&whole, "a time looks like from=1.4", err);
	case PART_ENDPOINTS:
		return parse_endpoints(&token, cursor, event, err);
	case PART_TRANSITION:
		return parse_transition(&token, arrow, event, err);
	case PART_STATE:
	case PART_CONG:
		return parse_named(&token, part, event, err);
	default:
		return parse_number(token, part, event, err);
	}
}

/* What follows from the word itself, as in a record of the kernel's. */
static void finish_event(const struct form *form, struct event *event)
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

static const struct form *find_form(const struct script_token *word)
{
	for (size_t i = 0; i < FORM_COUNT; i++)
		if (script_token_is(word, forms[i].word))
			return &forms[i];
	return NULL;
}

int script_event_parse(struct event *event, const struct script_token *word,
			 struct script_cursor *cursor, struct error *err)
{
	const struct form *form = find_form(word);
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

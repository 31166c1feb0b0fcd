/* SPDX-License-Identifier: BSD-2-Clause */
/* "comm-pid [cpu] flags time: event: key=value ..."; see dump_line.h. */
#include "dump_line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dump_fields.h"
#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

enum { SECONDS_MAX = 1000000000 };

/* " [001] ": where the CPU stands, three digits at least; NULL: nowhere. */
static const char *find_cpu(const char *text)
{
	const char *at = text;

	while ((at = strstr(at, " ["))) {
		size_t digits = strspn(at + 2, "0123456789");

		if (digits >= 3 && digits <= 5 && at[2 + digits] == ']')
			return at + 2;
		at++;
	}
	return NULL;
}

/* What stands in front of the CPU: "  some name-1234 ". */
static bool take_task(const char *text, const char *end, struct event *task)
{
	const char *dash, *first = text;
	size_t length;

	while (end > text && end[-1] != '-')
		end--;
	if (end == text)
		return false;
	dash = end - 1;
	while (first < dash && *first == ' ')
		first++;
	/* "instance:   name-1234", as trace-cmd tells several apart. */
	for (const char *at = first; at + 1 < dash; at++)
		if (at[0] == ':' && at[1] == ' ')
			for (first = at + 1; first < dash && *first == ' ';)
				first++;
	task->task.tid = task->task.tgid = (int32_t)strtol(end, NULL, 10);
	task->has = EVENT_HAS_TGID;
	length = (size_t)(dash - first);
	if (length && length < EVENT_COMM_BYTES && strncmp(first, "<...>", 5)) {
		memcpy(task->task.comm, first, length);
		task->has |= EVENT_HAS_COMM;
	}
	/* 0: a CPU that was idle, or a task that is not known. */
	return *end >= '0' && *end <= '9' && task->task.tid >= 0;
}

/* "d.s1." of the trace file: hard, soft or no interrupt, in the third place
 * (Documentation/trace/ftrace.rst). */
static void take_flags(const char *flags, size_t length, struct event *event)
{
	if (length < 3)
		return;
	event->has |= EVENT_HAS_CONTEXT;
	if (strchr("hHzZ", flags[2]))
		event->context = EVENT_CONTEXT_HARDIRQ;
	else if (flags[2] == 's')
		event->context = EVENT_CONTEXT_SOFTIRQ;
}

/* "14163.768121:" or with nine digits; leaves text behind the colon. */
static bool take_time(const char **text, uint64_t *time_ns)
{
	char *end;
	uint64_t seconds = strtoull(*text, &end, 10), fraction = 0;
	unsigned int digits = 0;

	if (end == *text || *end != '.' || seconds > SECONDS_MAX)
		return false;
	for (end++; *end >= '0' && *end <= '9' && digits < 9; end++, digits++)
		fraction = fraction * 10 + (uint64_t)(*end - '0');
	if (*end != ':' || !digits)
		return false;
	for (; digits < 9; digits++)
		fraction *= 10;
	*time_ns = seconds * 1000000000 + fraction;
	*text = end + 1;
	return true;
}

static bool take_place(const char **text, struct event *event)
{
	size_t length;
	char *end;

	event->cpu = (uint16_t)strtoul(*text, &end, 10);
	*text = end + 1;
	*text += strspn(*text, " ");
	length = strcspn(*text, " ");
	if (length && (*text)[length - 1] != ':') {     /* trace-cmd has none */
		take_flags(*text, length, event);
		*text += length;
		*text += strspn(*text, " ");
	}
	if (!take_time(text, &event->time_ns))
		return false;
	*text += strspn(*text, " ");
	return true;
}

/* Only a system call of the socket's user does these, whatever the line does
 * not say about where it ran. */
static bool is_call(uint8_t old_state, uint8_t new_state)
{
	switch (new_state) {
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_LISTEN:
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_LAST_ACK:
		return true;
	case TCP_STATE_CLOSE:
		return old_state == TCP_STATE_LISTEN;
	default:
		return false;
	}
}

static bool is_tcp(const char *fields)
{
	char protocol[DUMP_FIELDS_VALUE_BYTES];

	return !dump_fields_find(fields, "protocol", protocol) ||
	       !strcmp(protocol, "IPPROTO_TCP") || !strcmp(protocol, "6");
}

static bool take_state(const char *fields, struct event *event)
{
	if (!is_tcp(fields))
		return false;
	event->kind = EVENT_STATE;
	event->state.old_state = dump_fields_state(fields, "oldstate");
	event->state.new_state = dump_fields_state(fields, "newstate");
	if (event->tid && is_call(event->state.old_state, event->state.new_state))
		event->has |= EVENT_HAS_CONTEXT;
	return event->state.old_state && event->state.new_state;
}

static bool take_cong(const char *fields, struct event *event)
{
	event->kind = EVENT_CONG;
	event->cong.new_state = (uint8_t)dump_fields_number(fields, "cong_state");
	return event->cong.new_state < CONG_STATE_COUNT;
}

static bool take_retrans(const char *fields, struct event *event)
{
	event->kind = EVENT_RETRANS;
	event->retrans.state = dump_fields_state(fields, "state");
	if (event->retrans.state)
		event->has |= EVENT_HAS_TCP_STATE;
	return true;
}

static bool take_reset(const char *fields, struct event *event)
{
	event->kind = EVENT_RESET;
	event->reset.direction = EVENT_RESET_RECEIVED;
	event->reset.state = dump_fields_state(fields, "state");
	return true;
}

static bool take_sent_reset(const char *fields, struct event *event)
{
	char value[DUMP_FIELDS_VALUE_BYTES];

	event->kind = EVENT_RESET;
	event->reset.direction = EVENT_RESET_SENT;
	event->reset.state = dump_fields_state(fields, "state");
	if (event->reset.state)
		event->has |= EVENT_HAS_TCP_STATE;
	if (dump_fields_find(fields, "reason", value)) {
		event->has |= EVENT_HAS_REASON;
		event->reset.reason = reset_reason_find(value, strlen(value));
	}
	/* It answered a segment that met no socket. */
	if (dump_fields_find(fields, "skaddr", value) && !strcmp(value, "(nil)"))
		event->has &= (uint16_t)~EVENT_HAS_SOCKET;
	return true;
}

/* It names no socket, neither here nor in the kernel's buffer. */
static bool take_error(const char *fields, struct event *event)
{
	if (!is_tcp(fields))
		return false;
	event->kind = EVENT_ERROR;
	event->error.number = (int32_t)dump_fields_number(fields, "error");
	event->has &= (uint16_t)~EVENT_HAS_SOCKET;
	event->socket_id = 0;
	return true;
}

static bool take_destroy(const char *fields, struct event *event)
{
	(void)fields;
	event->kind = EVENT_DESTROY;
	return true;
}

static const struct {
	const char *name;
	bool (*take)(const char *fields, struct event *event);
} kinds[] = {
	{ "inet_sock_set_state:", take_state },
	{ "tcp_cong_state_set:", take_cong },
	{ "tcp_retransmit_skb:", take_retrans },
	{ "tcp_receive_reset:", take_reset },
	{ "tcp_send_reset:", take_sent_reset },
	{ "inet_sk_error_report:", take_error },
	{ "tcp_destroy_sock:", take_destroy },
};

bool dump_line_parse(struct dump_line *line, const char *text)
{
	const char *at = find_cpu(text);

	memset(line, 0, sizeof(*line));
	line->task.kind = EVENT_TASK;
	line->task.task.change = EVENT_TASK_LISTED;
	if (!at || !take_task(text, at - 2, &line->task) ||
	    !take_place(&at, &line->event))
		return false;
	line->event.tid = line->task.task.tid;
	line->task.time_ns = line->event.time_ns;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t length = strlen(kinds[i].name);

		if (!strncmp(at, kinds[i].name, length))
			return dump_fields_socket(at + length, &line->event) &&
			       kinds[i].take(at + length, &line->event);
	}
	return false;
}

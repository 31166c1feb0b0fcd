/* SPDX-License-Identifier: BSD-2-Clause */
/* "comm-pid [cpu] flags time: event: key=value ..."; see dump_line.h. */
#include "dump_line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "tcpwatch/reset_reason.h"
#include "tcpwatch/tcp_state.h"

enum { VALUE_BYTES = 64, SECONDS_MAX = 1000000000 };

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

/* The value behind " key="; false: there is none. */
static bool find_value(const char *fields, const char *key,
		       char value[VALUE_BYTES])
{
	size_t length = strlen(key);
	const char *at = fields;

	while ((at = strstr(at, key))) {
		if (at[length] == '=' && (at == fields || at[-1] == ' ')) {
			size_t bytes = strcspn(at + length + 1, " \n");

			if (bytes >= VALUE_BYTES)
				return false;
			memcpy(value, at + length + 1, bytes);
			value[bytes] = '\0';
			return true;
		}
		at += length;
	}
	return false;
}

static long number_of(const char *fields, const char *key)
{
	char value[VALUE_BYTES];

	return find_value(fields, key, value) ? strtol(value, NULL, 0) : 0;
}

/* "TCP_ESTABLISHED", or a number where nobody knew its name. */
static uint8_t state_of(const char *fields, const char *key)
{
	char value[VALUE_BYTES];
	int state;

	if (!find_value(fields, key, value))
		return TCP_STATE_UNKNOWN;
	if (value[0] >= '0' && value[0] <= '9')
		return (uint8_t)strtoul(value, NULL, 0);
	state = tcp_state_parse(strncmp(value, "TCP_", 4) ? value : value + 4);
	return state < 0 ? TCP_STATE_UNKNOWN : (uint8_t)state;
}

static bool take_end(const char *fields, const char *v4, const char *v6,
		     const char *port, struct endpoint *endpoint)
{
	char value[VALUE_BYTES];

	endpoint->port = (uint16_t)number_of(fields, port);
	if (find_value(fields, v6, value) &&
	    inet_pton(AF_INET6, value, endpoint->address) == 1)
		return true;
	memset(endpoint->address, 0, 10);
	memset(endpoint->address + 10, 0xff, 2);
	return find_value(fields, v4, value) &&
	       inet_pton(AF_INET, value, endpoint->address + 12) == 1;
}

/* FNV-1a over both ends. */
static uint64_t id_of(const struct event *event)
{
	const struct endpoint *ends[2] = { &event->local, &event->remote };
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(ends[i]->address); j++)
			hash = (hash ^ ends[i]->address[j]) * UINT64_C(1099511628211);
		hash = (hash ^ ends[i]->port) * UINT64_C(1099511628211);
	}
	return hash | 1;
}

/* "10.0.0.1:443" or "[::1]:443", as tcp_send_reset has them since 6.10. */
static bool take_pair(const char *fields, const char *key,
		      struct endpoint *endpoint)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char value[VALUE_BYTES];
	char *colon = find_value(fields, key, value) ? strrchr(value, ':') : NULL;

	if (!colon || colon == value)
		return false;
	endpoint->port = (uint16_t)strtoul(colon + 1, NULL, 10);
	*colon = '\0';
	if (value[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		return inet_pton(AF_INET6, value + 1, endpoint->address) == 1;
	}
	memcpy(endpoint->address, mapped, sizeof(mapped));
	return inet_pton(AF_INET, value, endpoint->address + 12) == 1;
}

static bool take_socket(const char *fields, struct event *event)
{
	if ((!take_end(fields, "saddr", "saddrv6", "sport", &event->local) ||
	     !take_end(fields, "daddr", "daddrv6", "dport", &event->remote)) &&
	    (!take_pair(fields, "src", &event->local) ||
	     !take_pair(fields, "dest", &event->remote)))
		return false;
	event->family = endpoint_is_ipv4(&event->local) ||
			endpoint_is_ipv4(&event->remote) ? EVENT_FAMILY_IPV4 :
							   EVENT_FAMILY_IPV6;
	event->has |= EVENT_HAS_ENDPOINTS | EVENT_HAS_SOCKET;
	event->socket_id = id_of(event);
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

static bool take_state(const char *fields, struct event *event)
{
	char protocol[VALUE_BYTES];

	if (find_value(fields, "protocol", protocol) &&
	    strcmp(protocol, "IPPROTO_TCP") && strcmp(protocol, "6"))
		return false;
	event->kind = EVENT_STATE;
	event->state.old_state = state_of(fields, "oldstate");
	event->state.new_state = state_of(fields, "newstate");
	if (event->tid && is_call(event->state.old_state, event->state.new_state))
		event->has |= EVENT_HAS_CONTEXT;
	return event->state.old_state && event->state.new_state;
}

static bool take_cong(const char *fields, struct event *event)
{
	event->kind = EVENT_CONG;
	event->cong.new_state = (uint8_t)number_of(fields, "cong_state");
	return event->cong.new_state < CONG_STATE_COUNT;
}

static bool take_retrans(const char *fields, struct event *event)
{
	event->kind = EVENT_RETRANS;
	event->retrans.state = state_of(fields, "state");
	if (event->retrans.state)
		event->has |= EVENT_HAS_TCP_STATE;
	return true;
}

static bool take_reset(const char *fields, struct event *event)
{
	event->kind = EVENT_RESET;
	event->reset.direction = EVENT_RESET_RECEIVED;
	event->reset.state = state_of(fields, "state");
	return true;
}

static bool take_sent_reset(const char *fields, struct event *event)
{
	char value[VALUE_BYTES];

	event->kind = EVENT_RESET;
	event->reset.direction = EVENT_RESET_SENT;
	event->reset.state = state_of(fields, "state");
	if (event->reset.state)
		event->has |= EVENT_HAS_TCP_STATE;
	if (find_value(fields, "reason", value)) {
		event->has |= EVENT_HAS_REASON;
		event->reset.reason = reset_reason_find(value, strlen(value));
	}
	/* It answered a segment that met no socket. */
	if (find_value(fields, "skaddr", value) && !strcmp(value, "(nil)"))
		event->has &= (uint16_t)~EVENT_HAS_SOCKET;
	return true;
}

/* It names no socket, neither here nor in the kernel's buffer. */
static bool take_error(const char *fields, struct event *event)
{
	char protocol[VALUE_BYTES];

	if (find_value(fields, "protocol", protocol) &&
	    strcmp(protocol, "IPPROTO_TCP") && strcmp(protocol, "6"))
		return false;
	event->kind = EVENT_ERROR;
	event->error.number = (int32_t)number_of(fields, "error");
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
			return take_socket(at + length, &line->event) &&
			       kinds[i].take(at + length, &line->event);
	}
	return false;
}

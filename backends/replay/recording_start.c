/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and writes the lines of a start-up dump; see recording_start.h. */
#include "recording_start.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char head[] = "tcpwatch-start 1\n";

/* The rest of the line behind the word, or NULL. */
static const char *behind(const char *line, const char *word)
{
	size_t length = strlen(word);

	return strncmp(line, word, length) ? NULL : line + length;
}

/* The line after that one, or the end. */
static const char *line_after(const struct recording_start *start,
			      const char *line)
{
	const char *newline = memchr(line, '\n', (size_t)(start->end - line));

	return newline ? newline + 1 : start->end;
}

static void take_fact(struct recording_start *start, const char *line)
{
	const char *value;

	if ((value = behind(line, "since ")))
		start->since_ns = strtoull(value, NULL, 10);
	if ((value = behind(line, "wall "))) {
		start->wall_ns = strtoll(value, NULL, 10);
		start->wall_known = true;
	}
	if (behind(line, "foreign\n"))
		start->foreign = true;
}

bool recording_start_open(struct recording_start *start, const char *text,
			  size_t length)
{
	const char *line;

	*start = (struct recording_start){
		.text = text, .end = text + strnlen(text, length),
	};
	if (!behind(text, head))
		return false;
	start->next = start->next_seen = line_after(start, text);
	for (line = start->next; line < start->end;
	     line = line_after(start, line))
		take_fact(start, line);
	return true;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t take_comm(const char *text, char comm[EVENT_COMM_BYTES])
{
	size_t length = 0;

	while (length < EVENT_COMM_BYTES && digit_of(text[0]) >= 0 &&
	       digit_of(text[1]) >= 0) {
		comm[length++] = (char)(digit_of(text[0]) << 4 | digit_of(text[1]));
		text += 2;
	}
	return length;
}

static bool take_task(const char *value, struct event *event)
{
	char *end;
	long tid = strtol(value, &end, 10);
	long tgid = strtol(end, &end, 10);

	if (*value < '1' || *value > '9' || tid < 1 || tid > INT32_MAX || tgid < 0 || tgid > INT32_MAX)
		return false;
	event->task.tid = (int32_t)tid;
	event->task.tgid = (int32_t)tgid;
	if (tgid)
		event->has |= EVENT_HAS_TGID;
	if (*end == ' ' && take_comm(end + 1, event->task.comm))
		event->has |= EVENT_HAS_COMM;
	return true;
}

bool recording_start_next_task(struct recording_start *start, uint64_t time_ns,
			       struct event *event)
{
	*event = (struct event){ .time_ns = time_ns, .kind = EVENT_TASK };
	event->task.change = EVENT_TASK_LISTED;
	while (start->next && start->next < start->end) {
		const char *value = behind(start->next, "task ");

		start->next = line_after(start, start->next);
		if (value && take_task(value, event))
			return true;
	}
	return false;
}

/* The bytes that so many pairs of digits stand for; false: there are fewer. */
static bool take_bytes(const char **text, uint8_t *bytes, size_t count)
{
	const char *at = *text + (**text == ' ');

	for (size_t i = 0; i < count; i++, at += 2) {
		if (digit_of(at[0]) < 0 || digit_of(at[1]) < 0)
			return false;
		bytes[i] = (uint8_t)(digit_of(at[0]) << 4 | digit_of(at[1]));
	}
	*text = at;
	return true;
}

/* A number on this line; 0 when there is none. */
static uint64_t take_number(const char **text)
{
	const char *at = *text + (**text == ' ');
	uint64_t number = 0;

	for (; *at >= '0' && *at <= '9'; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	*text = at;
	return number;
}

static bool take_end(const char **text, struct endpoint *endpoint)
{
	if (!take_bytes(text, endpoint->address, sizeof(endpoint->address)))
		return false;
	endpoint->port = (uint16_t)take_number(text);
	return true;
}

static bool take_seen(const char *value, struct event *event)
{
	uint64_t part = take_number(&value);

	event->time_ns = take_number(&value);
	event->seen.from_ns = take_number(&value);
	event->cookie = take_number(&value);
	event->seen.state = (uint8_t)take_number(&value);
	event->seen.tgid = (int32_t)take_number(&value);
	event->family = (uint8_t)take_number(&value);
	event->seen.part = (uint8_t)part;
	if (part != EVENT_SEEN_SOCKET)
		return part == EVENT_SEEN_BEGIN || part == EVENT_SEEN_END;
	event->has = EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS |
		     (event->seen.tgid > 0 ? EVENT_HAS_TGID : 0);
	return (event->family == EVENT_FAMILY_IPV4 ||
		event->family == EVENT_FAMILY_IPV6) &&
	       take_end(&value, &event->local) &&
	       take_end(&value, &event->remote);
}

bool recording_start_next_seen(struct recording_start *start,
			       struct event *event)
{
	while (start->next_seen && start->next_seen < start->end) {
		const char *value = behind(start->next_seen, "seen ");

		*event = (struct event){ .kind = EVENT_SEEN };
		start->next_seen = line_after(start, start->next_seen);
		if (value && take_seen(value, event))
			return true;
	}
	return false;
}

size_t recording_start_head(char *text)
{
	memcpy(text, head, sizeof(head));
	return sizeof(head) - 1;
}

size_t recording_start_number(char *text, const char *word, int64_t value)
{
	return (size_t)snprintf(text, RECORDING_START_LINE_BYTES,
				"%.20s %" PRId64 "\n", word, value);
}

size_t recording_start_task(char *text, const struct event *event)
{
	const struct event_task *task = &event->task;
	int32_t tgid = event->has & EVENT_HAS_TGID ? task->tgid : 0;
	size_t length = (size_t)snprintf(text, RECORDING_START_LINE_BYTES,
					 "task %" PRId32 " %" PRId32 " ",
					 task->tid, tgid);
	size_t bytes = event->has & EVENT_HAS_COMM ?
		       strnlen(task->comm, sizeof(task->comm)) : 0;

	for (size_t i = 0; i < bytes; i++)
		length += (size_t)sprintf(text + length, "%02x",
					  (unsigned char)task->comm[i]);
	text[length++] = '\n';
	text[length] = '\0';
	return length;
}

static size_t put_end(char *text, const struct endpoint *endpoint)
{
	size_t length = 1;

	text[0] = ' ';
	for (size_t i = 0; i < sizeof(endpoint->address); i++)
		length += (size_t)sprintf(text + length, "%02x",
					  endpoint->address[i]);
	return length + (size_t)sprintf(text + length, " %u", endpoint->port);
}

size_t recording_start_seen(char *text, const struct event *event)
{
	int32_t tgid = event->has & EVENT_HAS_TGID ? event->seen.tgid : 0;
	bool socket = event->seen.part == EVENT_SEEN_SOCKET;
	size_t length = (size_t)snprintf(text, RECORDING_START_LINE_BYTES,
					 "seen %u %" PRIu64 " %" PRIu64 " %" PRIu64
					 " %u %" PRId32 " %u", event->seen.part,
					 event->time_ns, event->seen.from_ns,
					 socket ? event->cookie : 0,
					 event->seen.state, tgid, event->family);

	if (socket) {
		length += put_end(text + length, &event->local);
		length += put_end(text + length, &event->remote);
	}
	text[length++] = '\n';
	text[length] = '\0';
	return length;
}

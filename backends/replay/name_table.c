/* SPDX-License-Identifier: BSD-2-Clause */
/* An open-addressed table that only grows; see name_table.h. */
#include "name_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024, ROOM_MAX = 1 << 20, LINE_BYTES = 32 };

/* The name of that thread, or the free place where it belongs. */
static struct name *find(const struct name_table *table, int32_t tid)
{
	size_t at = (uint32_t)tid * 2654435761u;

	for (;; at++) {
		struct name *name = &table->names[at & (table->room - 1)];

		if (!name->tid || name->tid == tid)
			return name;
	}
}

static int grow(struct name_table *table)
{
	struct name_table larger = {
		.room = table->room ? table->room * 2 : FIRST_ROOM,
		.used = table->used,
	};

	if (larger.room > ROOM_MAX)
		return -1;
	larger.names = calloc(larger.room, sizeof(*larger.names));
	if (!larger.names)
		return -1;
	for (size_t i = 0; i < table->room; i++)
		if (table->names[i].tid)
			*find(&larger, table->names[i].tid) = table->names[i];
	free(table->names);
	*table = larger;
	return 0;
}

static const char *name_of(const struct name_table *table,
			   const struct event *event)
{
	const struct name *process;

	if (event->has & EVENT_HAS_COMM)
		return event->task.comm;
	if (!(event->has & EVENT_HAS_TGID) || !table->room)
		return NULL;
	process = find(table, event->task.tgid);
	return process->tid ? process->comm : NULL;
}

void name_table_take(struct name_table *table, const struct event *event)
{
	const char *comm = name_of(table, event);
	char copy[EVENT_COMM_BYTES];
	struct name *name;

	if (!comm || event->task.tid < 1)
		return;
	memcpy(copy, comm, sizeof(copy));       /* growing moves it */
	if (table->used * 2 >= table->room && grow(table))
		return;
	name = find(table, event->task.tid);
	table->used += !name->tid;
	name->tid = event->task.tid;
	memcpy(name->comm, copy, sizeof(name->comm));
}

void name_table_done(struct name_table *table)
{
	free(table->names);
	*table = (struct name_table){ .names = NULL };
}

/* A line must stay one line, whatever a process calls itself. */
static size_t put_name(char *text, const struct name *name)
{
	size_t length = (size_t)sprintf(text, "%" PRId32 " ", name->tid);
	size_t bytes = strnlen(name->comm, sizeof(name->comm));

	for (size_t i = 0; i < bytes; i++)
		text[length++] = name->comm[i] == '\n' ? '?' : name->comm[i];
	text[length++] = '\n';
	return length;
}

char *name_table_text(const struct name_table *table, size_t *length)
{
	char *text = malloc(table->used * LINE_BYTES + 1);

	*length = 0;
	if (!text)
		return NULL;
	for (size_t i = 0; i < table->room; i++)
		if (table->names[i].tid)
			*length += put_name(text + *length, &table->names[i]);
	text[*length] = '\0';
	return text;
}

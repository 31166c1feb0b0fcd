/* SPDX-License-Identifier: BSD-2-Clause */
/* One file a process: /proc/PID/stat has its name and its parent. */
#include "diag_names.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "small_file.h"

void diag_names_renew(struct diag_names *names)
{
	names->round++;
}

/* "12 (a name) S 1 ...": the name may hold anything, so that its end is the last
 * bracket. */
static bool parse(struct keeper_task *process, char *text)
{
	char *name = strchr(text, '('), *end = strrchr(text, ')');
	size_t length;

	if (!name || !end || end < name || strlen(end) < sizeof(") S "))
		return false;
	length = (size_t)(end - name - 1);
	memset(process->comm, 0, sizeof(process->comm));
	memcpy(process->comm, name + 1,
	       length < sizeof(process->comm) ? length : sizeof(process->comm));
	process->parent = (int32_t)strtol(end + strlen(") S "), NULL, 10);
	return true;
}

bool diag_names_read(struct keeper_task *process, int32_t tgid)
{
	char path[32], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tgid);
	if (!small_file_read(path, text, sizeof(text)))
		return false;
	process->tgid = tgid;
	return parse(process, text);
}

static bool find(const struct diag_names *names, struct keeper_task *process,
		 int32_t tgid)
{
	struct keeper_answer answer;

	if (!names->keeper)
		return diag_names_read(process, tgid);
	if (keeper_ask(names->keeper, KEEPER_PROCESS, (uint32_t)tgid, &answer))
		return false;
	*process = answer.tasks[0];
	return true;
}

static void push(struct diag_queue *queue, const struct keeper_task *process,
		 uint64_t time_ns)
{
	struct event event = {
		.time_ns = time_ns,
		.kind = EVENT_TASK,
		.has = EVENT_HAS_CONTEXT | EVENT_HAS_TGID | EVENT_HAS_COMM,
		.tid = process->parent,
		.task = {
			.tid = process->tgid,
			.tgid = process->tgid,
			.change = EVENT_TASK_FORKED,
		},
	};

	memcpy(event.task.comm, process->comm, sizeof(event.task.comm));
	diag_queue_push(queue, &event, 1);
}

/* True when it was not told in this round, and is now. */
static bool note(struct diag_names *names, int32_t tgid)
{
	size_t place = (uint32_t)tgid % DIAG_NAMES_TOLD;

	if (names->told[place].tgid == tgid &&
	    names->told[place].round == names->round)
		return false;
	names->told[place].tgid = tgid;
	names->told[place].round = names->round;
	return true;
}

void diag_names_tell(struct diag_names *names, struct diag_queue *queue,
		     int32_t tgid, uint64_t time_ns)
{
	struct keeper_task line[DIAG_NAMES_ANCESTORS];
	size_t count = 0;

	while (count < DIAG_NAMES_ANCESTORS && tgid > 0 && note(names, tgid) &&
	       find(names, &line[count], tgid))
		tgid = line[count++].parent;
	while (count)
		push(queue, &line[--count], time_ns);
}

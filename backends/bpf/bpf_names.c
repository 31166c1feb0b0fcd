/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers by thread what was told of it; see bpf_names.h. */
#include "bpf_names.h"

#include <stdbool.h>
#include <string.h>

static bool was_told(const struct bpf_name *told,
		     const struct bpf_record_state *record)
{
	return told->tid == record->socket.head.tid &&
	       told->tgid == record->tgid &&
	       !memcmp(told->comm, record->comm, sizeof(told->comm));
}

static struct event task_event(const struct bpf_record_state *record,
			       int32_t tid)
{
	return (struct event){
		.time_ns = record->socket.head.time_ns,
		.kind = EVENT_TASK,
		.has = EVENT_HAS_TGID,
		.cpu = record->socket.head.cpu,
		.tid = tid,
		.task = {
			.tid = tid,
			.tgid = record->tgid,
			.change = EVENT_TASK_LISTED,
		},
	};
}

size_t bpf_names_take(struct bpf_names *names,
		      const struct bpf_record_state *record,
		      struct event events[BPF_NAMES_EVENTS])
{
	int32_t tid = record->socket.head.tid;
	struct bpf_name *told = &names->told[(uint32_t)tid % BPF_NAMES_SLOTS];
	size_t count = 0;

	if (record->tgid <= 0 || was_told(told, record))
		return 0;
	told->tid = tid;
	told->tgid = record->tgid;
	memcpy(told->comm, record->comm, sizeof(told->comm));
	events[count] = task_event(record, record->tgid);
	events[count].has |= EVENT_HAS_COMM;
	memcpy(events[count++].task.comm, record->comm, sizeof(record->comm));
	if (tid != record->tgid)
		events[count++] = task_event(record, tid);
	return count;
}

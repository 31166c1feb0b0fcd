/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules by which an event in task context names a socket's owner. */
#include "owner.h"

#include <string.h>

#include "tcpwatch/tcp_state.h"

#define TRANSITION(old, new) ((old) << 8 | (new))

/*
 * Task context alone proves nothing: packets are handled there too, from a
 * socket's backlog and on loopback (seen on 5.10, 6.1 and 6.18). These
 * transitions are only ever made by a system call of the socket's user.
 */
static bool is_made_by_user(const struct event *event)
{
	switch (TRANSITION(event->state.old_state, event->state.new_state)) {
	case TRANSITION(TCP_STATE_CLOSE, TCP_STATE_SYN_SENT):
	case TRANSITION(TCP_STATE_CLOSE, TCP_STATE_LISTEN):
	case TRANSITION(TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1):
	case TRANSITION(TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK):
	case TRANSITION(TCP_STATE_LISTEN, TCP_STATE_CLOSE):
		return true;
	default:
		return false;
	}
}

static bool is_in_task(const struct event *event)
{
	return (event->has & EVENT_HAS_CONTEXT) &&
	       !(event->context & EVENT_CONTEXT_INTERRUPT);
}

static void set_owner(struct owner *owner, const struct task_process *process,
		      enum owner_source source)
{
	*owner = (struct owner){
		.pid = process->pid,
		.source = (uint8_t)source,
		.followed = process->followed,
	};
	if (process->comm)
		memcpy(owner->comm, process->comm, sizeof(owner->comm));
}

/* A process that was found to hold the socket open. */
static void set_holder(struct owner *owner, struct task_table *tasks,
		       int32_t tgid)
{
	struct task_process process = task_table_process(tasks, tgid);

	if (process.pid != tgid)
		process = (struct task_process){ .pid = tgid };
	set_owner(owner, &process, OWNER_SEED);
}

void owner_learn(struct owner *owner, struct task_table *tasks,
		 const struct event *event)
{
	struct task_process process;

	if (owner->source == OWNER_EVENT)
		return;
	if (!is_in_task(event) || !is_made_by_user(event)) {
		if (event->has & EVENT_HAS_TGID)
			set_holder(owner, tasks, event->state.tgid);
		return;
	}
	process = task_table_process(tasks, event->tid);
	if (process.pid)
		set_owner(owner, &process, OWNER_EVENT);
}

void owner_learn_seen(struct owner *owner, struct task_table *tasks,
		      const struct event *event)
{
	if (owner->source != OWNER_EVENT && event->has & EVENT_HAS_TGID)
		set_holder(owner, tasks, event->seen.tgid);
}

void owner_complete(struct owner *owner, struct task_table *tasks)
{
	struct task_process process;

	if (owner_is_complete(owner))
		return;
	process = task_table_process(tasks, owner->pid);
	if (process.pid == owner->pid && process.comm)
		memcpy(owner->comm, process.comm, sizeof(owner->comm));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers in pieces, so that no answer takes long; see lookup.h. */
#include "lookup.h"

#include <errno.h>
#include <string.h>

#include "diag/diag_dump.h"
#include "diag/diag_names.h"

enum { STEPS = 8 };                     /* of the walk over open files */

static void tell_tasks(struct lookup *lookup, bool begin,
		       struct keeper_answer *answer)
{
	struct event event;

	if (begin) {
		process_walk_free(lookup->walk);
		lookup->walk = process_walk_new();
	}
	while (lookup->walk && answer->count < KEEPER_TASKS_MAX &&
	       process_walk_next(lookup->walk, 0, &event)) {
		struct keeper_task *task = &answer->tasks[answer->count++];

		task->tid = event.task.tid;
		task->tgid = event.task.tgid;
		task->named = event.has & EVENT_HAS_COMM;
		memcpy(task->comm, event.task.comm, sizeof(task->comm));
	}
	answer->over = answer->count < KEEPER_TASKS_MAX;
}

static void tell_holders(struct lookup *lookup, bool begin,
			 struct keeper_answer *answer)
{
	bool more = true;

	if (begin) {
		socket_owners_free(lookup->owners);
		lookup->owners = socket_owners_new(NULL);
	}
	answer->result = lookup->owners ? 0 : -ENOENT;
	if (!lookup->owners)
		return;
	for (int i = 0; i < STEPS && more; i++)
		more = socket_owners_step(lookup->owners);
	answer->count = socket_owners_take(lookup->owners, answer->holders,
					   KEEPER_HOLDERS_MAX);
	answer->over = !more;
	answer->incomplete = socket_owners_are_incomplete(lookup->owners);
	answer->number = socket_owners_namespaces(lookup->owners);
}

static int open_diag(void *context)
{
	(void)context;
	return diag_dump_socket();
}

static void open_list(const struct lookup *lookup, uint32_t namespace,
		      struct keeper_answer *answer, int *fd)
{
	int (*open)(void *context) = lookup->open ? lookup->open : open_diag;

	if (!namespace)
		*fd = open(lookup->context);
	else
		*fd = lookup->owners ?
		      socket_owners_open_in(lookup->owners, namespace, open,
					    lookup->context) : -EINVAL;
	if (*fd < 0)
		answer->result = *fd;
}

void lookup_serve(struct lookup *lookup, const struct keeper_request *request,
		  struct keeper_answer *answer, int *fd)
{
	switch (request->question) {
	case KEEPER_TASKS:
		tell_tasks(lookup, request->number, answer);
		break;
	case KEEPER_HOLDERS:
		tell_holders(lookup, request->number, answer);
		break;
	case KEEPER_NAMESPACE:
		open_list(lookup, request->number, answer, fd);
		break;
	case KEEPER_FORGET:
		lookup_done(lookup);
		break;
	case KEEPER_PROCESS:
		answer->count = 1;
		if (!diag_names_read(&answer->tasks[0], (int32_t)request->number))
			answer->result = -ESRCH;
		break;
	default:
		answer->result = -EINVAL;
	}
}

void lookup_done(struct lookup *lookup)
{
	process_walk_free(lookup->walk);
	socket_owners_free(lookup->owners);
	lookup->walk = NULL;
	lookup->owners = NULL;
}

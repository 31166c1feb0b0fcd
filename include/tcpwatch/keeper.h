/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of the keeper: a process that was forked off before anything of
 * the world was read, and keeps the rights that this one then gave up. Requests
 * and answers have a fixed size, and nothing but their number and one more is
 * the asker's choice.
 */
#ifndef TCPWATCH_KEEPER_H
#define TCPWATCH_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

enum keeper_question {
	KEEPER_REOPEN,          /* the output's file; a descriptor */
	KEEPER_METRICS,         /* a file beside that of the metrics; a descriptor */
	KEEPER_METRICS_END,     /* number 1: takes that file's place; 0: removed */
	KEEPER_SIGNAL,          /* number: signal, to the watched command */
	/* From here on the source answers: backend_ops.serve(). */
	KEEPER_TASKS,           /* number 1 begins: tasks, the next ones */
	KEEPER_HOLDERS,         /* number 1 begins: holders, the next ones; at the
	                         * end number = namespaces besides ours */
	KEEPER_NAMESPACE,       /* number: which of these, 0 = ours; a descriptor
	                         * that lists the sockets in it */
	KEEPER_FORGET,          /* tasks and holders: no more are wanted for now */
	KEEPER_PROCESS,         /* number: its id; its name and parent, tasks[0] */
	KEEPER_STOP,            /* take no new events: backend_ops.stop() */
	KEEPER_OVERRUNS         /* number: CPU, or 0: of all; how many events
	                         * found no room, or no program to run */
};

struct keeper_request {
	uint32_t question;      /* enum keeper_question */
	uint32_t number;
};

struct keeper_task {
	int32_t tid, tgid;
	int32_t parent;
	bool named;
	char comm[EVENT_COMM_BYTES];
};

/* That process holds the socket with that inode. */
struct keeper_holder {
	uint32_t inode;
	int32_t tgid;
	int32_t file;           /* its number there */
};

enum { KEEPER_TASKS_MAX = 128, KEEPER_HOLDERS_MAX = 512 };

struct keeper_answer {
	int32_t result;         /* 0 or -errno */
	bool over;              /* no more of them will come */
	bool incomplete;        /* some were passed over */
	uint32_t count;         /* of tasks or of holders */
	uint64_t number;
	union {
		struct keeper_task tasks[KEEPER_TASKS_MAX];
		struct keeper_holder holders[KEEPER_HOLDERS_MAX];
	};
};

/*
 * Whom a source asks. ask() blocks until the answer is there: 0 or -errno, also
 * the keeper's own (answer->result). fd: receives the descriptor that belongs to
 * the answer; NULL where none does.
 */
struct keeper {
	int (*ask)(void *context, const struct keeper_request *request,
		   struct keeper_answer *answer, int *fd);
	void *context;
};

/* One question, for whoever has one: answer as ask() fills it. */
static inline int keeper_ask(const struct keeper *keeper,
			     enum keeper_question question, uint32_t number,
			     struct keeper_answer *answer)
{
	const struct keeper_request request = { question, number };

	return keeper->ask(keeper->context, &request, answer, NULL);
}

/* The descriptor that is the answer, or -errno. */
static inline int keeper_ask_fd(const struct keeper *keeper,
				enum keeper_question question, uint32_t number)
{
	const struct keeper_request request = { question, number };
	struct keeper_answer answer;
	int fd = -1;
	int ret = keeper->ask(keeper->context, &request, &answer, &fd);

	return ret ? ret : fd;
}

#endif

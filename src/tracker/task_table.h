/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads, the processes that they belong to, and the names of these: learnt
 * from TASK events, so that a process of a millisecond still has its name. */
#ifndef TASK_TABLE_H
#define TASK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/lru.h"
#include "common/pool.h"
#include "tcpwatch/event.h"

struct task {                   /* one thread */
	int32_t tid;
	int32_t tgid;           /* its process; 0 = not known */
	bool followed;
	bool root;              /* of task_table_follow() */
	char comm[EVENT_COMM_BYTES]; /* the process's name if tid == tgid;
	                              * all zero = not known */
};

struct task_table {
	struct pool pool;               /* of struct task, by tid; none is ever
	                                 * given back */
	struct lru seen;
	uint64_t evicted;               /* forgotten for lack of room */
};

/* What a thread's process is called. */
struct task_process {
	int32_t pid;            /* 0 = not known, the rest is then undefined */
	bool followed;
	const char *comm;       /* EVENT_COMM_BYTES, or NULL = not known;
	                         * borrowed until the next TASK event */
};

/* limit > 0. 0 or -ENOMEM. */
int task_table_init(struct task_table *table, size_t limit);
void task_table_done(struct task_table *table); /* accepts a zeroed object */

/* Takes an EVENT_TASK. */
void task_table_take(struct task_table *table, const struct event *event);

/* Process pid is followed from now on, and so are the tasks that it begets,
 * also when the event of its own birth is still to come. */
void task_table_follow(struct task_table *table, int32_t pid);

struct task_process task_table_process(struct task_table *table, int32_t tid);

#endif

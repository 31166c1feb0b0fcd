/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool of threads that doubles up to its limit; then the least recently seen
 * one makes room. Nothing says that a thread ended: a new one replaces it. */
#include "task_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static const size_t limit_max = UINT32_MAX / 4;

static int set_capacity(struct task_table *table, uint32_t capacity)
{
	struct lru_link *links;
	struct task *tasks;

	if (id_map_reserve(&table->map, capacity))
		return -ENOMEM;
	tasks = realloc(table->tasks, ((size_t)capacity + 1) * sizeof(*tasks));
	if (!tasks)
		return -ENOMEM;
	table->tasks = tasks;
	links = realloc(table->links, ((size_t)capacity + 1) * sizeof(*links));
	if (!links)
		return -ENOMEM;
	table->links = links;
	table->capacity = capacity;
	return 0;
}

static uint32_t smaller(size_t a, size_t b)
{
	return (uint32_t)(a < b ? a : b);
}

static bool has_room(struct task_table *table)
{
	if (table->used < table->capacity)
		return true;
	if (table->capacity == table->limit)
		return false;
	return !set_capacity(table, smaller(2 * (size_t)table->capacity,
					    table->limit));
}

static uint32_t free_oldest(struct task_table *table)
{
	uint32_t index = table->seen.oldest;

	id_map_remove(&table->map, (uint32_t)table->tasks[index].tid);
	lru_remove(&table->seen, table->links, index);
	table->evicted++;
	return index;
}

/* NULL when the thread is not known. */
static struct task *find(struct task_table *table, int32_t tid)
{
	uint32_t index = id_map_get(&table->map, (uint32_t)tid);

	if (!index)
		return NULL;
	lru_touch(&table->seen, table->links, index);
	return &table->tasks[index];
}

/* Finds the thread or makes a blank one. */
static struct task *find_or_add(struct task_table *table, int32_t tid)
{
	struct task *task = find(table, tid);
	uint32_t index;

	if (task)
		return task;
	index = has_room(table) ? ++table->used : free_oldest(table);
	id_map_set(&table->map, (uint32_t)tid, index);
	lru_add(&table->seen, table->links, index);
	task = &table->tasks[index];
	*task = (struct task){ .tid = tid };
	return task;
}

static void copy_comm(struct task *task, const struct event *event)
{
	if (event->has & EVENT_HAS_COMM)
		memcpy(task->comm, event->task.comm, sizeof(task->comm));
}

/* The process whose thread forked or cloned. */
static struct task_process maker(struct task_table *table,
				 const struct event *event)
{
	if (!(event->has & EVENT_HAS_CONTEXT))
		return (struct task_process){ 0 };
	return task_table_process(table, event->tid);
}

static void take_new(struct task_table *table, const struct event *event)
{
	struct task_process parent = maker(table, event);
	struct task *task = find_or_add(table, event->task.tid);
	bool root = task->root;

	*task = (struct task){ .tid = event->task.tid, .root = root };
	task->followed = root || (parent.pid && parent.followed);
	if (event->has & EVENT_HAS_TGID)
		task->tgid = event->task.tgid;
	else if (event->task.change == EVENT_TASK_FORKED)
		task->tgid = event->task.tid;
	else
		task->tgid = parent.pid;
	copy_comm(task, event);
}

/* A rename alone does not tell a process from one of its threads: a task that
 * was not known keeps its name, but has no process until something says so. */
static void take_known(struct task_table *table, const struct event *event)
{
	struct task *task = find_or_add(table, event->task.tid);

	if (event->has & EVENT_HAS_TGID)
		task->tgid = event->task.tgid;
	copy_comm(task, event);
}

int task_table_init(struct task_table *table, size_t limit)
{
	assert(limit > 0);
	*table = (struct task_table){ .limit = smaller(limit, limit_max) };
	if (!set_capacity(table, smaller(table->limit, FIRST_CAPACITY)))
		return 0;
	task_table_done(table);
	return -ENOMEM;
}

void task_table_done(struct task_table *table)
{
	id_map_done(&table->map);
	free(table->tasks);
	free(table->links);
	*table = (struct task_table){ 0 };
}

void task_table_take(struct task_table *table, const struct event *event)
{
	switch (event->task.change) {
	case EVENT_TASK_FORKED:
	case EVENT_TASK_CLONED:
		take_new(table, event);
		break;
	case EVENT_TASK_LISTED:
	case EVENT_TASK_RENAMED:
		take_known(table, event);
		break;
	}
}

void task_table_follow(struct task_table *table, int32_t pid)
{
	struct task *task = find_or_add(table, pid);

	task->tgid = pid;
	task->followed = true;
	task->root = true;
}

struct task_process task_table_process(struct task_table *table, int32_t tid)
{
	struct task_process process = { 0 };
	const struct task *task = find(table, tid);
	const struct task *leader;

	if (!task || task->tgid <= 0)
		return process;
	process.pid = task->tgid;
	process.followed = task->followed;
	leader = task->tid == task->tgid ? task : find(table, task->tgid);
	if (!leader || leader->tgid != process.pid)
		return process;
	process.followed |= leader->followed;
	if (leader->comm[0])
		process.comm = leader->comm;
	return process;
}

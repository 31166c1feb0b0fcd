/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool of threads; when it is full the least recently seen one makes room.
 * Nothing says that a thread ended: a new one replaces it. */
#include "task_table.h"

#include <string.h>

static struct task *task_at(struct task_table *table, uint32_t index)
{
	return (struct task *)table->pool.entries + index;
}

static uint32_t free_oldest(struct task_table *table)
{
	uint32_t index = table->seen.oldest;

	id_map_remove(&table->pool.map, (uint32_t)task_at(table, index)->tid);
	lru_remove(&table->seen, table->pool.links, index);
	table->evicted++;
	return index;
}

/* NULL when the thread is not known. */
static struct task *find(struct task_table *table, int32_t tid)
{
	uint32_t index = id_map_get(&table->pool.map, (uint32_t)tid);

	if (!index)
		return NULL;
	lru_touch(&table->seen, table->pool.links, index);
	return task_at(table, index);
}

/* Finds the thread or makes a blank one. */
static struct task *find_or_add(struct task_table *table, int32_t tid)
{
	struct task *task = find(table, tid);
	uint32_t index;

	if (task)
		return task;
	index = pool_has_room(&table->pool) ? pool_take(&table->pool) :
					      free_oldest(table);
	id_map_set(&table->pool.map, (uint32_t)tid, index);
	lru_add(&table->seen, table->pool.links, index);
	task = task_at(table, index);
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
	*table = (struct task_table){ 0 };
	return pool_init(&table->pool, limit, sizeof(struct task));
}

void task_table_done(struct task_table *table)
{
	pool_done(&table->pool);
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

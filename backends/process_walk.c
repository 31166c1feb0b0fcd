/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks /proc: a process's name from comm, its threads from task/. */
#include "process_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "clock.h"

enum { SLICE = 64 };                    /* threads between two looks at time */

/* The initial PID namespace (PROC_PID_INIT_INO, linux/proc_ns.h). */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu

struct process_walk {
	DIR *proc;
	DIR *threads;           /* of the process in hand; NULL: none is */
	int32_t tgid;
	const struct keeper *keeper;    /* NULL: we walk ourselves */
	struct keeper_answer told;      /* by the keeper */
	uint32_t next;                  /* of told.tasks */
};

bool process_walk_is_possible(void)
{
	struct stat namespace;

	return !stat("/proc/self/ns/pid", &namespace) &&
	       namespace.st_ino == INITIAL_PID_NAMESPACE;
}

struct process_walk *process_walk_new(void)
{
	struct process_walk *walk = calloc(1, sizeof(*walk));

	if (!walk)
		return NULL;
	walk->proc = opendir("/proc");
	if (!walk->proc) {
		free(walk);
		return NULL;
	}
	return walk;
}

void process_walk_free(struct process_walk *walk)
{
	if (!walk)
		return;
	if (walk->threads)
		closedir(walk->threads);
	if (walk->proc)
		closedir(walk->proc);
	free(walk);
}

void process_walk_confine(struct process_walk **walk,
			  const struct keeper *keeper)
{
	if (!*walk)
		return;
	process_walk_free(*walk);
	*walk = calloc(1, sizeof(**walk));
	if (*walk)
		(*walk)->keeper = keeper;
}

/* The id that a folder's name is, or 0. */
static int32_t id_of(const char *name)
{
	char *end;
	long id = strtol(name, &end, 10);

	return *end || id < 1 || id > INT32_MAX ? 0 : (int32_t)id;
}

static bool read_comm(const struct process_walk *walk, const char *process,
		      char comm[EVENT_COMM_BYTES])
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%.32s/comm", process);
	fd = openat(dirfd(walk->proc), path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	memset(comm, 0, EVENT_COMM_BYTES);
	length = read(fd, comm, EVENT_COMM_BYTES);
	close(fd);
	if (length < 1)
		return false;
	/* The kernel ends it with one newline; the name may hold others. */
	comm[length - 1] = '\0';
	return true;
}

static void open_threads(struct process_walk *walk, const char *process)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%.32s/task", process);
	fd = openat(dirfd(walk->proc), path,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	walk->threads = fd < 0 ? NULL : fdopendir(fd);
	if (!walk->threads && fd >= 0)
		close(fd);
}

/* The next thread but the leader of the process in hand. */
static bool next_thread(struct process_walk *walk, struct event *event)
{
	struct dirent *entry;

	if (!walk->threads)
		return false;
	while ((entry = readdir(walk->threads))) {
		event->task.tid = id_of(entry->d_name);
		if (!event->task.tid || event->task.tid == walk->tgid)
			continue;
		event->task.tgid = walk->tgid;
		event->has = EVENT_HAS_TGID;
		return true;
	}
	closedir(walk->threads);
	walk->threads = NULL;
	return false;
}

static bool next_process(struct process_walk *walk, struct event *event)
{
	struct dirent *entry;

	while ((entry = readdir(walk->proc))) {
		walk->tgid = id_of(entry->d_name);
		if (!walk->tgid ||
		    !read_comm(walk, entry->d_name, event->task.comm))
			continue;
		event->task.tid = event->task.tgid = walk->tgid;
		event->has = EVENT_HAS_TGID | EVENT_HAS_COMM;
		open_threads(walk, entry->d_name);
		return true;
	}
	return false;
}

static bool ask(struct process_walk *walk)
{
	uint32_t begins = !walk->next && !walk->told.count;

	walk->next = 0;
	if (walk->told.over ||
	    keeper_ask(walk->keeper, KEEPER_TASKS, begins, &walk->told) ||
	    walk->told.count > KEEPER_TASKS_MAX)
		walk->told = (struct keeper_answer){ .over = true };
	return walk->told.count;
}

static bool next_told(struct process_walk *walk, struct event *event)
{
	const struct keeper_task *task;

	if (walk->next == walk->told.count && !ask(walk))
		return false;
	task = &walk->told.tasks[walk->next++];
	event->task.tid = task->tid;
	event->task.tgid = task->tgid;
	event->has = EVENT_HAS_TGID;
	if (task->named) {
		event->has |= EVENT_HAS_COMM;
		memcpy(event->task.comm, task->comm, sizeof(task->comm));
	}
	return true;
}

bool process_walk_next(struct process_walk *walk, uint64_t time_ns,
		       struct event *event)
{
	*event = (struct event){ .time_ns = time_ns, .kind = EVENT_TASK };
	event->task.change = EVENT_TASK_LISTED;
	if (walk->keeper)
		return next_told(walk, event);
	return next_thread(walk, event) || next_process(walk, event);
}

size_t process_walk_deliver(struct process_walk **walk, size_t budget,
			    uint64_t until_ns, uint64_t time_ns,
			    const struct event_sink *sink)
{
	struct event event;
	size_t spent = 0;

	while (*walk && spent < budget) {
		if (!process_walk_next(*walk, time_ns, &event)) {
			process_walk_free(*walk);
			*walk = NULL;
			break;
		}
		sink->take(sink->context, &event);
		spent++;
		if (spent % SLICE == 0 && clock_monotonic_ns() >= until_ns)
			break;
	}
	return spent;
}

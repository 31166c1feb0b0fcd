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

/* The initial PID namespace (PROC_PID_INIT_INO, linux/proc_ns.h). */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu

struct process_walk {
	DIR *proc;
};

struct process_walk *process_walk_new(void)
{
	struct process_walk *walk;
	struct stat namespace;

	if (stat("/proc/self/ns/pid", &namespace) ||
	    namespace.st_ino != INITIAL_PID_NAMESPACE)
		return NULL;
	walk = calloc(1, sizeof(*walk));
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
	closedir(walk->proc);
	free(walk);
}

/* The id that a folder's name is, or 0. */
static int32_t id_of(const char *name)
{
	char *end;
	long id = strtol(name, &end, 10);

	return *end || id < 1 || id > INT32_MAX ? 0 : (int32_t)id;
}

static bool read_comm(int proc_fd, const char *process, struct event *event)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%.32s/comm", process);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	memset(event->task.comm, 0, sizeof(event->task.comm));
	length = read(fd, event->task.comm, sizeof(event->task.comm));
	close(fd);
	if (length < 1)
		return false;
	/* The kernel ends it with one newline; the name may hold others. */
	event->task.comm[length - 1] = '\0';
	return true;
}

static void list_threads(int proc_fd, const char *process, struct event *event,
			 const struct event_sink *sink)
{
	struct dirent *entry;
	char path[64];
	DIR *folder;
	int fd;

	snprintf(path, sizeof(path), "%.32s/task", process);
	fd = openat(proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		if (fd >= 0)
			close(fd);
		return;
	}
	event->has = EVENT_HAS_TGID;
	while ((entry = readdir(folder))) {
		event->task.tid = id_of(entry->d_name);
		if (event->task.tid && event->task.tid != event->task.tgid)
			sink->take(sink->context, event);
	}
	closedir(folder);
}

static void list_process(int proc_fd, const char *process, uint64_t time_ns,
			 const struct event_sink *sink)
{
	struct event event = { .time_ns = time_ns, .kind = EVENT_TASK };

	event.task.change = EVENT_TASK_LISTED;
	event.task.tid = event.task.tgid = id_of(process);
	if (!event.task.tgid || !read_comm(proc_fd, process, &event))
		return;
	event.has = EVENT_HAS_TGID | EVENT_HAS_COMM;
	sink->take(sink->context, &event);
	list_threads(proc_fd, process, &event, sink);
}

bool process_walk_next(struct process_walk *walk, size_t processes,
		       uint64_t time_ns, const struct event_sink *sink)
{
	while (processes > 0) {
		struct dirent *entry = readdir(walk->proc);

		if (!entry)
			return false;
		if (!id_of(entry->d_name))
			continue;
		list_process(dirfd(walk->proc), entry->d_name, time_ns, sink);
		processes--;
	}
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes, locks, reclaims and removes trace instances; see trace_instance.h. */
#include "trace_instance.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>

#include "trace_probes.h"

enum { LOCK_TRIES = 2000, LOCK_PAUSE_MS = 5, NAME_TRIES = 100,
       REMOVE_TRIES = 400 };

/*
 * Serialises us with other tcpwatch: between the making of a folder and its
 * lock it would look abandoned. Another one may be removing an instance, which
 * takes some 50 ms; whoever holds the lock for seconds is not one of us.
 */
static int lock_instances(const char *tracing_dir, struct error *err)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/instances", tracing_dir);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno, "cannot open %s: %s", path,
				 errno == ENOENT ? "this kernel has no trace instances" :
						   strerror(errno));
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return fd;
		nanosleep(&pause, NULL);
	}
	close(fd);
	return error_set(err, EBUSY,
			 "another program holds a lock on %s; try again", path);
}

/* Takes the lock of an instance's folder; -errno when its maker lives. */
static int lock_folder(int instances_fd, const char *name)
{
	int fd = openat(instances_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		int saved = errno;

		close(fd);
		return -saved;
	}
	return fd;
}

static void remove_abandoned(int instances_fd)
{
	int fd = openat(instances_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(folder))) {
		int lock;

		if (strncmp(entry->d_name, TRACE_INSTANCE_PREFIX, strlen(TRACE_INSTANCE_PREFIX)))
			continue;
		lock = lock_folder(instances_fd, entry->d_name);
		if (lock < 0)
			continue;
		unlinkat(instances_fd, entry->d_name, AT_REMOVEDIR);
		close(lock);
	}
	closedir(folder);
}

static int refuse(int code, const char *tracing_dir, struct error *err)
{
	const char *remedy = strerror(code);

	if (code == EACCES || code == EPERM)
		remedy = "no right to do so: run as root (reading rights are not enough)";
	else if (code == EROFS)
		remedy = "it is mounted read-only: 'mount -o remount,rw' it";
	return error_set(err, code, "cannot make a trace instance in %s/instances: %s",
			 tracing_dir, remedy);
}

/* Process ids repeat in other PID namespaces: take the next free name. */
static int make(struct trace_instance *instance, int instances_fd,
		const char *tracing_dir, struct error *err)
{
	for (int i = 0; i < NAME_TRIES; i++) {
		snprintf(instance->name, sizeof(instance->name),
			 i ? TRACE_INSTANCE_PREFIX "%d.%d" : TRACE_INSTANCE_PREFIX "%d", getpid(), i);
		if (!mkdirat(instances_fd, instance->name, 0700))
			return 0;
		if (errno != EEXIST)
			return refuse(errno, tracing_dir, err);
	}
	return refuse(EEXIST, tracing_dir, err);
}

int trace_instance_open(struct trace_instance *instance, const char *tracing_dir,
			struct error *err)
{
	int instances_fd, ret;

	*instance = (struct trace_instance){ 0 };
	instances_fd = lock_instances(tracing_dir, err);
	if (instances_fd < 0)
		return instances_fd;
	remove_abandoned(instances_fd);
	trace_probes_remove_abandoned(tracing_dir);
	ret = make(instance, instances_fd, tracing_dir, err);
	if (ret) {
		close(instances_fd);
		*instance = (struct trace_instance){ 0 };
		return ret;
	}
	instance->instances_fd = instances_fd;
	instance->folder_fd = lock_folder(instances_fd, instance->name);
	if (instance->folder_fd < 0) {
		ret = error_set(err, -instance->folder_fd,
				"cannot use the new trace instance %s/instances/%s: %s",
				tracing_dir, instance->name,
				strerror(-instance->folder_fd));
		trace_instance_close(instance);
		return ret;
	}
	flock(instances_fd, LOCK_UN);
	return 0;
}

int trace_instance_check(const char *tracing_dir, struct error *err)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/instances", tracing_dir);
	if (!access(path, R_OK | W_OK))
		return 0;
	if (errno == ENOENT)
		return error_set(err, ENOENT, "%s is missing: this kernel has no "
				 "trace instances", path);
	return refuse(errno, tracing_dir, err);
}

int trace_instance_open_top(struct trace_instance *instance,
			    const char *tracing_dir, struct error *err)
{
	int fd = open(tracing_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*instance = (struct trace_instance){ .folder_fd = fd > 0 ? fd : 0 };
	return fd >= 0 ? 0 : error_set(err, errno, "cannot open %s: %s",
				       tracing_dir, strerror(errno));
}

/* EBUSY: a reader that was killed still has its buffers open. */
static void remove_own(const struct trace_instance *instance)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };

	for (int i = 0; i < REMOVE_TRIES; i++) {
		if (!unlinkat(instance->instances_fd, instance->name,
			      AT_REMOVEDIR) || errno != EBUSY)
			return;
		nanosleep(&pause, NULL);
	}
}

void trace_instance_release(struct trace_instance *instance)
{
	if (instance->name[0]) {
		if (instance->folder_fd >= 0)
			close(instance->folder_fd);
		close(instance->instances_fd);
	} else if (instance->folder_fd > 0) {
		close(instance->folder_fd);
	}
	*instance = (struct trace_instance){ 0 };
}

void trace_instance_close(struct trace_instance *instance)
{
	if (instance->name[0])
		remove_own(instance);
	trace_instance_release(instance);
}

int trace_instance_open_file(const struct trace_instance *instance,
			     const char *file, int flags)
{
	int fd = openat(instance->folder_fd, file, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int trace_instance_write(const struct trace_instance *instance,
			 const char *file, const char *text)
{
	int fd = trace_instance_open_file(instance, file, O_WRONLY | O_TRUNC);
	size_t length = strlen(text);
	int ret = 0;

	if (fd < 0)
		return fd;
	if (write(fd, text, length) != (ssize_t)length)
		ret = errno ? -errno : -EIO;
	close(fd);
	return ret;
}

int trace_instance_read(const struct trace_instance *instance,
			const char *file, char *text, size_t size)
{
	int fd = trace_instance_open_file(instance, file, O_RDONLY);
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return fd;
	while (length < size - 1 &&
	       (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(fd);
	return (int)length;
}

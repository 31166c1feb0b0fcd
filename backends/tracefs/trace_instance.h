/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace instance of our own: buffers, clock, events and filters that nobody
 * else sees. Its folder is locked as long as its maker lives, so that one left
 * by a killed run can be told from one in use.
 */
#ifndef TRACE_INSTANCE_H
#define TRACE_INSTANCE_H

#include <stddef.h>

#include "tcpwatch/error.h"

/* Of the folders of ours: "tcpwatch-<process id>". */
#define TRACE_INSTANCE_PREFIX "tcpwatch-"

/* Its descriptors stay good whatever rights or view of paths are given up. */
struct trace_instance {
	int folder_fd;          /* the instance's own folder, locked */
	int instances_fd;       /* the folder that it is in */
	char name[64];          /* empty while there is none */
};

/*
 * Removes what killed runs left and makes an instance, in the tracefs at
 * tracing_dir. 0, or -errno with *err and nothing left behind.
 */
int trace_instance_open(struct trace_instance *instance, const char *tracing_dir,
			struct error *err);

/* Could one be made there? As far as that can be told without making one: 0, or
 * -errno and *err. */
int trace_instance_check(const char *tracing_dir, struct error *err);

/* That of the whole host, for reading alone: nothing of it is ours. 0, or -errno
 * and *err. */
int trace_instance_open_top(struct trace_instance *instance,
			    const char *tracing_dir, struct error *err);

/* Removes it from the kernel, unless it is the host's. Every file in it must have
 * been closed, if need be by a process that is just ending. Accepts a zeroed
 * object. */
void trace_instance_close(struct trace_instance *instance);

/* Gives up our part in it; another process, which has it too, removes it. Accepts
 * a zeroed object. */
void trace_instance_release(struct trace_instance *instance);

/* Opens a file of the instance ("per_cpu/cpu0/trace_pipe_raw"); flags as
 * open(2), O_CLOEXEC is added. The descriptor, or -errno (no message). */
int trace_instance_open_file(const struct trace_instance *instance,
			     const char *file, int flags);

/* Writes text to a file of the instance. 0 or -errno (no message). */
int trace_instance_write(const struct trace_instance *instance,
			 const char *file, const char *text);

/* Reads a small file of the instance, NUL-terminated and cut at size - 1.
 * The length or -errno (no message). */
int trace_instance_read(const struct trace_instance *instance,
			const char *file, char *text, size_t size);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder's own: what opening, copying and ending a file share. */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder_ends.h"
#include "recorder_file.h"
#include "tcpwatch/error.h"
#include "tcpwatch/recording.h"
#include "trace/trace_page.h"
#include "trace_events.h"
#include "trace_instance.h"

struct recorder {
	struct trace_instance instance;
	struct trace_page_layout layout;
	struct trace_events events;
	struct recorder_file file;
	struct recorder_ends ends;
	unsigned int *numbers;          /* of the CPUs */
	int *fds;                       /* trace_pipe_raw, as numbers */
	size_t cpu_count;
	size_t buffer_bytes;            /* per CPU */
	int pipe[2];
	size_t pipe_bytes;
	int fd, timer_fd;               /* epoll over all of these */
	bool flight;
	uint8_t *page;
	uint64_t since_ns;
	uint64_t files, all_bytes;
	char note[384];
};

/* recorder_open.c: as their namesakes in struct recorder_ops. */
struct recorder *recorder_open(const struct recorder_options *options,
			       struct error *err);
void recorder_close(struct recorder *recorder);

/* recorder_pages.c: the full pages of every CPU go to its piece. 0, or -errno and
 * *err. */
int recorder_pages_copy(struct recorder *recorder, struct error *err);

/* The same: the page of each CPU that is not full yet. */
int recorder_pages_copy_rest(struct recorder *recorder, struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a recording in the making: its head, and a piece for each CPU
 * (dat_pieces.h). */
#ifndef RECORDER_FILE_H
#define RECORDER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace_events.h"
#include "trace_instance.h"
#include "tcpwatch/error.h"

struct recorder_file {
	char *path;
	int *pieces;                    /* by CPU number; -1: none yet */
	size_t cpu_count;               /* the highest number and one */
	size_t page_bytes;
	bool begun;                     /* there is a head */
	uint64_t bytes;                 /* of pages so far */
};

/* path is copied. 0 or -errno and *err. */
int recorder_file_init(struct recorder_file *file, const char *path,
		       size_t cpu_count, size_t page_bytes, struct error *err);
void recorder_file_done(struct recorder_file *file); /* accepts a zeroed one */

/* Writes the head, with who is running now; since_ns: every later event will be
 * in this recording, 0 = who knows. What stood at the path is gone then. */
int recorder_file_begin(struct recorder_file *file,
			const struct trace_instance *instance,
			const struct trace_events *events, uint64_t since_ns,
			struct error *err);

/* The piece of that CPU, to write pages to; -errno and *err. */
int recorder_file_piece(struct recorder_file *file, unsigned int cpu,
			struct error *err);

/* Whole pages were written, so many bytes; or could not be: returns -errno and
 * *err. */
void recorder_file_wrote(struct recorder_file *file, size_t bytes);
int recorder_file_failed(struct recorder_file *file, unsigned int cpu, int code,
			 struct error *err);

/* Makes one file of it all. statistics: by CPU, or NULL. */
int recorder_file_end(struct recorder_file *file, char *const *statistics,
		      struct error *err);

#endif

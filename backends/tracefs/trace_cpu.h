/* SPDX-License-Identifier: BSD-2-Clause */
/* The raw ring buffer of one CPU, read a sub-buffer at a time without
 * blocking. */
#ifndef TRACE_CPU_H
#define TRACE_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "trace/trace_page.h"
#include "trace_instance.h"

struct trace_cpu {
	int fd;                         /* trace_pipe_raw */
	unsigned int cpu;
	const struct trace_page_layout *layout; /* borrowed from the opener */
	uint8_t *buffer;                /* one sub-buffer */
	struct trace_page page;         /* what is in it */
	bool lost;                      /* events were lost just before entry */
	bool lost_known;
	uint64_t lost_count;
	struct trace_page_entry entry;  /* the next record, if has_entry */
	bool has_entry;
	size_t round_bytes;             /* read since the owner last zeroed it */
};

enum trace_cpu_answer {
	TRACE_CPU_ENTRY,                /* cpu->entry is the next record */
	TRACE_CPU_EMPTY,                /* nothing more for now */
	TRACE_CPU_FAILED                /* errno says why */
};

/* layout must live until close. 0 or -errno and *err. */
int trace_cpu_open(struct trace_cpu *cpu, const struct trace_instance *instance,
		   unsigned int number, const struct trace_page_layout *layout,
		   struct error *err);

/* Accepts a zeroed object. */
void trace_cpu_close(struct trace_cpu *cpu);

/* Goes to the next record; reads from the kernel only when the sub-buffer in
 * hand is used up. */
enum trace_cpu_answer trace_cpu_next(struct trace_cpu *cpu);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The records of one CPU of a recording, one after another. */
#ifndef DAT_LANE_H
#define DAT_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dat.h"
#include "trace/trace_page.h"

struct dat_lane {
	const struct dat *dat;          /* borrowed until close */
	const struct dat_file *file;
	size_t *memory;                 /* bytes that all lanes may still take */
	struct trace_page_layout layout;
	unsigned int cpu;
	size_t buffer;                  /* index in dat->buffers */
	uint64_t next, end;             /* in the file: not read yet */
	bool compressed;
	uint32_t chunks_left;           /* of compressed pages */
	uint8_t *block;                 /* pages at hand */
	size_t block_room, block_bytes, block_at;
	struct trace_page page;
	bool lost;                      /* events were lost just before entry */
	bool lost_known;
	uint64_t lost_count;
	struct trace_page_entry entry;  /* the next record; its time is settled */
	bool cut;                       /* the file ends before its last page */
};

enum dat_lane_answer {
	DAT_LANE_ENTRY,                 /* lane->entry is the next record */
	DAT_LANE_END,                   /* there is no more; lane->lost may be set */
	DAT_LANE_FAILED                 /* errno says why */
};

/* Bytes that lanes of this file may take together. */
size_t dat_lane_memory(const struct dat *dat);

/* What of the CPU's pages is in the file, in bytes, whole pages only. */
uint64_t dat_lane_bytes(const struct dat *dat, const struct dat_buffer *buffer,
			const struct dat_cpu *cpu);

/* At the first record of that CPU. *memory must live until close. 0 or
 * -errno. */
int dat_lane_open(struct dat_lane *lane, const struct dat *dat, size_t buffer,
		  const struct dat_cpu *cpu, size_t *memory);
void dat_lane_close(struct dat_lane *lane);     /* accepts a zeroed object */

enum dat_lane_answer dat_lane_next(struct dat_lane *lane);

#endif

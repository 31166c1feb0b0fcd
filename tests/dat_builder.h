/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a trace.dat in memory, of any shape that a kernel and trace-cmd may give
 * it, out of made-up state changes. Shares nothing with the reader under test. */
#ifndef DAT_BUILDER_H
#define DAT_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero means the plainest: version 6, little endian, 64 bits, 4K pages. */
struct dat_builder_shape {
	unsigned int version;
	bool big_endian;
	bool is_32bit;
	uint32_t page_bytes;
	const char *compression;        /* version 7: all sections and pages, as
	                                 * dat_pack.h names it; NULL = none */
	size_t instances;               /* beside the top one, which is empty if
	                                 * there are any; each with all events */
	size_t cpus;                    /* 0 = 1 */
	size_t events;                  /* on each CPU */
	const char *clock;              /* NULL = mono */
	const char *names;              /* saved_cmdlines; NULL = none */
	const char *start;              /* our own option; NULL = none */
	const char *options;            /* "1=0x10": id, text of one more; or NULL */
	uint64_t lost;                  /* before each CPU's second page */
	uint64_t later;                 /* added to all times of the pages */
	size_t tsc_bytes;               /* of an option TSC2NSEC, which has 16; 0 =
	                                 * none */
	uint32_t tsc_mult, tsc_shift;
	int64_t tsc_offset;
	bool no_events;                 /* formats of others only */
	bool no_buffers;                /* version 7: no pages are told of */
	bool unfinished;                /* ends behind the options: its pages are
	                                 * in pieces */
};

struct dat_builder {
	struct dat_builder_shape shape;
	uint8_t *bytes;
	size_t length, room;
};

/* Made-up time of an event, and what its ports are. */
uint64_t dat_builder_time(size_t cpu, size_t event);
uint16_t dat_builder_port(size_t cpu, size_t event);

/* Fills in *builder; dat_builder_done() frees it. */
void dat_builder_make(struct dat_builder *builder,
		      const struct dat_builder_shape *shape);
void dat_builder_done(struct dat_builder *builder);

/* The same for the piece of that CPU, which holds its pages alone. */
void dat_builder_make_piece(struct dat_builder *builder,
			    const struct dat_builder_shape *shape, size_t cpu);

/* Writes it to a new file under $TMPDIR, whose name goes to path. */
void dat_builder_write(const struct dat_builder *builder, char path[64]);

/* The same to the file of that name. */
void dat_builder_write_to(const struct dat_builder *builder, const char *path);

#endif

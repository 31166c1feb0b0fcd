/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace.dat, versions 6 and 7, as far as it concerns us: how its records look,
 * where each CPU's pages lie, which clock and names it tells. Nothing in the
 * file is believed: each length is checked against what is there, memory is
 * bounded by the file's size, and no structure is followed more than once.
 */
#ifndef DAT_H
#define DAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dat_file.h"
#include "dat_reader.h"
#include "inflate.h"
#include "tcpwatch/error.h"
#include "trace/trace_page.h"
#include "trace/trace_record.h"

enum {
	DAT_NAME_BYTES = 64,
	DAT_CLOCK_BYTES = 24,
	DAT_TEXT_BYTES = 160,
	DAT_CPUS_MAX = 65536            /* event.cpu has 16 bits */
};

/* Where a CPU's pages are. */
struct dat_cpu {
	unsigned int cpu;
	uint64_t offset, size;          /* as the file says: may be beyond it */
	struct dat_file piece;          /* fd -1: in the file itself */
};

/* The ring buffer of one trace instance. */
struct dat_buffer {
	char name[DAT_NAME_BYTES];      /* "" = that of no instance */
	char clock[DAT_CLOCK_BYTES];    /* "mono", "local" */
	uint32_t page_bytes;
	bool compressed;
	size_t cpu_count;
	struct dat_cpu *cpus;
};

/* Events that the kernel dropped without a mark in any page. */
struct dat_drop {
	char buffer[DAT_NAME_BYTES];
	unsigned int cpu;
	uint64_t count;
};

struct dat {
	struct dat_file file;
	unsigned int version;           /* 6 or 7 */
	bool big_endian;
	uint32_t page_bytes;
	char compression[16];           /* "" = none */
	const struct inflate *inflate;  /* NULL: none, or not in this build */

	struct trace_page_layout page_layout; /* page_bytes: ask the buffer */
	struct trace_format format;
	uint32_t formats;               /* events that are described */
	char bad_format[DAT_TEXT_BYTES];/* why one of ours cannot be used; "" */

	char clock[DAT_CLOCK_BYTES];    /* "" = not told */
	bool clock_follows;             /* its text, behind a table of CPUs */
	char uname[DAT_TEXT_BYTES];
	char writer[DAT_NAME_BYTES];    /* of the program that wrote it */
	bool date_known;
	int64_t date_ns;                /* wall time less event time */
	int64_t offset_ns;              /* to be added to all times */
	uint32_t tsc_mult, tsc_shift;   /* tsc_mult 0: times are no TSC */
	int64_t tsc_offset;

	char *names;                    /* saved_cmdlines, terminated; or NULL */
	uint64_t names_at, names_end;   /* of them and their length, in the file */
	char *start;                    /* recording_start.h, terminated; or NULL */
	size_t start_length;
	char *ends;                     /* recording_ends.h; or NULL */
	size_t ends_length;

	struct dat_buffer *buffers;
	size_t buffer_count;
	uint64_t cpus;                  /* of all buffers */
	struct dat_drop *drops;
	size_t drop_count;
	bool unfinished;                /* its pages are still in pieces */
};

/* True when the file begins as a trace.dat does. */
bool dat_is(const struct dat_file *file);

/* Takes the open file over, also when it fails, and reads all but the pages. 0,
 * or -errno with *err. */
int dat_open(struct dat *dat, struct dat_file *file, struct error *err);
void dat_close(struct dat *dat);        /* accepts a zeroed object with fd -1 */

/* dat_v6.c and dat_v7.c: what follows the first 16 bytes or so. */
int dat_v6_read(struct dat *dat, struct dat_reader *reader, struct error *err);
int dat_v7_read(struct dat *dat, struct dat_reader *reader, struct error *err);

/* The parts that both versions have. -errno and *err. */
int dat_take_header_info(struct dat *dat, struct dat_reader *reader,
			 struct error *err);
int dat_take_formats(struct dat *dat, struct dat_reader *reader,
		     struct error *err);
int dat_take_names(struct dat *dat, struct dat_reader *reader,
		   struct error *err);

/* A new buffer with room for that many CPUs, which are still to be filled in;
 * NULL: they cannot all be in the file, or memory is short. */
struct dat_buffer *dat_add_buffer(struct dat *dat, uint64_t cpu_count);

/* "local [mono] boot", or "mono" alone, to "mono". */
void dat_set_clock(char clock[DAT_CLOCK_BYTES], const char *text);

/* "its <what> is broken or cut short"; returns -EBADMSG. */
int dat_broken(struct error *err, const char *what);

#endif

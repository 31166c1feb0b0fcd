/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows to bytes. An output knows columns, never TCP; struct output owns the
 * descriptor and the buffer, a format turns one row into text.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "column_list.h"
#include "tcpwatch/error.h"

struct output;
struct output_journal;
struct wall_text;

/* What is pointed to is borrowed until output_free(). */
struct output_options {
	const char *format;     /* a name in output_formats[]; NULL = "table" */
	const char *path;       /* -o FILE; NULL = stdout */
	struct column_list columns; /* what table, csv and journal show */
	bool header;
	bool wide;
	bool iso;               /* CELL_WALL with date and offset */
	bool utc;               /* CELL_WALL in UTC instead of local time */
	size_t cut_width;       /* cut table lines here; 0 = never */
	bool stack;             /* rows have a stack, though maybe not known */
	bool color;             /* tint table lines by their kind */
	uint64_t rows;          /* further ones are dropped; 0 = no limit */
	struct output_journal *journal; /* gets each row too; NULL = none */

	/* Asked when a signal interrupts a write that output_row() had to make:
	 * is the run to end? NULL = never. */
	bool (*stopping)(void *context);
	void *stopping_context;
};

/* What a view's rows are, as bits: a format may have no place for some. */
enum output_rows {
	OUTPUT_ROWS_EVENTS = 1u << 0,   /* one event each */
	OUTPUT_ROWS_VALUES = 1u << 1,   /* windows and round trips at a moment */
	OUTPUT_ROWS_EDGES = 1u << 2,    /* ways from one state to another */
	OUTPUT_ROWS_SUMS = 1u << 3,     /* of many events, or of a whole life */
	OUTPUT_ROWS_ALL = 0xf
};

/* How a format writes: appends to the output's buffer with output_reserve().
 * begin() prints the header, where the options want one. All but row may be
 * NULL: nothing. */
struct output_format {
	const char *name, *summary;
	unsigned int rows;      /* OUTPUT_ROWS_* that it shows */
	const char *rows_words; /* ... in words, unless it shows all */
	bool nests;             /* one row tells all, by maps and lists in it: a view
	                         * need not make a row of each */
	void (*begin)(struct output *output);
	void (*row)(struct output *output, const struct row *row);
	void (*end)(struct output *output);

	/* Around the rows of a group; first: none has been written into this
	 * file before. */
	void (*open_group)(struct output *output, bool first);
	void (*close_group)(struct output *output);
};

extern const struct output_format output_table;
extern const struct output_format output_json;
extern const struct output_format output_csv;
extern const struct output_format output_dot;
extern const struct output_format output_trace;
extern const struct output_format output_perfetto;
extern const struct output_format *const output_formats[]; /* NULL-terminated */

/* NULL when there is no such format. */
const struct output_format *output_format_find(const char *name);

/* Opens path if any; what stands in it is left alone. NULL: *err set. options
 * is copied. SIGPIPE must be ignored. */
struct output *output_new(const struct output_options *options,
			  struct error *err);

/* Once, when everything else is open: empties the file of that path and prints
 * the header into the buffer. 0 or -errno and *err. */
int output_begin(struct output *output, struct error *err);

/* Once, behind the last row: what the format has to end with, into the buffer. */
void output_end(struct output *output);

/* Flushes nothing: call output_flush() first. Accepts NULL. */
void output_free(struct output *output);

/* After a failure (see output_status()) rows are dropped. */
void output_row(struct output *output, const struct row *row);

/* Rows between these belong together: those of one interval, of one document.
 * A format may show that. */
void output_open_group(struct output *output);
void output_close_group(struct output *output);

/*
 * Writes what is buffered. 0; -EPIPE when the reader has gone; -EINTR when a
 * signal interrupted a write that could not go on (what is left stays
 * buffered, cut at no line); else -errno and *err. *err is set only in
 * the last case.
 * Blocks as long as the reader does: that is how loss stays in the kernel.
 */
int output_flush(struct output *output, struct error *err);

/* The first failure of a write that output_row() had to make; as above. */
int output_status(const struct output *output, struct error *err);

/* Opens the path again (log rotation); what is buffered still goes into the
 * old file. 0 or -errno and *err; after a failure the old file goes on.
 * Without a path: 0. */
int output_reopen(struct output *output, struct error *err);

/* The two halves of it, for where another process has the right to open: the
 * descriptor, or -errno and *err; does not wait for the reader of a FIFO. Takes
 * fd, also when it fails. */
int output_open_again(const char *path, struct error *err);
int output_replace(struct output *output, int fd, struct error *err);

/* The descriptor written to, for noticing that its reader has gone. */
int output_fd(const struct output *output);

/* For formats: options in force (each column's width and side settled, format
 * not NULL), how to print times, and room for bytes bytes (at most
 * OUTPUT_RESERVE_MAX) at the buffer's end; output_commit() says how many were
 * used. output_reserve() never fails: a full buffer is written out first. */
enum { OUTPUT_RESERVE_MAX = 32768 };
const struct output_options *output_options(const struct output *output);
struct wall_text *output_wall_text(struct output *output);
char *output_reserve(struct output *output, size_t bytes);
void output_commit(struct output *output, size_t bytes);

#endif

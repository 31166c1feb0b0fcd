/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads one sub-buffer of the kernel's trace ring buffer, as read() on
 * per_cpu/cpuN/trace_pipe_raw gives it and as trace.dat stores it. Every length
 * is checked before it is used, so that recordings of unknown origin can be
 * read; byte order and long size are those of the kernel that wrote it.
 */
#ifndef TRACE_PAGE_H
#define TRACE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

/* From events/header_page; the same for every page of one instance. */
struct trace_page_layout {
	uint16_t commit_offset;         /* 8 on every kernel so far */
	uint8_t commit_bytes;           /* 4 or 8: the kernel's long */
	uint16_t data_offset;           /* 12 or 16 */
	uint32_t page_bytes;            /* whole sub-buffer, header included */
	bool big_endian;
};

/* Parses the text of events/header_page. 0 or -EBADMSG with *err. Does not set
 * big_endian: the text does not say. */
int trace_page_layout_parse(struct trace_page_layout *layout, const char *text,
			    struct error *err);

struct trace_page {
	const struct trace_page_layout *layout; /* borrowed */
	const uint8_t *bytes;           /* borrowed until the page is used up */
	size_t position, end;           /* within bytes */
	uint64_t time_ns;               /* of the last entry, or the page's own */
	bool lost;                      /* events were lost before this page */
	bool lost_known;                /* ... and this many: */
	uint64_t lost_count;
};

struct trace_page_entry {
	uint64_t time_ns;
	const uint8_t *data;            /* the record, common fields first */
	size_t length;                  /* may include padding to 4 bytes */
};

enum trace_page_answer {
	TRACE_PAGE_ENTRY,
	TRACE_PAGE_END,
	TRACE_PAGE_BROKEN               /* a length points outside: stop reading it */
};

/* Starts reading a page of size bytes (a short one is right: partial reads
 * give one). 0, or -EBADMSG when its header contradicts its size. */
int trace_page_load(struct trace_page *page,
		    const struct trace_page_layout *layout, const void *bytes,
		    size_t size);

enum trace_page_answer trace_page_next(struct trace_page *page,
				       struct trace_page_entry *entry);

#endif

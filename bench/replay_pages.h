/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trace pages as a kernel would write them under the load generator, made byte
 * by byte from that kernel's format files: the same ones on every machine.
 */
#ifndef REPLAY_PAGES_H
#define REPLAY_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"
#include "trace/trace_page.h"
#include "trace/trace_record.h"

enum {
	REPLAY_PAGES_CPUS = 2,
	REPLAY_PAGES_STATES = 10        /* state events a connection */
};

/* The pages of one CPU, one after another. */
struct replay_lane {
	uint8_t *bytes;
	size_t count, room;             /* pages */
};

struct replay_pages {
	struct trace_page_layout layout;
	struct trace_format format;
	struct replay_lane lanes[REPLAY_PAGES_CPUS];
	uint64_t start_ns;              /* earlier than every event */
	uint64_t states;                /* state events in them */
	uint64_t records;               /* all, with those of tasks and of the end
	                                 * of a socket's memory */
};

/*
 * formats: a folder like tests/recorded/formats/RELEASE. states is rounded up
 * to whole connections. Zeroed *pages; 0 or -errno and *err; replay_pages_done()
 * in both cases.
 */
int replay_pages_make(struct replay_pages *pages, const char *formats,
		      uint64_t states, struct error *err);
void replay_pages_done(struct replay_pages *pages);

#endif

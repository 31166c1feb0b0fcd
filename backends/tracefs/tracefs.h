/* SPDX-License-Identifier: BSD-2-Clause */
/* The tracefs backend's own: what its two halves, opening and reading, share. */
#ifndef TRACEFS_H
#define TRACEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag/diag_events.h"
#include "drain_wake.h"
#include "lookup.h"
#include "merge.h"
#include "process_walk.h"
#include "sample_gate.h"
#include "socket/socket_mss.h"
#include "tcpwatch/backend.h"
#include "trace/kernel_stacks.h"
#include "trace/trace_page.h"
#include "trace/trace_stack.h"
#include "trace_cpu.h"
#include "trace_events.h"
#include "trace_hist.h"
#include "trace_instance.h"

struct tracefs {
	struct backend base;
	struct trace_instance instance;
	struct trace_page_layout page_layout;
	struct trace_events trace_events;
	struct drain_wake wake;
	struct trace_cpu *cpus;
	size_t cpu_count;
	struct merge merge;             /* one lane a CPU, and one for diag */
	struct sample_gate samples;
	struct socket_mss mss;
	bool asks_mss;
	struct trace_hist hist;         /* in place of samples */
	struct trace_stack_format stack_format;
	struct kernel_stacks *stacks;   /* NULL: not asked for, or there are none */
	struct process_walk *walk;      /* NULL: done */
	struct diag_events diag;        /* after the walk */
	uint64_t walk_first_until_ns;   /* then it takes turns with the events */
	size_t buffer_bytes;            /* per CPU, as the kernel has it */
	uint64_t since_ns;
	unsigned int events;            /* EVENT_BIT set that this kernel has */
	uint64_t latency_ns;
	uint64_t slack_ns;              /* how far behind now is in hand for sure */
	uint64_t horizon_ns;            /* of the drain going on; 0 = none is */
	bool foreign_pids;
	bool found;                     /* ... and it met events */
	bool stopped, ended;
	const struct keeper *keeper;    /* NULL: the rights are ours */
	struct lookup lookup;           /* in the keeper's copy */
	size_t overruns_asked;          /* CPUs, after the stop */
	char note[512];
};

/* The last lane has one event at a time, and is given up when none will come. */
static inline size_t tracefs_diag_lane(const struct tracefs *tracefs)
{
	return tracefs->cpu_count;
}

/* tracefs_open.c: as their namesakes in struct backend_ops. */
int tracefs_probe(const struct backend_options *options, struct error *err);
struct backend *tracefs_open(const struct backend_options *options,
			     struct error *err);
void tracefs_close(struct backend *backend);

/* The same: tells the merge what comes next from sock_diag. */
void tracefs_set_diag_lane(struct tracefs *tracefs);

/* tracefs_keeper.c: likewise. */
void tracefs_stop(struct backend *backend);
void tracefs_serve(struct backend *backend,
		   const struct keeper_request *request,
		   struct keeper_answer *answer, int *fd);
void tracefs_confine(struct backend *backend, const struct keeper *keeper);

/* The same: how many events found no room on that CPU. */
uint64_t tracefs_overruns(const struct tracefs *tracefs, unsigned int cpu);

#endif

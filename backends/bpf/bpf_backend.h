/* SPDX-License-Identifier: BSD-2-Clause */
/* The bpf backend's own: what opening, reading and the keeper share. Not bpf.h:
 * that is libbpf's. */
#ifndef BPF_BACKEND_H
#define BPF_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf_kernel.h"
#include "bpf_names.h"
#include "bpf_programs.h"
#include "bpf_queue.h"
#include "bpf_ring.h"
#include "bpf_seed.h"
#include "diag/diag_events.h"
#include "drain_wake.h"
#include "lookup.h"
#include "process_walk.h"
#include "sample_gate.h"
#include "tcpwatch/backend.h"

struct bpf {
	struct backend base;
	struct bpf_kernel kernel;
	struct bpf_programs programs;
	struct bpf_ring ring;
	struct bpf_queue queue;         /* read, but not old enough */
	struct drain_wake wake;
	struct sample_gate samples;
	struct bpf_names names;
	struct process_walk *walk;      /* NULL: done */
	struct bpf_seed seed;
	struct diag_events diag;        /* after the walk */
	const struct keeper *keeper;    /* NULL: the rights are ours */
	struct lookup lookup;           /* in the keeper's copy */
	uint64_t walk_first_until_ns;   /* then it takes turns with the events */
	uint64_t since_ns;
	uint64_t latency_ns;
	uint64_t horizon_ns;            /* of the drain going on; 0 = none is */
	uint64_t newest_ns;             /* delivered */
	uint64_t stop_ns;               /* nothing younger is delivered */
	unsigned int events;            /* EVENT_BIT set that there are */
	unsigned int cpu_count;         /* that could be */
	uint64_t missed;                /* by all programs, as of the last LOST */
	uint64_t maybe_missed;          /* the same, as of the last drain */
	size_t fullest;                 /* bytes in the ring, in this drain */
	bool foreign_pids;
	bool tells_tasks;               /* EVENT_TASK is wanted */
	bool found;                     /* this drain met events */
	bool empty;                     /* ... and has seen the end of the ring */
	bool busy;                      /* ... or someone who writes there */
	bool ended;
	char note[512];
	uint32_t told[BPF_RECORD_CPUS]; /* failures, as of the last LOST */
};

/* bpf_open.c: as their namesakes in struct backend_ops. */
int bpf_probe(const struct backend_options *options, struct error *err);
struct backend *bpf_open(const struct backend_options *options,
			 struct error *err);
void bpf_close(struct backend *backend);

/* bpf_fill.c: reads on, until the ring is empty or the queue is full; says in
 * empty and busy how it ended, and lowers the horizon where it has to. */
void bpf_fill(struct bpf *bpf);

/* The same: could it take a record more? */
bool bpf_fill_has_room(const struct bpf *bpf);

/* bpf_keeper.c: as their namesakes in struct backend_ops. */
void bpf_serve(struct backend *backend, const struct keeper_request *request,
	       struct keeper_answer *answer, int *fd);
void bpf_confine(struct backend *backend, const struct keeper *keeper);

/* The same: how many events no program was run for, as of now or, where nobody can
 * say, as of the last LOST. */
uint64_t bpf_missed(const struct bpf *bpf);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Our programs in the kernel: which of them suit it, loaded and attached. */
#ifndef BPF_PROGRAMS_H
#define BPF_PROGRAMS_H

#include <stdint.h>

#include "bpf_kernel.h"
#include "tcpwatch/backend.h"

struct bpf_link;
struct tcpwatch_bpf;            /* the skeleton that bpftool generates */

enum { BPF_PROGRAMS_MAX = 16 };

struct bpf_programs {
	struct tcpwatch_bpf *skeleton;  /* NULL: not open */
	struct bpf_link *links[BPF_PROGRAMS_MAX]; /* NULL: not attached */
	struct bpf_link *stand_ins[BPF_PROGRAMS_MAX]; /* for what those miss */
	unsigned int kinds;             /* EVENT_BIT set that they give */
	int ring_fd;                    /* map of the records; borrowed */
	const volatile uint32_t *failures; /* by CPU modulo BPF_RECORD_CPUS */
	volatile uint32_t *wake;        /* set it to be woken by the next record */
	char note[256];                 /* what this kernel lacks, or "" */
};

/* Loads what gives options->events, and attaches it: events come from now on.
 * kernel: closed before libbpf reads the same once more, since it is large.
 * ring_bytes: a power of 2, at least a page. 0, or -errno with the reason and
 * the remedy in *err, and nothing is left. */
int bpf_programs_open(struct bpf_programs *programs,
		      struct bpf_kernel *kernel,
		      const struct backend_options *options, uint32_t ring_bytes,
		      struct error *err);

/* The program that lists sockets, NULL where it could not be loaded or attached.
 * To be given to bpf_link__destroy(). */
struct bpf_link *bpf_programs_list(const struct bpf_programs *programs);

/* How many events no program was run for, neither the first nor its stand-in; may
 * sink by a few. 0 where the kernel runs them all, before 6.1 and the stable releases
 * that took over its guard (05b24ff9b2cf). */
uint64_t bpf_programs_missed(const struct bpf_programs *programs);

void bpf_programs_close(struct bpf_programs *programs); /* accepts zeroed */

#endif

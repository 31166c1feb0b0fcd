/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the bpf backend, all or nothing, and closes it again, in the kernel
 * too. */
#include "bpf_backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "bpf_refusal.h"
#include "clock.h"
#include "phrase.h"
#include "registry.h"

enum {
	QUEUE_EVENTS = 8192,
	RING_CPU_BYTES = 1024 * 1024,
	RING_LEAST_BYTES = 256 * 1024,
	RING_MOST_BYTES = 64 * 1024 * 1024,
	MEMORY_SHARE = 64               /* at most one part in so many */
};

/* Adds a sentence to what the user is told at the start. */
static void add_note(struct bpf *bpf, const char *text)
{
	phrase_add(bpf->note, sizeof(bpf->note), "; ", "%s", text);
}

static uint64_t memory_bytes(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	return pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
}

/* All CPUs share one ring, whose size is a power of 2. */
static uint32_t ring_bytes(size_t cpu_bytes, unsigned int cpu_count)
{
	uint64_t most = memory_bytes() / MEMORY_SHARE;
	uint64_t wanted = (uint64_t)(cpu_bytes ? cpu_bytes : RING_CPU_BYTES) *
			  cpu_count;
	uint64_t bytes = RING_LEAST_BYTES;

	if (most > RING_MOST_BYTES || cpu_bytes)
		most = RING_MOST_BYTES;
	while (bytes < wanted && 2 * bytes <= most)
		bytes *= 2;
	return (uint32_t)bytes;
}

static int set_up(struct bpf *bpf, const struct backend_options *options,
		  struct error *err)
{
	int cpus = libbpf_num_possible_cpus();
	uint32_t bytes;
	int ret;

	bpf->cpu_count = cpus > 0 ? (unsigned int)cpus : 1;
	bytes = ring_bytes(options->buffer_bytes, bpf->cpu_count);
	if (bpf_queue_init(&bpf->queue, QUEUE_EVENTS))
		return error_set(err, ENOMEM, "no memory for events");
	ret = drain_wake_open(&bpf->wake, options->latency_ns, true,
			      options->events & EVENT_BIT(EVENT_TICK), err);
	if (!ret)
		ret = bpf_kernel_open(&bpf->kernel, err);
	/* From here on times go forward. */
	bpf->newest_ns = clock_monotonic_ns();
	if (!ret)
		ret = bpf_programs_open(&bpf->programs, &bpf->kernel, options, bytes,
					err);
	bpf->since_ns = clock_monotonic_ns();
	if (!ret)
		ret = bpf_ring_open(&bpf->ring, bpf->programs.ring_fd, bytes, err);
	if (ret)
		return ret;
	ret = drain_wake_add(&bpf->wake, bpf->programs.ring_fd);
	if (ret)
		return error_set(err, -ret, "cannot wait for the ring buffer: %s",
				 strerror(-ret));
	bpf->events = bpf->programs.kinds | EVENT_BIT(EVENT_TICK) |
		      EVENT_BIT(EVENT_LOST);
	if (bpf->programs.note[0])
		add_note(bpf, bpf->programs.note);
	return 0;
}

void bpf_close(struct backend *backend)
{
	struct bpf *bpf = (struct bpf *)backend;

	if (!bpf)
		return;
	process_walk_free(bpf->walk);
	lookup_done(&bpf->lookup);
	diag_events_close(&bpf->diag);
	bpf_seed_close(&bpf->seed);
	drain_wake_close(&bpf->wake);
	bpf_ring_close(&bpf->ring);
	bpf_programs_close(&bpf->programs);
	bpf_kernel_close(&bpf->kernel);
	bpf_queue_done(&bpf->queue);
	free(bpf);
}

/* Only now that the events are on. */
static void open_diag(struct bpf *bpf, unsigned int events)
{
	const struct socket_seed_lister *lister = NULL;

	/* Our own programs tell of those that go away. */
	events &= ~(bpf->programs.kinds & EVENT_BIT(EVENT_GONE));
	if (events & EVENT_BIT(EVENT_SEEN) &&
	    bpf_seed_open(&bpf->seed, &bpf->programs)) {
		lister = &bpf->seed.lister;
		bpf->lookup.open = lister->open;
		bpf->lookup.context = lister->context;
	}
	bpf->events |= diag_events_open(&bpf->diag, events, !bpf->foreign_pids,
					lister);
	if (bpf->diag.note)
		add_note(bpf, bpf->diag.note);
	bpf->diag.note = NULL;
	/* A socket may go away when nothing else happens. */
	if (bpf->diag.gone &&
	    drain_wake_add(&bpf->wake, diag_gone_fd(bpf->diag.gone)))
		add_note(bpf, "no memory to wait for sock_diag");
}

struct backend *bpf_open(const struct backend_options *options,
			 struct error *err)
{
	struct bpf *bpf = calloc(1, sizeof(*bpf));
	struct bpf_refusal refusal;

	if (!bpf) {
		error_set(err, ENOMEM, "no memory for the bpf backend");
		return NULL;
	}
	bpf->base.ops = &bpf_backend;
	bpf->latency_ns = options->latency_ns;
	bpf->tells_tasks = options->events & EVENT_BIT(EVENT_TASK);
	bpf->stop_ns = UINT64_MAX;
	sample_gate_init(&bpf->samples, options->samples.every);
	if (options->samples.aggregate == BACKEND_AGGREGATE_MUST)
		error_set(err, ENOTSUP, "it does not count in the kernel; use "
			  "--backend=tracefs or --aggregate=user");
	refusal = bpf_refusal_look();
	if (err->code || bpf_refusal_check(&refusal, err) ||
	    set_up(bpf, options, err)) {
		bpf_close(&bpf->base);
		return NULL;
	}
	bpf->foreign_pids = !process_walk_is_possible();
	if (bpf->foreign_pids)
		add_note(bpf, "inside a PID namespace: process ids are those "
			 "of the host");
	else if (bpf->tells_tasks)
		bpf->walk = process_walk_new();
	open_diag(bpf, options->events);
	bpf->walk_first_until_ns = bpf->since_ns + bpf->latency_ns / 4;
	return &bpf->base;
}

int bpf_probe(const struct backend_options *options, struct error *err)
{
	const struct bpf_refusal refusal = bpf_refusal_look();
	int ret = bpf_refusal_check(&refusal, err);

	(void)options;
	if (ret)
		return ret;
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return error_set(err, ENOTSUP, "this kernel has no type information "
				 "(/sys/kernel/btf/vmlinux: CONFIG_DEBUG_INFO_BTF)");
	ret = bpf_kernel_try_ring();
	if (ret == -EINVAL)
		return error_set(err, ENOTSUP, "this kernel has no BPF ring buffer "
				 "(5.8 has)");
	return ret ? bpf_refusal_set(err, -ret, "make a BPF ring buffer", NULL) : 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BPF backend: our own programs at the kernel's tracepoints write records
 * into one ring buffer.
 *
 * Time order: a record is stamped after its room was reserved. So whatever is
 * not in the ring at some moment will be stamped later than that moment, and a
 * drain that began then and has emptied the ring may deliver all that is older.
 * Only a record that is still being written stands in the way: what follows it
 * cannot be seen. Then only what is older than its reservation is delivered.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf_decode.h"
#include "bpf_kernel.h"
#include "bpf_names.h"
#include "bpf_programs.h"
#include "bpf_queue.h"
#include "bpf_refusal.h"
#include "bpf_ring.h"
#include "bpf_seed.h"
#include "bpf_survey.h"
#include "clock.h"
#include "diag/diag_events.h"
#include "drain_wake.h"
#include "lookup.h"
#include "process_walk.h"
#include "registry.h"
#include "sample_gate.h"
#include "tcpwatch/backend.h"

enum {
	QUEUE_EVENTS = 8192,
	RECORD_EVENTS = 2 + BPF_NAMES_EVENTS, /* a loss, names, and its own */
	MARGIN_NS = 20 * 1000,          /* the kernel's clock, read anywhere, may be
	                                 * behind ours by an update of its base */
	BUSY_TRIES = 200,               /* writing a record takes less */
	RING_CPU_BYTES = 1024 * 1024,
	RING_LEAST_BYTES = 256 * 1024,
	RING_MOST_BYTES = 64 * 1024 * 1024,
	MEMORY_SHARE = 64               /* at most one part in so many */
};

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
	uint64_t missed;                /* runs of programs, as of the last LOST */
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

/* Adds a sentence to what the user is told at the start. */
static void add_note(struct bpf *bpf, const char *text)
{
	size_t length = strlen(bpf->note);

	snprintf(bpf->note + length, sizeof(bpf->note) - length, "%s%s",
		 length ? "; " : "", text);
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

static void bpf_close(struct backend *backend)
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

static struct backend *bpf_open(const struct backend_options *options,
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

static int bpf_probe(const struct backend_options *options, struct error *err)
{
	const struct bpf_refusal refusal = bpf_refusal_look();
	int ret = bpf_refusal_check(&refusal, err);
	int map;

	(void)options;
	if (ret)
		return ret;
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return error_set(err, ENOTSUP, "this kernel has no type information "
				 "(/sys/kernel/btf/vmlinux: CONFIG_DEBUG_INFO_BTF)");
	map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0,
			     (uint32_t)sysconf(_SC_PAGESIZE), NULL);
	if (map == -EINVAL)
		return error_set(err, ENOTSUP, "this kernel has no BPF ring buffer "
				 "(5.8 has)");
	if (map < 0)
		return bpf_refusal_set(err, -map, "make a BPF ring buffer", NULL);
	close(map);
	return 0;
}

static void bpf_facts(const struct backend *backend, struct backend_facts *facts)
{
	const struct bpf *bpf = (const struct bpf *)backend;

	*facts = (struct backend_facts){
		.clock = "monotonic",
		.wall_offset_ns = clock_wall_offset_ns(),
		.wall_offset_known = true,
		.since_ns = bpf->since_ns,
		.foreign_pids = bpf->foreign_pids,
		.events = bpf->events,
		.note = bpf->diag.note ? bpf->diag.note :
			bpf->note[0] ? bpf->note : NULL,
	};
}

static int bpf_fd(const struct backend *backend)
{
	return ((const struct bpf *)backend)->wake.fd;
}

/* As the tracefs backend does it: names first, but they must not hold up the
 * events for longer than they may be held. Returns how many of the budget it
 * spent. */
static size_t walk_processes(struct bpf *bpf, size_t budget,
			     const struct event_sink *sink)
{
	uint64_t until_ns = clock_monotonic_ns() + bpf->latency_ns / 10;

	if (until_ns < bpf->walk_first_until_ns)
		until_ns = bpf->walk_first_until_ns;
	return process_walk_deliver(&bpf->walk, budget, until_ns, bpf->newest_ns,
				    sink);
}

static void begin_drain(struct bpf *bpf)
{
	uint64_t now_ns = clock_monotonic_ns();

	bpf->found = bpf->empty = false;
	bpf->fullest = 0;
	bpf_ring_mark(&bpf->ring, now_ns - MARGIN_NS);
	bpf->horizon_ns = bpf->stop_ns == UINT64_MAX ? now_ns - MARGIN_NS :
						       bpf->stop_ns;
	if (bpf->horizon_ns < bpf->newest_ns)
		bpf->horizon_ns = bpf->newest_ns;
}

/* The difference that a CPU's counter has made since it was last told. */
static void add_lost(struct bpf *bpf, uint16_t cpu, uint32_t failures,
		     uint64_t time_ns)
{
	uint32_t *told = &bpf->told[cpu % BPF_RECORD_CPUS];
	int32_t count = (int32_t)(failures - *told);
	const struct event event = {
		.time_ns = time_ns,
		.kind = EVENT_LOST,
		.cpu = cpu,
		.has = EVENT_HAS_COUNT,
		.lost.count = (uint64_t)(count > 0 ? count : 0),
	};

	if (count <= 0)
		return;
	*told = failures;
	bpf_queue_add(&bpf->queue, &event);
}

static uint64_t ask_missed(const struct bpf *bpf)
{
	struct keeper_answer answer;

	if (!bpf->keeper)
		return bpf_programs_missed(&bpf->programs);
	return keeper_ask(bpf->keeper, KEEPER_OVERRUNS, 0, &answer) ?
	       bpf->missed : answer.number;
}

/* A program is not run where it is running already: on a CPU that was interrupted
 * in the middle of it. Nobody tells when, nor on which CPU. */
static void add_missed(struct bpf *bpf)
{
	uint64_t missed = ask_missed(bpf);
	const struct event event = {
		.time_ns = bpf->horizon_ns - 1,
		.kind = EVENT_LOST,
		.has = EVENT_HAS_COUNT | EVENT_HAS_BOUNDS,
		.lost.count = missed - bpf->missed,
	};

	if (missed == bpf->missed || !bpf_queue_room(&bpf->queue))
		return;
	bpf->missed = missed;
	bpf_queue_add(&bpf->queue, &event);
}

/* Losses after which that CPU has written nothing. */
static void add_last_losses(struct bpf *bpf)
{
	for (unsigned int cpu = 0; cpu < bpf->cpu_count &&
	     cpu < BPF_RECORD_CPUS && bpf_queue_room(&bpf->queue); cpu++)
		add_lost(bpf, (uint16_t)cpu, bpf->programs.failures[cpu],
			 bpf->horizon_ns - 1);
	add_missed(bpf);
}

static void add_names(struct bpf *bpf, const struct bpf_record_state *record)
{
	struct event events[BPF_NAMES_EVENTS];
	size_t count = bpf_names_take(&bpf->names, record, events);

	for (size_t i = 0; i < count; i++)
		bpf_queue_add(&bpf->queue, &events[i]);
}

static void add_record(struct bpf *bpf, const void *record, size_t length)
{
	const struct bpf_record_head *head = record;
	struct event event;

	if (!bpf_decode_record(&bpf->kernel.decode, record, length, &event))
		return;
	add_lost(bpf, head->cpu, head->failures, head->time_ns);
	if (event.kind == EVENT_SAMPLE) {
		if (!sample_gate_takes(&bpf->samples, event.time_ns))
			return;
		event.sample.every = bpf->samples.every;
	}
	if (head->kind == BPF_RECORD_STATE && bpf->tells_tasks)
		add_names(bpf, record);
	bpf_queue_add(&bpf->queue, &event);
}

/* Waits for whoever writes now, but not for one who was interrupted. */
static enum bpf_ring_answer next_record(struct bpf *bpf, const void **record,
					size_t *length)
{
	enum bpf_ring_answer answer = BPF_RING_BUSY;

	for (int i = 0; i < BUSY_TRIES && answer == BPF_RING_BUSY; i++)
		answer = bpf_ring_next(&bpf->ring, record, length);
	return answer;
}

/* Someone who was interrupted, for however long, is still to tell of this time or
 * hides who does: nothing as old may be delivered. */
static void hold_back(struct bpf *bpf)
{
	uint64_t since_ns = bpf_ring_unread_since_ns(&bpf->ring);

	if (since_ns < bpf->newest_ns)
		since_ns = bpf->newest_ns;
	if (bpf->horizon_ns > since_ns)
		bpf->horizon_ns = since_ns;
}

/* Reads on, until the ring is empty or the queue is full. In a flood it will be
 * full of what is too young for this drain. */
static void fill(struct bpf *bpf)
{
	enum bpf_ring_answer answer = BPF_RING_RECORD;
	size_t used = bpf_ring_used(&bpf->ring);
	const void *record;
	size_t length;

	if (used > bpf->fullest)
		bpf->fullest = used;
	while (bpf_queue_room(&bpf->queue) >= RECORD_EVENTS) {
		answer = next_record(bpf, &record, &length);
		if (answer != BPF_RING_RECORD)
			break;
		bpf->found = true;
		add_record(bpf, record, length);
	}
	bpf_ring_release(&bpf->ring);
	if (answer == BPF_RING_EMPTY)
		add_last_losses(bpf);
	if (answer == BPF_RING_BUSY)
		hold_back(bpf);
	bpf->empty = answer != BPF_RING_RECORD;
	bpf->busy = answer == BPF_RING_BUSY;
}

/* Sockets last: names are of use to them. */
static void ask_diag(struct bpf *bpf)
{
	diag_events_step(&bpf->diag, clock_monotonic_ns() + bpf->latency_ns / 10);
}

static void hand_over(struct bpf *bpf, const struct event *borrowed,
		      const struct event_sink *sink)
{
	struct event event = *borrowed;

	event.late = event.time_ns < bpf->newest_ns;
	if (!event.late)
		bpf->newest_ns = event.time_ns;
	sink->take(sink->context, &event);
}

static const struct event *due(const struct event *event, uint64_t horizon_ns)
{
	return event && event->time_ns < horizon_ns ? event : NULL;
}

/* Delivers what is below the horizon, and takes what it spends off *budget. */
static void deliver(struct bpf *bpf, size_t *budget,
		    const struct event_sink *sink)
{
	while (*budget) {
		const struct event *event = due(bpf_queue_peek(&bpf->queue),
						bpf->horizon_ns);
		const struct event *seen = due(diag_events_peek(&bpf->diag),
					       bpf->horizon_ns);

		if (seen && (!event || seen->time_ns < event->time_ns)) {
			hand_over(bpf, seen, sink);
			diag_events_drop(&bpf->diag);
		} else if (event) {
			hand_over(bpf, event, sink);
			bpf_queue_drop(&bpf->queue);
		} else {
			return;
		}
		--*budget;
	}
}

static void end_drain(struct bpf *bpf, const struct event_sink *sink)
{
	struct event tick = { .kind = EVENT_TICK };
	bool pending = bpf_queue_peek(&bpf->queue) ||
		       diag_events_peek(&bpf->diag);

	if (bpf->horizon_ns > bpf->newest_ns)
		bpf->newest_ns = bpf->horizon_ns;
	tick.time_ns = bpf->newest_ns;
	sink->take(sink->context, &tick);
	drain_wake_drained(&bpf->wake,
			   (unsigned int)(bpf->fullest * 100 / bpf->ring.bytes),
			   bpf->found || bpf->walk ||
			   diag_events_are_due(&bpf->diag), pending);
	*bpf->programs.wake = bpf->wake.quiet;
	bpf->horizon_ns = 0;
}

static bool is_stopped(const struct bpf *bpf)
{
	return bpf->stop_ns != UINT64_MAX;
}

static enum backend_answer bpf_read(struct backend *backend, size_t budget,
				    const struct event_sink *sink,
				    struct error *err)
{
	struct bpf *bpf = (struct bpf *)backend;

	(void)err;
	if (bpf->ended)
		return BACKEND_END;
	if (bpf->walk && !bpf->horizon_ns)
		budget -= walk_processes(bpf, budget, sink);
	else if (!bpf->horizon_ns && !diag_events_are_over(&bpf->diag))
		ask_diag(bpf);
	if (!budget)
		return BACKEND_MORE;
	if (!bpf->horizon_ns)
		begin_drain(bpf);
	do {
		if (!bpf->empty)
			fill(bpf);
		deliver(bpf, &budget, sink);
		if (!budget)
			return BACKEND_MORE;
	} while (!bpf->empty && bpf_queue_room(&bpf->queue) >= RECORD_EVENTS);
	if (is_stopped(bpf)) {
		bpf->horizon_ns = 0;
		bpf->ended = !bpf->busy;
		return bpf->ended ? BACKEND_END : BACKEND_MORE;
	}
	end_drain(bpf, sink);
	return BACKEND_IDLE;
}

/* What is stamped from now on is not delivered; the programs go on until
 * close(), since taking them away takes time. */
static void bpf_stop(struct backend *backend)
{
	struct bpf *bpf = (struct bpf *)backend;

	bpf->stop_ns = clock_monotonic_ns();
	bpf->horizon_ns = 0;
}

/* What was opened here for the walk, and then asked of the keeper. */
static void forget(struct bpf *bpf)
{
	process_walk_free(bpf->walk);
	bpf->walk = NULL;
	diag_events_close(&bpf->diag);
}

static void bpf_serve(struct backend *backend,
		      const struct keeper_request *request,
		      struct keeper_answer *answer, int *fd)
{
	struct bpf *bpf = (struct bpf *)backend;

	if (request->question == KEEPER_OVERRUNS)
		answer->number = bpf_programs_missed(&bpf->programs);
	else
		lookup_serve(&bpf->lookup, request, answer, fd);
	if (request->question == KEEPER_FORGET)
		forget(bpf);
}

/* What is in the kernel goes away with its last descriptor. */
static void bpf_confine(struct backend *backend, const struct keeper *keeper)
{
	struct bpf *bpf = (struct bpf *)backend;

	bpf->keeper = keeper;
	process_walk_confine(&bpf->walk, keeper);
	diag_events_confine(&bpf->diag, keeper);
}

const struct backend_ops bpf_backend = {
	.name = "bpf",
	.summary = "our programs in the kernel (BPF); tells more, needs root",
	.promises = BACKEND_LIVE | BACKEND_EXACT | BACKEND_OWNER | BACKEND_AUTO |
		    BACKEND_SEQUENCE | BACKEND_PLACE,
	.probe = bpf_probe,
	.open = bpf_open,
	.facts = bpf_facts,
	.fd = bpf_fd,
	.read = bpf_read,
	.stop = bpf_stop,
	.serve = bpf_serve,
	.confine = bpf_confine,
	.close = bpf_close,
	.survey = bpf_survey,
};

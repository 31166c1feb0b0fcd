/* SPDX-License-Identifier: BSD-2-Clause */
/* From the ring into the queue: events, and what was lost among them. */
#include "bpf_backend.h"

enum {
	RECORD_EVENTS = 2 + BPF_NAMES_EVENTS, /* a loss, names, and its own */
	BUSY_TRIES = 200                /* writing a record takes less */
};

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

/* What no program was run for, not even a stand-in, of which bpf_programs.h tells.
 * What a stand-in is only about to take looks like a loss: where we took the CPU of
 * who raised the event, the next drain knows. At the end there is none, and it may
 * be told as lost. Nobody tells when it was, nor on which CPU. */
static void add_missed(struct bpf *bpf)
{
	struct event event = {
		.time_ns = bpf->horizon_ns - 1,
		.kind = EVENT_LOST,
		.has = EVENT_HAS_COUNT | EVENT_HAS_BOUNDS,
	};
	uint64_t missed = bpf_missed(bpf), sure = bpf->maybe_missed;

	bpf->maybe_missed = missed;
	if (sure > missed || bpf->stop_ns != UINT64_MAX)
		sure = missed;
	if (sure <= bpf->missed || !bpf_queue_room(&bpf->queue))
		return;
	event.lost.count = sure - bpf->missed;
	bpf->missed = sure;
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

bool bpf_fill_has_room(const struct bpf *bpf)
{
	return bpf_queue_room(&bpf->queue) >= RECORD_EVENTS;
}

/* In a flood the queue will be full of what is too young for this drain. */
void bpf_fill(struct bpf *bpf)
{
	enum bpf_ring_answer answer = BPF_RING_RECORD;
	size_t used = bpf_ring_used(&bpf->ring);
	const void *record;
	size_t length;

	if (used > bpf->fullest)
		bpf->fullest = used;
	while (bpf_fill_has_room(bpf)) {
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

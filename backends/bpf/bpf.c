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
#include "bpf_backend.h"

#include "bpf_survey.h"
#include "clock.h"
#include "registry.h"

enum {
	MARGIN_NS = 20 * 1000           /* the kernel's clock, read anywhere, may be
	                                 * behind ours by an update of its base */
};

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
			bpf_fill(bpf);
		deliver(bpf, &budget, sink);
		if (!budget)
			return BACKEND_MORE;
	} while (!bpf->empty && bpf_fill_has_room(bpf));
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

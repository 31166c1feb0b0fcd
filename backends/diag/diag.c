/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks at all TCP sockets of our network namespace again and again, by
 * sock_diag alone: without rights, without tracing. Ends are told by the kernel
 * between the looks.
 */
#include "diag.h"

#include <time.h>

#include <sys/timerfd.h>

#include "clock.h"
#include "diag_survey.h"
#include "registry.h"

#define NS_PER_S UINT64_C(1000000000)

enum { SLICES_PER_LATENCY = 10 };

static void diag_facts(const struct backend *backend,
		       struct backend_facts *facts)
{
	const struct diag *diag = (const struct diag *)backend;

	*facts = (struct backend_facts){
		.clock = "monotonic",
		.wall_offset_ns = clock_wall_offset_ns(),
		.wall_offset_known = true,
		.since_ns = diag->since_ns,
		.sample_ns = diag->clock.period_ns,
		.events = diag->events,
		.note = diag->slow_told ? diag->slow_note : diag->note,
	};
}

static int diag_fd(const struct backend *backend)
{
	return ((const struct diag *)backend)->fd;
}

/* Ends that were not told are found by looking again at once. */
static void take_ends(struct diag *diag)
{
	const struct event *gone;

	if (!diag->gone)
		return;
	diag_gone_read(diag->gone);
	while (diag_queue_room(&diag->queue) > DIAG_LOOKS_EVENTS &&
	       (gone = diag_gone_peek(diag->gone))) {
		diag_looks_end(&diag->looks, gone);
		diag_gone_drop(diag->gone);
	}
	if (diag_gone_take_loss(diag->gone)) {
		diag_step_lost(diag);
		diag->again = true;
	}
	if (diag->again && diag->stage == DIAG_STAGE_WAIT) {
		diag->again = false;
		diag_clock_hurry(&diag->clock, diag->look_cost_ns);
	}
}

static void set_timer(const struct diag *diag, bool busy, bool ticks)
{
	const uint64_t now = clock_monotonic_ns();
	uint64_t next = diag->clock.next_ns;
	struct itimerspec timer = { 0 };

	if (ticks && next > now + diag->latency_ns)
		next = now + diag->latency_ns;
	if (busy || next <= now)
		next = now + 1;
	timer.it_value.tv_sec = (time_t)(next / NS_PER_S);
	timer.it_value.tv_nsec = (long)(next % NS_PER_S);
	timerfd_settime(diag->timer_fd, TFD_TIMER_ABSTIME, &timer, NULL);
}

/* All that is at hand is with the sink. */
static enum backend_answer rest(struct diag *diag, bool busy,
				const struct event_sink *sink)
{
	struct event tick = { .kind = EVENT_TICK };

	if (diag->stopped && !busy) {
		diag->ended = true;
		return BACKEND_END;
	}
	/* What is still to be read of a piece is given this time at least. */
	if (diag->queue.newest_ns < clock_monotonic_ns())
		diag->queue.newest_ns = clock_monotonic_ns();
	tick.time_ns = diag->queue.newest_ns;
	sink->take(sink->context, &tick);
	set_timer(diag, busy, diag->ticks);
	return diag->stopped ? BACKEND_MORE : BACKEND_IDLE;
}

static enum backend_answer diag_read(struct backend *backend, size_t budget,
				     const struct event_sink *sink,
				     struct error *err)
{
	struct diag *diag = (struct diag *)backend;
	const uint64_t until_ns = clock_monotonic_ns() +
				  diag->latency_ns / SLICES_PER_LATENCY;
	bool busy;

	(void)err;
	if (diag->ended)
		return BACKEND_END;
	do {
		diag_queue_deliver(&diag->queue, &budget, sink);
		if (!budget)
			return BACKEND_MORE;
		take_ends(diag);
		busy = diag->queue.count || diag_step(diag);
	} while (busy && clock_monotonic_ns() < until_ns);
	return diag->queue.count ? BACKEND_MORE : rest(diag, busy, sink);
}

/* One more look: what happened since the last one is told. */
static void diag_stop(struct backend *backend)
{
	struct diag *diag = (struct diag *)backend;

	diag->stopped = true;
	diag->last_begun = diag->stage != DIAG_STAGE_WAIT;
	set_timer(diag, true, false);
}

static void diag_serve(struct backend *backend,
		       const struct keeper_request *request,
		       struct keeper_answer *answer, int *fd)
{
	lookup_serve(&((struct diag *)backend)->lookup, request, answer, fd);
}

static void diag_confine(struct backend *backend, const struct keeper *keeper)
{
	((struct diag *)backend)->names.keeper = keeper;
}

const struct backend_ops diag_backend = {
	.name = "diag",
	.summary = "sock_diag alone, sampled; needs no rights",
	.promises = BACKEND_LIVE | BACKEND_OWNER | BACKEND_AUTO,
	.probe = diag_probe,
	.open = diag_open,
	.facts = diag_facts,
	.fd = diag_fd,
	.read = diag_read,
	.stop = diag_stop,
	.serve = diag_serve,
	.confine = diag_confine,
	.close = diag_close,
	.survey = diag_survey,
};

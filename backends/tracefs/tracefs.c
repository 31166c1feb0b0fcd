/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tracefs backend: the kernel's own tracepoints, read as raw pages from a
 * private trace instance. Needs no BPF.
 *
 * Time order over the CPUs: a drain begins by noting the time, then reads every
 * CPU until it is empty. What is older than that time, less a slack for writers
 * between reserve and commit, is then in hand and is delivered merged; the rest
 * stays in its page for the next drain. No CPU holds more than one sub-buffer
 * here, so memory does not depend on the load.
 */
#include "tracefs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "registry.h"
#include "trace/trace_record.h"
#include "trace_survey.h"

static void tracefs_facts(const struct backend *backend,
			  struct backend_facts *facts)
{
	const struct tracefs *tracefs = (const struct tracefs *)backend;

	*facts = (struct backend_facts){
		.clock = "monotonic",
		.wall_offset_ns = clock_wall_offset_ns(),
		.wall_offset_known = true,
		.since_ns = tracefs->since_ns,
		.foreign_pids = tracefs->foreign_pids,
		.events = tracefs->events,
		.note = tracefs->diag.note ? tracefs->diag.note :
			tracefs->note[0] ? tracefs->note : NULL,
	};
}

static int tracefs_fd(const struct backend *backend)
{
	return ((const struct tracefs *)backend)->wake.fd;
}

/*
 * Names first: an event is best understood when its process is known. But the
 * walk must not hold up the events for longer than they may be held: after a
 * quarter of the latency it takes turns with the drains. Returns how many of
 * the budget it spent.
 */
static size_t walk_processes(struct tracefs *tracefs, size_t budget,
			     const struct event_sink *sink)
{
	uint64_t until_ns = clock_monotonic_ns() + tracefs->latency_ns / 10;

	if (until_ns < tracefs->walk_first_until_ns)
		until_ns = tracefs->walk_first_until_ns;
	return process_walk_deliver(&tracefs->walk, budget, until_ns,
				    tracefs->merge.newest_ns, sink);
}

/* Sockets last: names are of use to them, and what is seen of them waits for the
 * events that happened meanwhile. */
static void ask_diag(struct tracefs *tracefs)
{
	diag_events_step(&tracefs->diag, clock_monotonic_ns() +
					 tracefs->latency_ns / 10);
	tracefs_set_diag_lane(tracefs);
}

static void deliver_diag(struct tracefs *tracefs, const struct event_sink *sink)
{
	struct event event = *diag_events_peek(&tracefs->diag);

	diag_events_drop(&tracefs->diag);
	tracefs_set_diag_lane(tracefs);
	event.late = merge_deliver(&tracefs->merge, event.time_ns);
	sink->take(sink->context, &event);
}

/* Goes to the lane's next entry. 0, or -errno and *err. */
static int advance(struct tracefs *tracefs, size_t lane, struct error *err)
{
	struct trace_cpu *cpu = &tracefs->cpus[lane];

	switch (trace_cpu_next(cpu)) {
	case TRACE_CPU_ENTRY:
		tracefs->merge.next_ns[lane] = cpu->entry.time_ns;
		tracefs->found = true;
		return 0;
	case TRACE_CPU_EMPTY:
		tracefs->merge.next_ns[lane] = MERGE_EMPTY;
		return 0;
	case TRACE_CPU_FAILED:
		break;
	}
	return error_set(err, errno, "cannot read the trace buffer of CPU %u: %s",
			 cpu->cpu, strerror(errno));
}

/* A CPU found empty now has nothing older than now: its lane may stay empty
 * for the whole drain. */
static int begin_drain(struct tracefs *tracefs, struct error *err)
{
	int ret = 0;

	tracefs->found = false;
	tracefs->horizon_ns = tracefs->stopped ?
		UINT64_MAX : clock_monotonic_ns() - tracefs->slack_ns;
	for (size_t lane = 0; lane < tracefs->cpu_count && !ret; lane++) {
		tracefs->cpus[lane].round_bytes = 0;
		if (!tracefs->cpus[lane].has_entry)
			ret = advance(tracefs, lane, err);
	}
	return ret;
}

static void deliver_lost(struct tracefs *tracefs, unsigned int cpu,
			 uint64_t time_ns, bool known, uint64_t count,
			 const struct event_sink *sink)
{
	struct event event = {
		.time_ns = time_ns,
		.kind = EVENT_LOST,
		.cpu = (uint16_t)cpu,
		.has = known ? EVENT_HAS_COUNT : 0,
		.lost.count = known ? count : 0,
	};

	event.late = merge_deliver(&tracefs->merge, time_ns);
	sink->take(sink->context, &event);
}

/* Samples are chosen before they are decoded: that costs more. */
static bool decode(struct tracefs *tracefs, const struct trace_cpu *cpu,
		   struct event *event)
{
	const struct trace_format *format = &tracefs->trace_events.format;
	const struct trace_page_entry *entry = &cpu->entry;
	bool sample = format->layouts[TRACE_EVENT_SAMPLE].present &&
		      trace_record_is_sample(format, entry->data, entry->length);

	if (sample && !sample_gate_takes(&tracefs->samples, entry->time_ns))
		return false;
	if (!trace_record_decode(format, entry->data, entry->length,
				 entry->time_ns, cpu->cpu, event))
		return false;
	if (sample)
		event->sample.every = tracefs->samples.every;
	if (sample && tracefs->asks_mss)
		event->sample.mss = socket_mss_get(&tracefs->mss, event);
	return true;
}

/*
 * Goes to the next entry, where the stack of a state change is. It was written
 * right behind the event, which is older than the horizon: it is in the buffer
 * by now, be it in the next page, or was lost, or something came between.
 * Records of stacks themselves are no event, and are passed over.
 */
static void take_stack(struct tracefs *tracefs, size_t lane, struct event *event,
		       const struct event_sink *sink, struct error *err)
{
	const struct trace_cpu *cpu = &tracefs->cpus[lane];
	struct trace_stack stack;

	if (advance(tracefs, lane, err) || event->kind != EVENT_STATE ||
	    !cpu->has_entry || cpu->lost ||
	    !trace_stack_decode(&tracefs->stack_format, cpu->entry.data,
				cpu->entry.length, &stack) ||
	    !trace_stack_is_of(&stack, event))
		return;
	event->state.stack = kernel_stacks_take(tracefs->stacks, &stack, event,
						sink);
	if (event->state.stack)
		event->has |= EVENT_HAS_STACK;
}

/* The loss before the next entry, else the entry. True when that was an event;
 * records that are not ours make none. */
static bool deliver_next(struct tracefs *tracefs, size_t lane,
			 const struct event_sink *sink, struct error *err)
{
	struct trace_cpu *cpu = &tracefs->cpus[lane];
	const struct trace_page_entry *entry = &cpu->entry;
	struct event event;
	bool ours;

	if (cpu->lost) {
		cpu->lost = false;
		deliver_lost(tracefs, cpu->cpu, entry->time_ns, cpu->lost_known,
			     cpu->lost_count, sink);
		return true;
	}
	ours = decode(tracefs, cpu, &event);
	if (ours && tracefs->stacks)
		take_stack(tracefs, lane, &event, sink, err);
	if (ours) {
		event.late = merge_deliver(&tracefs->merge, event.time_ns);
		sink->take(sink->context, &event);
	}
	if (!ours || !tracefs->stacks)
		advance(tracefs, lane, err);
	return ours;
}

/* Delivers what is below the horizon, and takes what it spends off *budget. 0
 * when nothing below is left or the budget is spent; -errno. */
static int deliver(struct tracefs *tracefs, size_t *budget,
		   const struct event_sink *sink, struct error *err)
{
	uint64_t until_ns;
	size_t lane;

	while (*budget && (lane = merge_pick(&tracefs->merge, tracefs->horizon_ns,
					     &until_ns)) != MERGE_NO_LANE) {
		if (lane == tracefs_diag_lane(tracefs)) {
			deliver_diag(tracefs, sink);
			--*budget;
			continue;
		}
		do {
			*budget -= deliver_next(tracefs, lane, sink, err);
			if (err->code)
				return -err->code;
		} while (*budget && tracefs->merge.next_ns[lane] <= until_ns);
	}
	return 0;
}

/* Events that found no room between reserve and commit are in no page; the
 * kernel only counts them. True when every CPU has been asked. */
static bool deliver_overruns(struct tracefs *tracefs, size_t budget,
			     const struct event_sink *sink)
{
	while (tracefs->overruns_asked < tracefs->cpu_count && budget) {
		const struct trace_cpu *cpu =
			&tracefs->cpus[tracefs->overruns_asked++];
		uint64_t count = tracefs_overruns(tracefs, cpu->cpu);
		bool known = true;

		if (cpu->lost) {        /* and no entry came after that */
			known = cpu->lost_known;
			count += cpu->lost_count;
		}
		if (known && !count)
			continue;
		deliver_lost(tracefs, cpu->cpu, tracefs->merge.newest_ns, known,
			     count, sink);
		budget--;
	}
	return tracefs->overruns_asked == tracefs->cpu_count;
}

/* 0 or -errno and *err. last: nothing more will be counted. */
static int deliver_counts(struct tracefs *tracefs, bool last,
			  const struct event_sink *sink, struct error *err)
{
	struct trace_hist *hist = &tracefs->hist;
	bool due;

	if (!trace_hist_is_used(hist))
		return 0;
	due = trace_hist_is_due(hist, clock_monotonic_ns());
	if (!due && !last && hist->told_first)
		return 0;
	return trace_hist_read(hist, tracefs->merge.newest_ns, due && !last,
			       sink, err);
}

static void end_drain(struct tracefs *tracefs, const struct event_sink *sink)
{
	struct event tick = { .kind = EVENT_TICK };
	size_t fullest = 0;
	bool pending = diag_events_peek(&tracefs->diag);

	for (size_t i = 0; i < tracefs->cpu_count; i++) {
		pending |= tracefs->cpus[i].has_entry;
		if (tracefs->cpus[i].round_bytes > fullest)
			fullest = tracefs->cpus[i].round_bytes;
	}
	/* The first horizon may lie before the start, when nobody looked. */
	merge_deliver(&tracefs->merge, tracefs->horizon_ns);
	tick.time_ns = tracefs->merge.newest_ns;
	sink->take(sink->context, &tick);
	drain_wake_drained(&tracefs->wake,
			   (unsigned int)(fullest * 100 / tracefs->buffer_bytes),
			   tracefs->found || tracefs->walk ||
			   diag_events_are_due(&tracefs->diag), pending);
	tracefs->horizon_ns = 0;
}

static enum backend_answer tracefs_read(struct backend *backend, size_t budget,
					const struct event_sink *sink,
					struct error *err)
{
	struct tracefs *tracefs = (struct tracefs *)backend;

	if (tracefs->ended)
		return BACKEND_END;
	if (tracefs->walk && !tracefs->horizon_ns)
		budget -= walk_processes(tracefs, budget, sink);
	else if (!tracefs->horizon_ns && !diag_events_are_over(&tracefs->diag))
		ask_diag(tracefs);
	if (!budget)
		return BACKEND_MORE;
	if (!tracefs->horizon_ns && begin_drain(tracefs, err))
		return BACKEND_FAILED;
	if (deliver(tracefs, &budget, sink, err))
		return BACKEND_FAILED;
	if (!budget)
		return BACKEND_MORE;
	if (deliver_counts(tracefs, tracefs->horizon_ns == UINT64_MAX &&
			   !tracefs->overruns_asked, sink, err))
		return BACKEND_FAILED;
	if (tracefs->horizon_ns == UINT64_MAX) {
		tracefs->ended = deliver_overruns(tracefs, budget, sink);
		return tracefs->ended ? BACKEND_END : BACKEND_MORE;
	}
	end_drain(tracefs, sink);
	return tracefs->stopped ? BACKEND_MORE : BACKEND_IDLE;
}

const struct backend_ops tracefs_backend = {
	.name = "tracefs",
	.summary = "the kernel's tracepoints, without BPF; needs root",
	.promises = BACKEND_LIVE | BACKEND_EXACT | BACKEND_OWNER | BACKEND_AUTO,
	.probe = tracefs_probe,
	.open = tracefs_open,
	.facts = tracefs_facts,
	.fd = tracefs_fd,
	.read = tracefs_read,
	.stop = tracefs_stop,
	.serve = tracefs_serve,
	.confine = tracefs_confine,
	.close = tracefs_close,
	.survey = trace_survey,
};

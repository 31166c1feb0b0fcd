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
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "diag_events.h"
#include "drain_wake.h"
#include "kernel_stacks.h"
#include "kernel_symbols.h"
#include "merge.h"
#include "process_walk.h"
#include "registry.h"
#include "sample_gate.h"
#include "socket_mss.h"
#include "trace_buffers.h"
#include "trace_cpu.h"
#include "trace_events.h"
#include "trace_hist.h"
#include "trace_instance.h"
#include "trace_mount.h"
#include "trace_page.h"
#include "trace_record.h"
#include "trace_stack.h"
#include "trace_survey.h"
#include "tcpwatch/backend.h"

enum {
	SLACK_NS = 1000 * 1000,         /* for writers that were interrupted, ... */
	SLACK_SHARE = 25                /* ... at least; of the latency: a virtual
	                                 * CPU may stand still for milliseconds */
};

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
	size_t overruns_asked;          /* CPUs, after the stop */
	char note[512];
};

/* Adds a sentence to what the user is told at the start. */
static void add_note(struct tracefs *tracefs, const char *text)
{
	size_t length = strlen(tracefs->note);

	snprintf(tracefs->note + length, sizeof(tracefs->note) - length, "%s%s",
		 length ? "; " : "", text);
}

static int open_cpus(struct tracefs *tracefs, const unsigned int *numbers,
		     size_t count, struct error *err)
{
	int ret = merge_init(&tracefs->merge, count + 1);

	tracefs->cpus = calloc(count, sizeof(*tracefs->cpus));
	if (ret || !tracefs->cpus)
		return error_set(err, ENOMEM, "no memory for %zu CPUs", count);
	while (tracefs->cpu_count < count) {
		struct trace_cpu *cpu = &tracefs->cpus[tracefs->cpu_count];

		ret = trace_cpu_open(cpu, &tracefs->instance,
				     numbers[tracefs->cpu_count],
				     &tracefs->page_layout, err);
		if (ret)
			return ret;
		tracefs->cpu_count++;
		ret = drain_wake_add(&tracefs->wake, cpu->fd);
		if (ret)
			return error_set(err, -ret, "cannot wait for CPU %u: %s",
					 cpu->cpu, strerror(-ret));
	}
	return 0;
}

/* Counts in the kernel where that is wanted and possible. */
static int open_hist(struct tracefs *tracefs,
		     const struct backend_options *options, struct error *err)
{
	struct trace_events *events = &tracefs->trace_events;
	const struct trace_layout *layout =
		&events->format.layouts[TRACE_EVENT_SAMPLE];
	struct error failed = { 0 };

	if (options->samples.aggregate == BACKEND_AGGREGATE_NEVER ||
	    !(options->events & EVENT_BIT(EVENT_BUCKET)))
		return 0;
	if (!layout->present)
		error_set(&failed, EOPNOTSUPP, "this kernel has no tcp:tcp_probe");
	else if (!trace_hist_open(&tracefs->hist, &tracefs->instance, layout,
				  &options->samples, options->filter, &failed))
		events->off |= 1u << TRACE_EVENT_SAMPLE;
	if (failed.code && options->samples.aggregate == BACKEND_AGGREGATE_MUST)
		return error_set(err, failed.code, "the kernel cannot count "
				 "round trips: %s", failed.text);
	add_note(tracefs, failed.code ? "round trips are counted from samples" :
					"round trips are counted by the kernel");
	return 0;
}

/* 0, or -errno and *err. */
static int record_stacks(struct tracefs *tracefs, struct error *err)
{
	char text[2048];
	int ret = trace_instance_read(&tracefs->instance,
				      "events/ftrace/kernel_stack/format", text,
				      sizeof(text));

	if (ret >= 0)
		ret = trace_stack_format_parse(&tracefs->stack_format, text,
					       tracefs->page_layout.commit_bytes,
					       err);
	if (ret >= 0)
		ret = trace_instance_write(&tracefs->instance,
					   "options/stacktrace", "1");
	return ret < 0 ? error_set(err, -ret, "%s", strerror(-ret)) : 0;
}

/* The watch goes on without them, and says so. */
static void open_stacks(struct tracefs *tracefs)
{
	struct error failed = { 0 }, nameless = { 0 };
	char text[256];

	tracefs->stack_format.big_endian =
		__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	if (!record_stacks(tracefs, &failed)) {
		tracefs->stacks = kernel_stacks_new(KERNEL_SYMBOLS_PATH,
						    &nameless);
		if (!tracefs->stacks)
			error_set(&failed, ENOMEM, "%s", strerror(ENOMEM));
	}
	if (failed.code)
		snprintf(text, sizeof(text), "no kernel stacks: %.200s",
			 failed.text);
	else if (nameless.code)
		snprintf(text, sizeof(text), "kernel stacks without names: %.200s",
			 nameless.text);
	else
		return;
	add_note(tracefs, text);
}

static int set_up(struct tracefs *tracefs, const char *tracing_dir,
		  const struct backend_options *options, struct error *err)
{
	unsigned int *numbers;
	size_t cpu_count;
	bool wakes;
	int ret;

	numbers = malloc(TRACE_BUFFERS_CPUS_MAX * sizeof(*numbers));
	if (!numbers)
		return error_set(err, ENOMEM, "no memory to list CPUs");
	cpu_count = trace_buffers_list_cpus(&tracefs->instance, numbers,
					    TRACE_BUFFERS_CPUS_MAX);
	ret = cpu_count ? 0 : error_set(err, EIO, "instance %s lists no CPU",
					tracefs->instance.name);
	tracefs->buffer_bytes = options->buffer_bytes;
	if (!tracefs->buffer_bytes && cpu_count &&
	    options->events & (EVENT_BIT(EVENT_SAMPLE) | EVENT_BIT(EVENT_FRAME)))
		tracefs->buffer_bytes = trace_buffers_for_floods(cpu_count);
	if (!ret)
		ret = trace_buffers_set_up(&tracefs->instance, cpu_count,
					   &tracefs->buffer_bytes, &wakes,
					   &tracefs->page_layout, err);
	if (!ret)
		ret = trace_events_open(&tracefs->trace_events,
					&tracefs->instance, tracing_dir,
					options->events, err);
	if (!ret)
		ret = open_hist(tracefs, options, err);
	if (!ret)
		ret = drain_wake_open(&tracefs->wake, options->latency_ns, wakes,
				      options->events & EVENT_BIT(EVENT_TICK),
				      err);
	if (!ret)
		ret = open_cpus(tracefs, numbers, cpu_count, err);
	if (!ret && options->events & EVENT_BIT(EVENT_FRAME))
		open_stacks(tracefs);
	/* From here on times go forward. */
	tracefs->merge.newest_ns = clock_monotonic_ns();
	if (!ret)
		ret = trace_events_enable(&tracefs->trace_events,
					  &tracefs->instance, options->filter,
					  err);
	free(numbers);
	if (ret)
		return ret;
	tracefs->since_ns = clock_monotonic_ns();
	tracefs->events = trace_format_kinds(&tracefs->trace_events.format) |
			  EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_LOST) |
			  (tracefs->stacks ? EVENT_BIT(EVENT_FRAME) : 0);
	if (trace_hist_is_used(&tracefs->hist))
		tracefs->events ^= EVENT_BIT(EVENT_SAMPLE) |
				   EVENT_BIT(EVENT_BUCKET);
	if (tracefs->trace_events.note[0])
		add_note(tracefs, tracefs->trace_events.note);
	return 0;
}

static void tracefs_close(struct backend *backend)
{
	struct tracefs *tracefs = (struct tracefs *)backend;

	if (!tracefs)
		return;
	process_walk_free(tracefs->walk);
	diag_events_close(&tracefs->diag);
	/* An instance with an open buffer file cannot be removed. */
	for (size_t i = 0; i < tracefs->cpu_count; i++)
		trace_cpu_close(&tracefs->cpus[i]);
	drain_wake_close(&tracefs->wake);
	if (tracefs->asks_mss)
		socket_mss_close(&tracefs->mss);
	trace_hist_close(&tracefs->hist);
	trace_instance_close(&tracefs->instance);
	trace_events_close(&tracefs->trace_events);
	merge_done(&tracefs->merge);
	kernel_stacks_free(tracefs->stacks);
	free(tracefs->cpus);
	free(tracefs);
}

/* The last lane has one event at a time, and is given up when none will come. */
static size_t diag_lane(const struct tracefs *tracefs)
{
	return tracefs->cpu_count;
}

static void set_diag_lane(struct tracefs *tracefs)
{
	const struct event *event = diag_events_peek(&tracefs->diag);

	tracefs->merge.next_ns[diag_lane(tracefs)] =
		event ? event->time_ns : MERGE_EMPTY;
	if (diag_events_are_over(&tracefs->diag))
		tracefs->merge.lanes = tracefs->cpu_count;
}

/* Only now that the events are on. */
static void open_diag(struct tracefs *tracefs, unsigned int events)
{
	tracefs->events |= diag_events_open(&tracefs->diag, events,
					    !tracefs->foreign_pids, NULL);
	if (tracefs->diag.note)
		add_note(tracefs, tracefs->diag.note);
	tracefs->diag.note = NULL;
	/* A socket may go away when nothing else happens. */
	if (tracefs->diag.gone &&
	    drain_wake_add(&tracefs->wake, diag_gone_fd(tracefs->diag.gone)))
		add_note(tracefs, "no memory to wait for sock_diag");
	set_diag_lane(tracefs);
}

static struct backend *tracefs_open(const struct backend_options *options,
				    struct error *err)
{
	struct tracefs *tracefs = calloc(1, sizeof(*tracefs));
	const char *tracing_dir;
	bool mounted;

	if (!tracefs) {
		error_set(err, ENOMEM, "no memory for the tracefs backend");
		return NULL;
	}
	tracefs->base.ops = &tracefs_backend;
	tracefs->latency_ns = options->latency_ns;
	sample_gate_init(&tracefs->samples, options->samples.every);
	tracefs->asks_mss = options->samples.mss;
	if (tracefs->asks_mss)
		socket_mss_open(&tracefs->mss);
	tracefs->slack_ns = options->latency_ns / SLACK_SHARE;
	if (tracefs->slack_ns < SLACK_NS)
		tracefs->slack_ns = SLACK_NS;
	tracing_dir = trace_mount_get(&mounted, err);
	if (!tracing_dir ||
	    trace_instance_open(&tracefs->instance, tracing_dir, err) ||
	    set_up(tracefs, tracing_dir, options, err)) {
		tracefs_close(&tracefs->base);
		return NULL;
	}
	if (mounted)
		add_note(tracefs, "tracefs was not mounted: mounted it for this run only");
	tracefs->foreign_pids = !process_walk_is_possible();
	if (tracefs->foreign_pids)
		add_note(tracefs, "inside a PID namespace: process ids are those "
			 "of the host, older processes have no name");
	else if (options->events & EVENT_BIT(EVENT_TASK))
		tracefs->walk = process_walk_new();
	open_diag(tracefs, options->events);
	tracefs->walk_first_until_ns = tracefs->since_ns +
				       tracefs->latency_ns / 4;
	return &tracefs->base;
}

static int tracefs_probe(const struct backend_options *options,
			 struct error *err)
{
	(void)options;
	if (trace_mount_find(err) || (err && err->code))
		return err ? -err->code : 0;
	if (geteuid() != 0)
		return error_set(err, EACCES,
				 "tracefs is not mounted and mounting it needs root: run as root");
	return 0;
}

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
	set_diag_lane(tracefs);
}

static void deliver_diag(struct tracefs *tracefs, const struct event_sink *sink)
{
	struct event event = *diag_events_peek(&tracefs->diag);

	diag_events_drop(&tracefs->diag);
	set_diag_lane(tracefs);
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
		if (lane == diag_lane(tracefs)) {
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

static uint64_t read_overruns(const struct tracefs *tracefs, unsigned int cpu)
{
	static const char *const names[] = {
		"commit overrun: ", "dropped events: "
	};
	char file[64], text[1024];
	uint64_t count = 0;

	snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", cpu);
	if (trace_instance_read(&tracefs->instance, file, text,
				sizeof(text)) <= 0)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *found = strstr(text, names[i]);

		if (found)
			count += strtoull(found + strlen(names[i]), NULL, 10);
	}
	return count;
}

/* Events that found no room between reserve and commit are in no page; the
 * kernel only counts them. True when every CPU has been asked. */
static bool deliver_overruns(struct tracefs *tracefs, size_t budget,
			     const struct event_sink *sink)
{
	while (tracefs->overruns_asked < tracefs->cpu_count && budget) {
		const struct trace_cpu *cpu =
			&tracefs->cpus[tracefs->overruns_asked++];
		uint64_t count = read_overruns(tracefs, cpu->cpu);
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

static void tracefs_stop(struct backend *backend)
{
	struct tracefs *tracefs = (struct tracefs *)backend;

	trace_instance_write(&tracefs->instance, "tracing_on", "0");
	tracefs->stopped = true;
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
	.close = tracefs_close,
	.survey = trace_survey,
};

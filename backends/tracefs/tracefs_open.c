/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the tracefs backend, all or nothing, and closes it again, in the kernel
 * too. */
#include "tracefs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "phrase.h"
#include "registry.h"
#include "trace/kernel_symbols.h"
#include "trace_buffers.h"
#include "trace_mount.h"

enum {
	SLACK_NS = 1000 * 1000,         /* for writers that were interrupted, ... */
	SLACK_SHARE = 25                /* ... at least; of the latency: a virtual
	                                 * CPU may stand still for milliseconds */
};

/* Adds a sentence to what the user is told at the start. */
static void add_note(struct tracefs *tracefs, const char *text)
{
	phrase_add(tracefs->note, sizeof(tracefs->note), "; ", "%s", text);
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

/* In the kernel, or not: then the keeper does it. */
static void undo(struct tracefs *tracefs)
{
	if (tracefs->keeper) {
		trace_hist_release(&tracefs->hist);
		trace_instance_release(&tracefs->instance);
		return;
	}
	trace_hist_close(&tracefs->hist);
	trace_instance_close(&tracefs->instance);
	trace_events_close(&tracefs->trace_events);
}

void tracefs_close(struct backend *backend)
{
	struct tracefs *tracefs = (struct tracefs *)backend;

	if (!tracefs)
		return;
	process_walk_free(tracefs->walk);
	lookup_done(&tracefs->lookup);
	diag_events_close(&tracefs->diag);
	/* An instance with an open buffer file cannot be removed. */
	for (size_t i = 0; i < tracefs->cpu_count; i++)
		trace_cpu_close(&tracefs->cpus[i]);
	drain_wake_close(&tracefs->wake);
	if (tracefs->asks_mss)
		socket_mss_close(&tracefs->mss);
	undo(tracefs);
	merge_done(&tracefs->merge);
	kernel_stacks_free(tracefs->stacks);
	free(tracefs->cpus);
	free(tracefs);
}

void tracefs_set_diag_lane(struct tracefs *tracefs)
{
	const struct event *event = diag_events_peek(&tracefs->diag);

	tracefs->merge.next_ns[tracefs_diag_lane(tracefs)] =
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
	tracefs_set_diag_lane(tracefs);
}

struct backend *tracefs_open(const struct backend_options *options,
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

int tracefs_probe(const struct backend_options *options, struct error *err)
{
	(void)options;
	if (trace_mount_find(err) || (err && err->code))
		return err ? -err->code : 0;
	if (geteuid() != 0)
		return error_set(err, EACCES,
				 "tracefs is not mounted and mounting it needs root: run as root");
	return 0;
}

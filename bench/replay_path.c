/* SPDX-License-Identifier: BSD-2-Clause */
/* Drives pages through the modules as the backend and the watch do. */
#include "replay_path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "merge.h"
#include "output/output.h"
#include "tracker/tracker.h"

/* Of event time, between two drains of all CPUs. */
#define DRAIN_NS UINT64_C(10000000)
static const struct wall_clock wall = { 1700000000000000000, true };

enum { SOCKETS_MAX = 65536, TASKS_MAX = 65536 };

/* One CPU while its pages are read. */
struct reader {
	const struct replay_lane *lane;
	size_t next;                    /* page */
	struct trace_page page;
	struct trace_page_entry entry;
	uint8_t *buffer;                /* a page, as read() would fill it */
};

struct run {
	const struct replay_path *path;
	const struct replay_pages *pages;
	struct reader readers[REPLAY_PAGES_CPUS];
	struct merge merge;
	struct filter filter;
	struct tracker *tracker;
	struct output *output;
	struct view *view;
	uint64_t records, states, observed, rows;
};

static void take_observation(void *context, const struct observation *observation)
{
	struct run *run = context;

	run->observed++;
	if (run->path->stage < REPLAY_SHOW ||
	    !filter_observation(&run->filter, observation))
		return;
	run->rows += run->path->view->take(run->view, observation, wall);
}

static void take_event(struct run *run, const struct event *event)
{
	if (run->path->stage >= REPLAY_TRACK)
		tracker_take(run->tracker, event,
			     filter_event(&run->filter, event));
}

static bool advance(struct run *run, struct reader *reader)
{
	const struct trace_page_layout *layout = &run->pages->layout;

	while (!reader->page.bytes ||
	       trace_page_next(&reader->page, &reader->entry) != TRACE_PAGE_ENTRY) {
		if (reader->next == reader->lane->count)
			return false;
		memcpy(reader->buffer,
		       reader->lane->bytes + reader->next++ * layout->page_bytes,
		       layout->page_bytes);
		if (trace_page_load(&reader->page, layout, reader->buffer,
				    layout->page_bytes))
			return false;
	}
	return true;
}

static void take_entry(struct run *run, unsigned int cpu)
{
	const struct trace_page_entry *entry = &run->readers[cpu].entry;
	struct event event;

	run->records++;
	if (run->path->stage < REPLAY_DECODE ||
	    !trace_record_decode(&run->pages->format, entry->data, entry->length,
				 entry->time_ns, cpu, &event))
		return;
	run->states += event.kind == EVENT_STATE;
	if (run->path->stage < REPLAY_MERGE)
		return;
	event.late = merge_deliver(&run->merge, entry->time_ns);
	take_event(run, &event);
}

/* One CPU after the other, for the stages before the merge. */
static void read_in_turn(struct run *run)
{
	for (unsigned int cpu = 0; cpu < REPLAY_PAGES_CPUS; cpu++)
		while (advance(run, &run->readers[cpu]))
			take_entry(run, cpu);
}

static void advance_lane(struct run *run, size_t lane)
{
	struct reader *reader = &run->readers[lane];

	run->merge.next_ns[lane] = advance(run, reader) ? reader->entry.time_ns :
							  MERGE_EMPTY;
}

/* Until all CPUs are empty or beyond the horizon. */
static void drain(struct run *run, uint64_t horizon_ns)
{
	uint64_t until_ns;
	size_t lane;

	while ((lane = merge_pick(&run->merge, horizon_ns, &until_ns)) !=
	       MERGE_NO_LANE) {
		do {
			take_entry(run, (unsigned int)lane);
			advance_lane(run, lane);
		} while (run->merge.next_ns[lane] <= until_ns);
	}
}

static bool is_empty(const struct run *run)
{
	for (size_t lane = 0; lane < REPLAY_PAGES_CPUS; lane++)
		if (run->merge.next_ns[lane] != MERGE_EMPTY)
			return false;
	return true;
}

static int read_merged(struct run *run, struct error *err)
{
	struct event tick = {
		.kind = EVENT_TICK, .time_ns = run->pages->start_ns
	};

	for (size_t lane = 0; lane < REPLAY_PAGES_CPUS; lane++)
		advance_lane(run, lane);
	while (!is_empty(run)) {
		tick.time_ns += DRAIN_NS;
		drain(run, tick.time_ns);
		take_event(run, &tick);
		if (run->output && output_flush(run->output, err))
			return -EIO;
	}
	if (run->tracker)
		tracker_finish(run->tracker);
	return run->output ? output_flush(run->output, err) : 0;
}

static int open_view(struct run *run, struct error *err)
{
	const struct view_ops *view = run->path->view;
	const struct view_options view_options = { .max_sockets = SOCKETS_MAX };
	struct output_options options = {
		.format = run->path->format,
		.path = "/dev/null",
		.header = true,
	};

	view->default_columns(&view_options, !strcmp(run->path->format, "csv"),
			      &options.columns);
	run->output = output_new(&options, err);
	if (!run->output)
		return -EINVAL;
	run->view = view->new(&view_options, run->output, err);
	return run->view ? 0 : -ENOMEM;
}

static int open_run(struct run *run, struct error *err)
{
	const struct tracker_options options = {
		.max_sockets = SOCKETS_MAX,
		.max_tasks = TASKS_MAX,
		.since_ns = run->pages->start_ns,
		.events = EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
			  EVENT_BIT(EVENT_TASK),
		.reason_wait_ns = 50 * 1000 * 1000,
		.sink = { take_observation, run },
	};

	if (merge_init(&run->merge, REPLAY_PAGES_CPUS))
		return error_set(err, ENOMEM, "no memory to merge");
	for (unsigned int cpu = 0; cpu < REPLAY_PAGES_CPUS; cpu++) {
		run->readers[cpu].lane = &run->pages->lanes[cpu];
		run->readers[cpu].buffer = malloc(run->pages->layout.page_bytes);
		if (!run->readers[cpu].buffer)
			return error_set(err, ENOMEM, "no memory for a page");
	}
	if (run->path->stage < REPLAY_TRACK)
		return 0;
	run->tracker = tracker_new(&options, err);
	if (!run->tracker)
		return -ENOMEM;
	return run->path->stage < REPLAY_SHOW ? 0 : open_view(run, err);
}

static void close_run(struct run *run)
{
	tracker_free(run->tracker);
	if (run->path->view)
		run->path->view->free(run->view);
	output_free(run->output);
	merge_done(&run->merge);
	for (unsigned int cpu = 0; cpu < REPLAY_PAGES_CPUS; cpu++)
		free(run->readers[cpu].buffer);
}

/* A bench of a path that loses events would be a fast one. */
static int check(const struct run *run, struct error *err)
{
	enum replay_stage stage = run->path->stage;
	uint64_t states = run->pages->states;

	if (run->records == run->pages->records &&
	    (stage < REPLAY_DECODE || run->states == states) &&
	    (stage < REPLAY_TRACK || run->observed == states) &&
	    (stage < REPLAY_SHOW || run->rows == states))
		return 0;
	return error_set(err, EPROTO,
			 "of %" PRIu64 " records with %" PRIu64 " states there came "
			 "out %" PRIu64 " records, %" PRIu64 " states, %" PRIu64
			 " observations, %" PRIu64 " rows",
			 run->pages->records, states, run->records, run->states,
			 run->observed, run->rows);
}

int replay_path_run(const struct replay_path *path,
		    const struct replay_pages *pages, struct error *err)
{
	struct run run = { .path = path, .pages = pages };
	int ret = open_run(&run, err);

	if (!ret && path->stage < REPLAY_MERGE)
		read_in_turn(&run);
	else if (!ret)
		ret = read_merged(&run, err);
	if (!ret)
		ret = check(&run, err);
	close_run(&run);
	return ret;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens a recording and finds out what it is good for. */
#include "replay.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dat_pieces.h"
#include "phrase.h"

enum {
	LOOK_PAGES = 4096               /* before it is said to have no event */
};

/* What every view needs, whatever it asks for. */
#define EVENTS_ALWAYS \
	(EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_LOST))

__attribute__((format(printf, 2, 3)))
static void add_note(struct replay *replay, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	phrase_add_all(replay->note, sizeof(replay->note), "; ", format, arguments);
	va_end(arguments);
}

static int refuse_empty(struct error *err)
{
	return error_set(err, EINVAL, "it holds no event that tcpwatch knows; "
			 "record with 'tcpwatch record', or with 'trace-cmd record "
			 "-e sock:inet_sock_set_state -e tcp'");
}

/* Is there a record of ours among the first pages of the lane? *pages: how many
 * may still be looked at. */
static bool lane_has_ours(struct dat_lane *lane, const struct dat *dat,
			  size_t *pages)
{
	uint64_t before = 0;
	struct event event;

	while (*pages && dat_lane_next(lane) == DAT_LANE_ENTRY) {
		if (trace_record_decode(&dat->format, lane->entry.data,
					lane->entry.length, lane->entry.time_ns,
					lane->cpu, &event))
			return true;
		*pages -= (uint64_t)lane->block_at != before;
		before = lane->block_at;
	}
	return !*pages;                 /* who knows what is still to come */
}

/* Formats may be described without a single record. */
static bool has_ours(const struct dat *dat)
{
	size_t memory = dat_lane_memory(dat);
	size_t pages = LOOK_PAGES;
	bool found = false;

	for (size_t i = 0; i < dat->buffer_count && !found; i++) {
		const struct dat_buffer *buffer = &dat->buffers[i];

		for (size_t j = 0; j < buffer->cpu_count && !found; j++) {
			struct dat_lane lane;

			if (dat_lane_bytes(dat, buffer, &buffer->cpus[j]) &&
			    !dat_lane_open(&lane, dat, i, &buffer->cpus[j],
					   &memory)) {
				found = lane_has_ours(&lane, dat, &pages);
				dat_lane_close(&lane);
			}
		}
	}
	return found;
}

static bool has_probes(const struct dat *dat)
{
	return dat->format.layouts[TRACE_EVENT_PROBE_SET_STATE].present;
}

/* What the user asked for and the file cannot give. */
static void note_missing(struct replay *replay)
{
	const struct trace_layout *layouts = replay->dat.format.layouts;
	char list[256] = "";

	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
		const struct trace_event_info *info = &trace_events[i];

		if (!info->system || layouts[i].present ||
		    !(replay->wanted & EVENT_BIT(info->kind)) ||
		    (info->kind == EVENT_CONG && has_probes(&replay->dat)))
			continue;
		phrase_add(list, sizeof(list), ", ", "%s", info->name);
	}
	if (list[0])
		add_note(replay, "the recording lacks %s", list);
	if (replay->wanted & ~replay->events & EVENT_BIT(EVENT_GONE))
		add_note(replay, "it does not tell bytes and round trips of "
			 "sockets");
	if (replay->dat.bad_format[0])
		add_note(replay, "%s", replay->dat.bad_format);
}

static void note_file(struct replay *replay)
{
	if (replay->dat.unfinished)
		add_note(replay, "the recording was cut short: read from its "
			 "pieces; 'report --recover' makes it whole");
	else if (replay->lanes.cut)
		add_note(replay, "the file is cut short: its last events are "
			 "missing");
	if (replay->lanes.left_out)
		add_note(replay, "instances with another clock than '%s' are left "
			 "out", replay->lanes.clock);
	if (replay->ends.incomplete && replay->wanted & EVENT_BIT(EVENT_GONE))
		add_note(replay, "bytes and round trips of some sockets are "
			 "missing");
	if (!replay->names.has_start)
		add_note(replay, "process ids are those of threads");
}

/* Times of this clock are no time at all (Documentation/trace/ftrace.rst). */
static bool counts_something_else(const char *clock)
{
	return !strcmp(clock, "counter") || !strcmp(clock, "x86-tsc") ||
	       !strcmp(clock, "ppc-tb");
}

static void settle_clock(struct replay *replay)
{
	const char *clock = replay->lanes.clock;

	if (!clock || !clock[0])
		clock = "local";
	if (!strcmp(clock, "mono"))
		snprintf(replay->clock, sizeof(replay->clock), "monotonic");
	else if (!strcmp(clock, "boot"))
		snprintf(replay->clock, sizeof(replay->clock), "boot");
	else
		snprintf(replay->clock, sizeof(replay->clock), "trace:%s", clock);
	if (replay->dat.tsc_mult)
		return;
	if (counts_something_else(clock))
		add_note(replay, "its clock '%s' does not count nanoseconds: "
			 "durations mean nothing", clock);
	else if (!strcmp(clock, "local"))
		add_note(replay, "its clock 'local' differs between CPUs: the "
			 "order of events may be wrong");
}

/* Sockets that were there are a lane of their own, the last one. */
void replay_next_seen(struct replay *replay)
{
	struct merge *merge = &replay->lanes.merge;
	bool any = replay->wanted & EVENT_BIT(EVENT_SEEN) &&
		   replay->names.has_start &&
		   recording_start_next_seen(&replay->names.start, &replay->seen);

	merge->next_ns[merge->lanes - 1] = MERGE_EMPTY;
	if (any && replay->seen.time_ns < MERGE_EMPTY)
		merge->next_ns[merge->lanes - 1] = replay->seen.time_ns;
}

/* They are few beside the events, but only one view wants them. */
static int open_ends(struct replay *replay, struct error *err)
{
	const struct dat *dat = &replay->dat;

	if (!dat->ends || !(replay->wanted & EVENT_BIT(EVENT_GONE)))
		return 0;
	if (recording_ends_open(&replay->ends, dat->ends, dat->ends_length,
				dat->big_endian))
		return error_set(err, ENOMEM, "no memory for the ends of sockets");
	if (replay->ends.list)
		replay->events |= EVENT_BIT(EVENT_GONE);
	return 0;
}

static int settle(struct replay *replay, struct error *err)
{
	unsigned int kinds = trace_format_kinds(&replay->dat.format);

	replay->events = (kinds & replay->wanted) | EVENT_BIT(EVENT_TASK) |
			 EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_LOST);
	replay_names_open(&replay->names, &replay->dat);
	/* One of ours may be of a quiet moment. */
	if (!kinds || !(replay->names.has_start || has_ours(&replay->dat)))
		return refuse_empty(err);
	replay->since_ns = replay->lanes.first_ns;
	if (replay->names.has_start && replay->names.start.since_ns)
		replay->since_ns = replay->names.start.since_ns;
	/* While events were switched on, some were on already. */
	replay->tick_ns = replay->since_ns;
	if (replay->lanes.first_ns && replay->lanes.first_ns < replay->tick_ns)
		replay->tick_ns = replay->lanes.first_ns;
	replay->lanes.merge.newest_ns = replay->tick_ns;
	if (open_ends(replay, err))
		return -ENOMEM;
	settle_clock(replay);
	note_file(replay);
	note_missing(replay);
	replay_next_seen(replay);
	if (replay->seen.kind == EVENT_SEEN)
		replay->events |= EVENT_BIT(EVENT_SEEN) & replay->wanted;
	if (replay->lanes.buffers > 1)
		replay->twins = twins_new();
	if (replay->lanes.buffers > 1 && !replay->twins)
		return error_set(err, ENOMEM, "no memory for several instances");
	return 0;
}

int replay_open_file(struct replay *replay, const struct backend_options *options,
		     struct error *err)
{
	int ret = dat_pieces_open_file(&replay->dat, options->path, options->held,
				       err);

	replay->wanted = options->events | EVENTS_ALWAYS;
	sample_gate_init(&replay->samples, options->samples.every);
	if (!ret) {
		ret = replay_lanes_open(&replay->lanes, &replay->dat, err);
		if (!ret)
			ret = settle(replay, err);
		if (ret)
			error_prefix(err, options->path);
	}
	if (!ret)
		return 0;
	replay_close_file(replay);
	/* EINVAL: the fault is the file's. */
	if (err && err->code == EBADMSG)
		err->code = EINVAL;
	return err ? -err->code : ret;
}

void replay_close_file(struct replay *replay)
{
	twins_free(replay->twins);
	replay->twins = NULL;
	recording_ends_close(&replay->ends);
	replay_lanes_close(&replay->lanes);
	dat_close(&replay->dat);
}

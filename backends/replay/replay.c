/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The replay backend: the events of a recording (trace.dat), as the live run
 * would have given them. Names first, then all CPUs merged by time; whenever
 * event time has gone on for a while, a TICK says so.
 */
#include "replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "registry.h"

enum {
	TICK_NS = 10 * 1000 * 1000,     /* of event time between two ticks */
	RECORDS_A_READ = 16384          /* also those that are no events of ours */
};

static int replay_probe(const struct backend_options *options,
			struct error *err)
{
	struct dat_file file;
	bool ours;
	int ret;

	if (!options->path)
		return error_set(err, EINVAL, "needs a recording: use -r FILE");
	ret = dat_file_open(&file, options->path, options->held, err);
	if (ret)
		return ret;
	ours = dat_is(&file);
	dat_file_close(&file);
	ours = ours || dump_is(options);
	return ours ? 0 : error_set(err, EINVAL, "%s: not a recording "
				    "(trace.dat, or a text dump of TCP events); a script of events needs "
				    "--backend=scripted", options->path);
}

static void replay_close(struct backend *backend)
{
	struct replay *replay = (struct replay *)backend;

	if (!replay)
		return;
	replay_close_file(replay);
	free(replay);
}

static struct backend *replay_open(const struct backend_options *options,
				   struct error *err)
{
	struct replay *replay;

	if (replay_probe(options, err))
		return NULL;
	if (dump_is(options))
		return dump_open(options, err);
	replay = calloc(1, sizeof(*replay));
	if (!replay) {
		error_set(err, ENOMEM, "no memory for a recording");
		return NULL;
	}
	replay->base.ops = &replay_backend;
	if (!replay_open_file(replay, options, err))
		return &replay->base;
	free(replay);
	return NULL;
}

static void replay_facts(const struct backend *backend,
			 struct backend_facts *facts)
{
	const struct replay *replay = (const struct replay *)backend;
	const struct recording_start *start = &replay->names.start;
	bool told = replay->names.has_start && start->wall_known;

	*facts = (struct backend_facts){
		.clock = replay->clock,
		.wall_offset_ns = told ? start->wall_ns : replay->dat.date_ns,
		.wall_offset_known = told || replay->dat.date_known,
		.since_ns = replay->since_ns,
		.events = replay->events,
		.note = replay->note[0] ? replay->note : NULL,
	};
}

/* Spends of the budget; true when all names are given. */
static bool give_names(struct replay *replay, size_t *budget,
		       const struct event_sink *sink)
{
	struct event event;

	while (*budget && !replay->named) {
		if (!replay_names_next(&replay->names, replay->tick_ns, &event)) {
			replay->named = true;
			break;
		}
		sink->take(sink->context, &event);
		--*budget;
	}
	return replay->named;
}

static void tick(struct replay *replay, uint64_t time_ns,
		 const struct event_sink *sink)
{
	const struct event event = { .kind = EVENT_TICK, .time_ns = time_ns };

	replay->tick_ns = time_ns;
	merge_deliver(&replay->lanes.merge, time_ns);
	sink->take(sink->context, &event);
}

static void give_lost(struct replay *replay, const struct dat_lane *lane,
		      uint64_t time_ns, const struct event_sink *sink)
{
	struct event event = {
		.time_ns = time_ns,
		.kind = EVENT_LOST,
		.cpu = (uint16_t)lane->cpu,
		.has = lane->lost_known ? EVENT_HAS_COUNT : 0,
		.lost.count = lane->lost_known ? lane->lost_count : 0,
	};

	event.late = merge_deliver(&replay->lanes.merge, time_ns);
	sink->take(sink->context, &event);
}

/* True when the event, decoded from the lane's record, was given away. */
static bool give_event(struct replay *replay, const struct dat_lane *lane,
		       struct event *event, const struct event_sink *sink)
{
	if (!(replay->wanted & EVENT_BIT(event->kind)))
		return false;
	event->late = merge_deliver(&replay->lanes.merge, event->time_ns);
	if (replay->twins && twins_take(replay->twins, lane->buffer, event))
		return false;
	sink->take(sink->context, event);
	if (event->kind == EVENT_DESTROY && event->has & EVENT_HAS_COOKIE &&
	    recording_ends_find(&replay->ends, event->destroy.cookie,
				&replay->gone)) {
		replay->gone_waits = true;
		replay->gone.time_ns = event->time_ns;
		replay->gone.late = event->late;
	}
	return true;
}

/* The recorder reads them in its own time: so they follow their event, whatever
 * that time was. */
static void give_gone(struct replay *replay, size_t *budget,
		      const struct event_sink *sink)
{
	if (!replay->gone_waits || !*budget)
		return;
	replay->gone_waits = false;
	sink->take(sink->context, &replay->gone);
	--*budget;
}

static bool give_seen(struct replay *replay, const struct event_sink *sink)
{
	struct event event = replay->seen;

	replay_next_seen(replay);
	event.late = merge_deliver(&replay->lanes.merge, event.time_ns);
	sink->take(sink->context, &event);
	return true;
}

/* As the live run chooses them. */
static bool decode(struct replay *replay, const struct dat_lane *lane,
		   struct event *event)
{
	const struct trace_format *format = &replay->dat.format;
	const struct trace_page_entry *entry = &lane->entry;
	bool sample = format->layouts[TRACE_EVENT_SAMPLE].present &&
		      trace_record_is_sample(format, entry->data, entry->length);

	if (sample && !sample_gate_takes(&replay->samples, entry->time_ns))
		return false;
	if (!trace_record_decode(format, entry->data, entry->length,
				 entry->time_ns, lane->cpu, event))
		return false;
	if (sample)
		event->sample.every = replay->samples.every;
	return true;
}

/* The loss before the next record, else the record. True when that was an
 * event. */
static bool give_next(struct replay *replay, size_t number,
		      const struct event_sink *sink, struct error *err)
{
	struct dat_lane *lane = &replay->lanes.lanes[number];
	struct event event;
	bool given;

	if (number == replay->lanes.merge.lanes - 1)
		return give_seen(replay, sink);
	if (lane->lost) {
		lane->lost = false;
		give_lost(replay, lane, lane->entry.time_ns, sink);
		return true;
	}
	if (replay->twins)              /* which compares all of it */
		memset(&event, 0, sizeof(event));
	given = decode(replay, lane, &event) &&
		give_event(replay, lane, &event, sink);
	replay_lanes_advance(&replay->lanes, number, err);
	return given;
}

/* 0 when all is given, or as much as may be: then *budget or *records is 0. */
static int give_events(struct replay *replay, size_t *budget, size_t *records,
		       const struct event_sink *sink, struct error *err)
{
	struct merge *merge = &replay->lanes.merge;
	uint64_t until_ns;
	size_t lane;

	give_gone(replay, budget, sink);
	while (*budget && *records &&
	       (lane = merge_pick(merge, MERGE_EMPTY, &until_ns)) != MERGE_NO_LANE) {
		do {
			uint64_t time_ns = merge->next_ns[lane];

			if (time_ns > replay->tick_ns &&
			    time_ns - replay->tick_ns >= TICK_NS)
				tick(replay, time_ns, sink);
			*budget -= give_next(replay, lane, sink, err);
			--*records;
			give_gone(replay, budget, sink);
			if (err->code)
				return -err->code;
		} while (*budget && *records && merge->next_ns[lane] <= until_ns);
	}
	return 0;
}

/* What the kernel dropped, or a CPU lost, behind the last record. True when
 * there is no more. */
static bool give_last_losses(struct replay *replay, size_t *budget,
			     const struct event_sink *sink)
{
	uint64_t newest_ns = replay->lanes.merge.newest_ns;

	for (; *budget && replay->ends_given < replay->lanes.count;
	     replay->ends_given++) {
		const struct dat_lane *lane =
			&replay->lanes.lanes[replay->ends_given];

		if (!lane->lost)
			continue;
		give_lost(replay, lane, newest_ns, sink);
		--*budget;
	}
	for (; *budget && replay->drops_given < replay->dat.drop_count;
	     replay->drops_given++) {
		const struct dat_drop *drop = &replay->dat.drops[replay->drops_given];
		const struct dat_lane lane = {
			.cpu = drop->cpu,
			.lost_known = true,
			.lost_count = drop->count,
		};

		if (!drop->count)
			continue;
		give_lost(replay, &lane, newest_ns, sink);
		--*budget;
	}
	return *budget > 0;
}

static enum backend_answer replay_read(struct backend *backend, size_t budget,
				       const struct event_sink *sink,
				       struct error *err)
{
	struct replay *replay = (struct replay *)backend;
	size_t records = RECORDS_A_READ;

	if (replay->ended)
		return BACKEND_END;
	if (!give_names(replay, &budget, sink))
		return BACKEND_MORE;
	if (give_events(replay, &budget, &records, sink, err))
		return BACKEND_FAILED;
	if (!budget || !records || !give_last_losses(replay, &budget, sink))
		return BACKEND_MORE;
	tick(replay, replay->lanes.merge.newest_ns, sink);
	replay->ended = true;
	return BACKEND_END;
}

static void replay_stop(struct backend *backend)
{
	((struct replay *)backend)->ended = true;
}

const struct backend_ops replay_backend = {
	.name = "replay",
	.summary = "a recording: trace.dat of tcpwatch or trace-cmd",
	.promises = BACKEND_EXACT | BACKEND_OWNER | BACKEND_FILE | BACKEND_AUTO,
	.probe = replay_probe,
	.open = replay_open,
	.facts = replay_facts,
	.read = replay_read,
	.stop = replay_stop,
	.close = replay_close,
};

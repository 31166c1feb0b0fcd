/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a recording to its end and tells what was in it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dat_pieces.h"
#include "recording_ends.h"
#include "replay_lanes.h"
#include "replay_names.h"
#include "tcpwatch/recording.h"

struct tally {
	uint64_t records;               /* of any event */
	uint64_t events[TRACE_EVENT_COUNT];
	uint64_t lost;
	bool lost_unknown;
	uint64_t first_ns, last_ns;
};

__attribute__((format(printf, 3, 4)))
static void tell(const struct recording_fact_sink *sink, const char *what,
		 const char *format, ...)
{
	va_list arguments;
	char value[512];

	va_start(arguments, format);
	vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	sink->take(sink->context, what, value);
}

static void count_record(struct tally *tally, const struct dat *dat,
			 const struct dat_lane *lane)
{
	uint16_t type;

	tally->records++;
	if (!tally->first_ns || lane->entry.time_ns < tally->first_ns)
		tally->first_ns = lane->entry.time_ns;
	if (lane->entry.time_ns > tally->last_ns)
		tally->last_ns = lane->entry.time_ns;
	if (lane->entry.length < sizeof(type))
		return;
	memcpy(&type, lane->entry.data, sizeof(type));
	if (dat->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		type = __builtin_bswap16(type);
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		if (dat->format.layouts[i].present &&
		    dat->format.layouts[i].type == type)
			tally->events[i]++;
}

static void count_lane(struct tally *tally, const struct dat *dat,
		       struct dat_lane *lane)
{
	enum dat_lane_answer answer;

	do {
		answer = dat_lane_next(lane);
		if (lane->lost) {
			tally->lost += lane->lost_known ? lane->lost_count : 0;
			tally->lost_unknown |= !lane->lost_known;
			lane->lost = false;
		}
		if (answer == DAT_LANE_ENTRY)
			count_record(tally, dat, lane);
	} while (answer == DAT_LANE_ENTRY);
}

static void tell_buffer(const struct dat *dat, size_t number, struct tally *tally,
			const struct recording_fact_sink *sink)
{
	const struct dat_buffer *buffer = &dat->buffers[number];
	size_t memory = dat_lane_memory(dat), cpus = 0;
	uint64_t bytes = 0;
	bool cut = false;

	for (size_t i = 0; i < buffer->cpu_count; i++) {
		const struct dat_cpu *cpu = &buffer->cpus[i];
		uint64_t there = dat_lane_bytes(dat, buffer, cpu);
		struct dat_lane lane;

		cut |= there < cpu->size;
		if (!there || dat_lane_open(&lane, dat, number, cpu, &memory))
			continue;
		count_lane(tally, dat, &lane);
		dat_lane_close(&lane);
		bytes += there;
		cpus++;
	}
	if (cpus)
		tell(sink, "instance", "%s: %zu of %zu CPUs, %" PRIu64 " bytes in "
		     "pages of %u%s, clock %s%s", buffer->name[0] ? buffer->name :
		     "(top)", cpus, buffer->cpu_count, bytes, buffer->page_bytes,
		     buffer->compressed ? ", compressed" : "", buffer->clock,
		     cut ? "; cut short" : "");
}

static void tell_head(const struct dat *dat,
		      const struct recording_fact_sink *sink)
{
	tell(sink, "format", "trace.dat version %u, %s endian, kernel of %u bits%s%s",
	     dat->version, dat->big_endian ? "big" : "little",
	     dat->page_layout.commit_bytes * 8u,
	     dat->compression[0] ? ", " : "", dat->compression);
	if (dat->uname[0])
		tell(sink, "host", "%s", dat->uname);
	if (dat->writer[0])
		tell(sink, "writer", "%s", dat->writer);
	if (dat->unfinished)
		tell(sink, "state", "cut short: its events are still in pieces");
}

static void tell_names(const struct dat *dat,
		       const struct recording_fact_sink *sink)
{
	struct replay_names names;
	struct event event;
	size_t count = 0;

	replay_names_open(&names, dat);
	while (replay_names_next(&names, 0, &event))
		count++;
	tell(sink, "names", "%zu threads%s", count, names.has_start ?
	     " that ran at the start, with their processes" : "");
	if (names.has_start && names.start.wall_known)
		tell(sink, "wall", "%" PRId64 " ns after its clock",
		     names.start.wall_ns);
	else if (dat->date_known)
		tell(sink, "wall", "%" PRId64 " ns after its clock", dat->date_ns);
}

static void tell_ends(const struct dat *dat,
		      const struct recording_fact_sink *sink)
{
	struct recording_ends ends;

	if (!dat->ends || recording_ends_open(&ends, dat->ends, dat->ends_length,
					      dat->big_endian))
		return;
	tell(sink, "ends", "bytes and round trips of %zu sockets%s", ends.count,
	     ends.incomplete ? "; some are missing" : "");
	recording_ends_close(&ends);
}

static void tell_tally(const struct dat *dat, const struct tally *tally,
		       const struct recording_fact_sink *sink)
{
	uint64_t known = 0;

	if (tally->records)
		tell(sink, "time", "%" PRIu64 ".%09" PRIu64 " to %" PRIu64
		     ".%09" PRIu64 " s", tally->first_ns / 1000000000,
		     tally->first_ns % 1000000000, tally->last_ns / 1000000000,
		     tally->last_ns % 1000000000);
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
		const struct trace_event_info *info = &trace_events[i];

		known += tally->events[i];
		if (dat->format.layouts[i].present)
			tell(sink, "event", "%" PRIu64 " %s:%s", tally->events[i],
			     info->system ? info->system : "probe", info->name);
	}
	tell(sink, "other", "%" PRIu64 " events that tcpwatch does not know",
	     tally->records - known);
	tell(sink, "lost", "%s%" PRIu64 " events",
	     tally->lost_unknown ? "at least " : "", tally->lost);
}

int recording_describe(const char *path, const struct held_files *held,
		       const struct recording_fact_sink *sink, struct error *err)
{
	struct tally tally = { 0 };
	struct dat dat;
	int ret = dat_pieces_open_file(&dat, path, held, err);

	if (ret)
		return ret;
	tell_head(&dat, sink);
	for (size_t i = 0; i < dat.buffer_count; i++)
		tell_buffer(&dat, i, &tally, sink);
	tell_tally(&dat, &tally, sink);
	tell_names(&dat, sink);
	tell_ends(&dat, sink);
	dat_close(&dat);
	return 0;
}

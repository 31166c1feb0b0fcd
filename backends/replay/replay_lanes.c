/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens and advances lanes; see replay_lanes.h. */
#include "replay_lanes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Which CPUs have pages, and how many bytes they claim together. */
static size_t count_lanes(struct replay_lanes *lanes, const struct dat *dat,
			  uint64_t *bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < dat->buffer_count; i++) {
		const struct dat_buffer *buffer = &dat->buffers[i];
		size_t before = count;

		for (size_t j = 0; j < buffer->cpu_count; j++) {
			const struct dat_cpu *cpu = &buffer->cpus[j];
			uint64_t there = dat_lane_bytes(dat, buffer, cpu);

			lanes->cut |= cpu->size > there;
			*bytes += cpu->piece.fd < 0 ? there : 0;
			count += there > 0;
		}
		if (count == before)
			continue;
		if (!lanes->clock)
			lanes->clock = buffer->clock;
		if (!strcmp(lanes->clock, buffer->clock))
			lanes->buffers++;
		else
			lanes->left_out = true;
	}
	return count;
}

static int open_lane(struct replay_lanes *lanes, const struct dat *dat,
		     size_t buffer, const struct dat_cpu *cpu,
		     struct error *err)
{
	struct dat_lane *lane = &lanes->lanes[lanes->count];

	if (!dat_lane_bytes(dat, &dat->buffers[buffer], cpu))
		return 0;
	if (dat_lane_open(lane, dat, buffer, cpu, &lanes->memory))
		return dat_broken(err, "compressed pages");
	lanes->count++;
	return replay_lanes_advance(lanes, lanes->count - 1, err);
}

static int open_lanes(struct replay_lanes *lanes, const struct dat *dat,
		      struct error *err)
{
	for (size_t i = 0; i < dat->buffer_count; i++) {
		const struct dat_buffer *buffer = &dat->buffers[i];

		if (lanes->clock && strcmp(buffer->clock, lanes->clock))
			continue;
		for (size_t j = 0; j < buffer->cpu_count; j++) {
			int ret = open_lane(lanes, dat, i, &buffer->cpus[j], err);

			if (ret)
				return ret;
		}
	}
	return 0;
}

static void find_first(struct replay_lanes *lanes)
{
	uint64_t first_ns = MERGE_EMPTY;

	for (size_t i = 0; i < lanes->count; i++)
		if (lanes->merge.next_ns[i] < first_ns)
			first_ns = lanes->merge.next_ns[i];
	lanes->first_ns = first_ns == MERGE_EMPTY ? 0 : first_ns;
}

int replay_lanes_open(struct replay_lanes *lanes, const struct dat *dat,
		      struct error *err)
{
	uint64_t bytes = 0;
	size_t count;
	int ret;

	*lanes = (struct replay_lanes){ .memory = dat_lane_memory(dat) };
	count = count_lanes(lanes, dat, &bytes);
	/* Or a small file could ask for much memory and endless reading. */
	if (bytes > dat->file.size)
		return error_set(err, EBADMSG, "its table of CPUs: their pages "
				 "overlap");
	lanes->lanes = calloc(count ? count : 1, sizeof(*lanes->lanes));
	ret = merge_init(&lanes->merge, count + 1);
	if (ret || !lanes->lanes)
		ret = error_set(err, ENOMEM, "no memory for %zu CPUs", count);
	else
		ret = open_lanes(lanes, dat, err);
	if (ret)
		replay_lanes_close(lanes);
	else
		find_first(lanes);
	return ret;
}

void replay_lanes_close(struct replay_lanes *lanes)
{
	for (size_t i = 0; i < lanes->count; i++)
		dat_lane_close(&lanes->lanes[i]);
	free(lanes->lanes);
	merge_done(&lanes->merge);
	*lanes = (struct replay_lanes){ .lanes = NULL };
}

int replay_lanes_advance(struct replay_lanes *lanes, size_t lane,
			 struct error *err)
{
	switch (dat_lane_next(&lanes->lanes[lane])) {
	case DAT_LANE_ENTRY:
		lanes->merge.next_ns[lane] = lanes->lanes[lane].entry.time_ns;
		return 0;
	case DAT_LANE_END:
		lanes->merge.next_ns[lane] = MERGE_EMPTY;
		return 0;
	case DAT_LANE_FAILED:
		break;
	}
	return error_set(err, errno, "cannot read the pages of CPU %u: %s",
			 lanes->lanes[lane].cpu, strerror(errno));
}

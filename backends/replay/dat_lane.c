/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a CPU's pages block by block; see dat_lane.h. */
#include "dat_lane.h"

#include <errno.h>
#include <stdlib.h>

enum {
	BLOCK_BYTES = 256 * 1024,
	CHUNK_BYTES = 4 << 20,          /* trace-cmd packs ten pages together */
	RATIO_MAX = 2000
};

static const size_t memory_least = 256u << 20;

size_t dat_lane_memory(const struct dat *dat)
{
	return dat->file.size < SIZE_MAX / 2 - memory_least ?
	       (size_t)dat->file.size + memory_least : SIZE_MAX / 2;
}

static const struct dat_file *file_of(const struct dat *dat,
				      const struct dat_cpu *cpu)
{
	return cpu->piece.fd >= 0 ? &cpu->piece : &dat->file;
}

uint64_t dat_lane_bytes(const struct dat *dat, const struct dat_buffer *buffer,
			const struct dat_cpu *cpu)
{
	const struct dat_file *file = file_of(dat, cpu);
	uint64_t there;

	if (cpu->offset >= file->size)
		return 0;
	there = file->size - cpu->offset;
	/* The size does not count the number of chunks in front. */
	if (buffer->compressed && cpu->size < there)
		return cpu->size + sizeof(uint32_t) < there ?
		       cpu->size + sizeof(uint32_t) : there;
	if (cpu->size < there)
		there = cpu->size;
	return buffer->compressed ? there : there - there % buffer->page_bytes;
}

/* Room for so many bytes in the block. */
static int reserve(struct dat_lane *lane, size_t bytes)
{
	uint8_t *block;

	if (bytes <= lane->block_room)
		return 0;
	if (bytes - lane->block_room > *lane->memory)
		return -ENOMEM;
	block = realloc(lane->block, bytes);
	if (!block)
		return -ENOMEM;
	*lane->memory -= bytes - lane->block_room;
	lane->block = block;
	lane->block_room = bytes;
	return 0;
}

static int read_u32(struct dat_lane *lane, uint32_t *value)
{
	int ret;

	if (lane->end - lane->next < sizeof(*value))
		return -EBADMSG;
	ret = dat_file_read(lane->file, lane->next, value, sizeof(*value));
	if (ret)
		return ret;
	if (lane->layout.big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		*value = __builtin_bswap32(*value);
	lane->next += sizeof(*value);
	return 0;
}

int dat_lane_open(struct dat_lane *lane, const struct dat *dat, size_t buffer,
		  const struct dat_cpu *cpu, size_t *memory)
{
	const struct dat_buffer *in = &dat->buffers[buffer];
	uint64_t bytes = dat_lane_bytes(dat, in, cpu);

	*lane = (struct dat_lane){
		.dat = dat,
		.file = file_of(dat, cpu),
		.memory = memory,
		.layout = dat->page_layout,
		.cpu = cpu->cpu,
		.buffer = buffer,
		.next = cpu->offset,
		.end = cpu->offset + bytes,
		.compressed = in->compressed,
		.cut = bytes < cpu->size,
	};
	lane->layout.page_bytes = in->page_bytes;
	if (lane->compressed && bytes)
		return read_u32(lane, &lane->chunks_left);
	return 0;
}

void dat_lane_close(struct dat_lane *lane)
{
	if (lane->memory)
		*lane->memory += lane->block_room;
	free(lane->block);
	*lane = (struct dat_lane){ .block = NULL };
}

/* What follows on what could not be read is lost, nobody knows how much. */
static void lose(struct dat_lane *lane)
{
	lane->lost = true;
	lane->lost_known = false;
	lane->lost_count = 0;
}

static int unpack(struct dat_lane *lane, uint32_t packed_bytes, uint32_t bytes)
{
	const struct inflate *inflate = lane->dat->inflate;
	uint8_t *packed;
	int ret;

	if (!inflate || packed_bytes > lane->end - lane->next ||
	    bytes > CHUNK_BYTES || bytes / RATIO_MAX > packed_bytes ||
	    bytes % lane->layout.page_bytes)
		return -EBADMSG;
	ret = reserve(lane, bytes);
	if (ret)
		return ret;
	packed = malloc(packed_bytes ? packed_bytes : 1);
	if (!packed)
		return -ENOMEM;
	ret = dat_file_read(lane->file, lane->next, packed, packed_bytes);
	if (!ret)
		ret = inflate->inflate(lane->block, bytes, packed, packed_bytes);
	free(packed);
	lane->next += packed_bytes;
	lane->block_bytes = bytes;
	return ret;
}

static int fill_unpacked(struct dat_lane *lane)
{
	uint32_t packed_bytes, bytes;
	int ret;

	if (!lane->chunks_left || lane->next == lane->end)
		return 0;
	lane->chunks_left--;
	ret = read_u32(lane, &packed_bytes);
	if (!ret)
		ret = read_u32(lane, &bytes);
	return ret ? ret : unpack(lane, packed_bytes, bytes);
}

static int fill_plain(struct dat_lane *lane)
{
	size_t block = BLOCK_BYTES > lane->layout.page_bytes ?
		       BLOCK_BYTES : lane->layout.page_bytes;
	uint64_t left = lane->end - lane->next;
	size_t bytes = left < block ? (size_t)left : block;
	int ret = reserve(lane, bytes);

	if (!ret)
		ret = dat_file_read(lane->file, lane->next, lane->block, bytes);
	if (ret)
		return ret;
	lane->next += bytes;
	lane->block_bytes = bytes;
	return 0;
}

/* Puts the next pages into the block; with block_bytes 0 there are none. */
static int fill(struct dat_lane *lane)
{
	int ret;

	lane->block_at = lane->block_bytes = 0;
	ret = lane->compressed ? fill_unpacked(lane) : fill_plain(lane);
	if (ret != -EBADMSG)
		return ret;
	lose(lane);                     /* nor can what is behind be found */
	lane->next = lane->end;
	lane->block_bytes = 0;
	return 0;
}

/* Goes to the next page. 0 with page.bytes NULL: there is none. */
static int next_page(struct dat_lane *lane)
{
	int ret = 0;

	lane->page.bytes = NULL;
	if (lane->block_at == lane->block_bytes)
		ret = fill(lane);
	if (ret || lane->block_at == lane->block_bytes)
		return ret;
	if (trace_page_load(&lane->page, &lane->layout,
			    lane->block + lane->block_at,
			    lane->layout.page_bytes)) {
		lose(lane);
		lane->page.end = lane->page.position = 0;
		lane->page.lost = false;
		lane->page.bytes = lane->block;
	}
	lane->block_at += lane->layout.page_bytes;
	if (lane->page.lost) {
		lane->lost_known = lane->page.lost_known && !lane->lost;
		lane->lost_count = lane->page.lost_count;
		lane->lost = true;
	}
	return 0;
}

/* ticks * tsc_mult >> tsc_shift with all 96 bits of the product, since processors
 * of 32 bits have no wider number than uint64_t. */
static uint64_t nanoseconds(const struct dat *dat, uint64_t ticks)
{
	uint64_t low = (ticks & UINT32_MAX) * dat->tsc_mult;
	uint64_t high = (ticks >> 32) * dat->tsc_mult + (low >> 32);

	if (dat->tsc_shift >= 32)
		return high >> (dat->tsc_shift - 32);
	return (high << (32 - dat->tsc_shift)) +
	       ((low & UINT32_MAX) >> dat->tsc_shift);
}

/* The lane's end is marked with the greatest time. */
static uint64_t settled_time(const struct dat *dat, uint64_t time_ns)
{
	if (dat->tsc_mult)
		time_ns = nanoseconds(dat, time_ns) + (uint64_t)dat->tsc_offset;
	time_ns += (uint64_t)dat->offset_ns;
	return time_ns == UINT64_MAX ? time_ns - 1 : time_ns;
}

enum dat_lane_answer dat_lane_next(struct dat_lane *lane)
{
	for (;;) {
		int ret;

		if (lane->page.bytes) {
			switch (trace_page_next(&lane->page, &lane->entry)) {
			case TRACE_PAGE_ENTRY:
				lane->entry.time_ns =
					settled_time(lane->dat, lane->entry.time_ns);
				return DAT_LANE_ENTRY;
			case TRACE_PAGE_BROKEN:
				lose(lane);
				break;
			case TRACE_PAGE_END:
				break;
			}
		}
		ret = next_page(lane);
		if (ret) {
			errno = -ret;
			return DAT_LANE_FAILED;
		}
		if (!lane->page.bytes)
			return DAT_LANE_END;
	}
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a raw record, by the offsets and sizes that its format told. In
 * a header, since an event has a dozen of them: each is a load where it is used.
 */
#ifndef TRACE_RAW_H
#define TRACE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "trace_record.h"

/* One record being decoded. */
struct trace_raw {
	const struct trace_layout *layout;
	const uint8_t *data;
	bool foreign;                   /* in the other byte order */
};

static inline bool trace_raw_is_foreign(const struct trace_format *format)
{
	return format->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

/* Only recordings of other machines are: without saying so, the compiler swaps
 * every number and then chooses. */
static inline bool trace_raw_is_swapped(const struct trace_raw *raw)
{
	return __builtin_expect(raw->foreign, false);
}

static inline bool trace_raw_has(const struct trace_raw *raw,
				 enum trace_field_id id)
{
	return raw->layout->fields[id].size != 0;
}

static inline const uint8_t *trace_raw_bytes(const struct trace_raw *raw,
					     enum trace_field_id id)
{
	return raw->data + raw->layout->fields[id].offset;
}

/* Fields whose size trace_format.c leaves no choice are read by that size, where
 * the event must have them. Only the others need trace_raw_number(). */
static inline uint16_t trace_raw_u16(const struct trace_raw *raw,
				     enum trace_field_id id)
{
	uint16_t value;

	memcpy(&value, trace_raw_bytes(raw, id), sizeof(value));
	return trace_raw_is_swapped(raw) ? __builtin_bswap16(value) : value;
}

static inline uint32_t trace_raw_u32(const struct trace_raw *raw,
				     enum trace_field_id id)
{
	uint32_t value;

	memcpy(&value, trace_raw_bytes(raw, id), sizeof(value));
	return trace_raw_is_swapped(raw) ? __builtin_bswap32(value) : value;
}

static inline uint64_t trace_raw_u64(const struct trace_raw *raw,
				     enum trace_field_id id)
{
	uint64_t value;

	memcpy(&value, trace_raw_bytes(raw, id), sizeof(value));
	return trace_raw_is_swapped(raw) ? __builtin_bswap64(value) : value;
}

/* An unsigned field of 1, 2, 4 or 8 bytes; 0 when this kernel lacks it. */
static inline uint64_t trace_raw_number(const struct trace_raw *raw,
					enum trace_field_id id)
{
	switch (raw->layout->fields[id].size) {
	case 1:
		return *trace_raw_bytes(raw, id);
	case 2:
		return trace_raw_u16(raw, id);
	case 4:
		return trace_raw_u32(raw, id);
	case 8:
		return trace_raw_u64(raw, id);
	default:
		return 0;
	}
}

/* What fits a byte, in a field of any size: its lowest one. */
static inline uint8_t trace_raw_small(const struct trace_raw *raw,
				      enum trace_field_id id)
{
	bool big_endian = raw->foreign !=
			  (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	size_t last = raw->layout->fields[id].size - 1u;

	return trace_raw_bytes(raw, id)[big_endian ? last : 0];
}

/* A kernel address: that of a 32-bit kernel is shorter. */
static inline uint64_t trace_raw_pointer(const struct trace_raw *raw,
					 enum trace_field_id id)
{
	if (raw->layout->fields[id].size == sizeof(uint64_t))
		return trace_raw_u64(raw, id);
	return trace_raw_u32(raw, id);
}

#endif

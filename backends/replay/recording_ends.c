/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes and reads last figures of sockets; see recording_ends.h. */
#include "recording_ends.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

enum {
	KNOWN_BYTES = 1u << 0,          /* bytes and counts */
	KNOWN_RTT = 1u << 1             /* srtt_us, min_rtt_us */
};

/* A record as it stands in the file. */
struct recording_end {
	uint64_t cookie;                /* 0: from here on some are missing */
	uint64_t bytes_acked;
	uint64_t bytes_received;
	uint32_t known;
	uint32_t srtt_us;
	uint32_t min_rtt_us;
	uint32_t retrans;
	uint32_t segs_out;
	uint32_t segs_in;
	uint32_t unread;
	uint32_t unused;
};

_Static_assert(sizeof(struct recording_end) == RECORDING_ENDS_RECORD_BYTES,
	       "no padding");

void recording_ends_head(uint8_t bytes[RECORDING_ENDS_HEAD_BYTES])
{
	const uint32_t head[2] = { VERSION, RECORDING_ENDS_RECORD_BYTES };

	memcpy(bytes, head, sizeof(head));
}

void recording_ends_record(uint8_t bytes[RECORDING_ENDS_RECORD_BYTES],
			   const struct event *gone)
{
	struct recording_end end = { .cookie = 0 };

	if (gone)
		end = (struct recording_end){
			.cookie = gone->cookie,
			.bytes_acked = gone->gone.bytes_acked,
			.bytes_received = gone->gone.bytes_received,
			.known = (gone->has & EVENT_HAS_BYTES ? KNOWN_BYTES : 0) |
				 (gone->has & EVENT_HAS_RTT ? KNOWN_RTT : 0),
			.srtt_us = gone->gone.srtt_us,
			.min_rtt_us = gone->gone.min_rtt_us,
			.retrans = gone->gone.retrans,
			.segs_out = gone->gone.segs_out,
			.segs_in = gone->gone.segs_in,
			.unread = gone->gone.unread,
		};
	memcpy(bytes, &end, sizeof(end));
}

static void swap(struct recording_end *end)
{
	end->cookie = __builtin_bswap64(end->cookie);
	end->bytes_acked = __builtin_bswap64(end->bytes_acked);
	end->bytes_received = __builtin_bswap64(end->bytes_received);
	end->known = __builtin_bswap32(end->known);
	end->srtt_us = __builtin_bswap32(end->srtt_us);
	end->min_rtt_us = __builtin_bswap32(end->min_rtt_us);
	end->retrans = __builtin_bswap32(end->retrans);
	end->segs_out = __builtin_bswap32(end->segs_out);
	end->segs_in = __builtin_bswap32(end->segs_in);
	end->unread = __builtin_bswap32(end->unread);
}

static int compare(const void *one, const void *other)
{
	uint64_t a = ((const struct recording_end *)one)->cookie;
	uint64_t b = ((const struct recording_end *)other)->cookie;

	return a < b ? -1 : a > b;
}

static void take(struct recording_ends *ends, const uint8_t *record, bool swapped)
{
	struct recording_end *end = &ends->list[ends->count];

	memcpy(end, record, sizeof(*end));
	if (swapped)
		swap(end);
	if (end->cookie)
		ends->count++;
	else
		ends->incomplete = true;
}

int recording_ends_open(struct recording_ends *ends, const void *bytes,
			size_t length, bool big_endian)
{
	bool swapped = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	const uint8_t *at = bytes;
	uint32_t head[2];
	size_t count;

	*ends = (struct recording_ends){ .list = NULL };
	if (length < sizeof(head))
		return 0;
	memcpy(head, at, sizeof(head));
	for (size_t i = 0; swapped && i < 2; i++)
		head[i] = __builtin_bswap32(head[i]);
	if (head[0] != VERSION || head[1] < sizeof(struct recording_end))
		return 0;
	count = (length - sizeof(head)) / head[1];
	ends->list = malloc(count * sizeof(*ends->list) + 1);
	if (!ends->list)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		take(ends, at + sizeof(head) + i * head[1], swapped);
	qsort(ends->list, ends->count, sizeof(*ends->list), compare);
	return 0;
}

void recording_ends_close(struct recording_ends *ends)
{
	free(ends->list);
	*ends = (struct recording_ends){ .list = NULL };
}

bool recording_ends_find(const struct recording_ends *ends, uint64_t cookie,
			 struct event *gone)
{
	const struct recording_end wanted = { .cookie = cookie };
	const struct recording_end *end = !ends->count ? NULL :
		bsearch(&wanted, ends->list, ends->count, sizeof(wanted), compare);

	if (!end)
		return false;
	*gone = (struct event){
		.kind = EVENT_GONE,
		.cookie = cookie,
		.has = EVENT_HAS_COOKIE |
		       (end->known & KNOWN_BYTES ? EVENT_HAS_BYTES : 0) |
		       (end->known & KNOWN_RTT ? EVENT_HAS_RTT : 0),
		.gone = {
			.bytes_acked = end->bytes_acked,
			.bytes_received = end->bytes_received,
			.srtt_us = end->srtt_us,
			.min_rtt_us = end->min_rtt_us,
			.retrans = end->retrans,
			.segs_out = end->segs_out,
			.segs_in = end->segs_in,
			.unread = end->unread,
		},
	};
	return true;
}

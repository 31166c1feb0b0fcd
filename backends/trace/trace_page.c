/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks the records of one trace sub-buffer with every length checked. */
#include "trace_page.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The commit word (kernel/trace/ring_buffer.c, ring_buffer_read_page()). */
#define COMMIT_LENGTH 0x07ffffffu
#define COMMIT_MISSED_STORED 0x40000000u        /* count follows the data */
#define COMMIT_MISSED 0x80000000u

/* type_len of a record's header; 1..28 is the data length in words. */
enum {
	TYPE_LARGE = 0,                 /* length in the next word */
	TYPE_PADDING = 29,
	TYPE_TIME_EXTEND = 30,
	TYPE_TIME_STAMP = 31
};

enum { WORD = 4, DELTA_BITS = 27, PAGE_BYTES_MAX = 1 << 20 };

/* An absolute stamp holds 59 bits; the top five come from the time before it
 * (rb_fix_abs_ts(), 5.17 and later; older kernels never set them). */
#define STAMP_TOP 0xf800000000000000ull
#define STAMP_WRAP (1ull << 59)

static bool layout_is_foreign(const struct trace_page_layout *layout)
{
	return layout->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static uint32_t load_u32(const struct trace_page *page, size_t position)
{
	uint32_t value;

	memcpy(&value, page->bytes + position, sizeof(value));
	return layout_is_foreign(page->layout) ? __builtin_bswap32(value) : value;
}

static uint64_t load_u64(const struct trace_page *page, size_t position)
{
	uint64_t value;

	memcpy(&value, page->bytes + position, sizeof(value));
	return layout_is_foreign(page->layout) ? __builtin_bswap64(value) : value;
}

/* A number as wide as the kernel's long. */
static uint64_t load_long(const struct trace_page *page, size_t position)
{
	if (page->layout->commit_bytes == 8)
		return load_u64(page, position);
	return load_u32(page, position);
}

/* offset and size of "field: <type> <name>;" or -1. */
static int header_field(const char *text, const char *name,
			unsigned int *offset, unsigned int *size)
{
	char wanted[32];
	const char *found;

	snprintf(wanted, sizeof(wanted), " %s;", name);
	found = strstr(text, wanted);
	if (!found)
		return -1;
	found += strlen(wanted);
	return sscanf(found, " offset:%u; size:%u;", offset, size) == 2 ? 0 : -1;
}

int trace_page_layout_parse(struct trace_page_layout *layout, const char *text,
			    struct error *err)
{
	unsigned int commit_offset, commit_bytes, data_offset, data_bytes;

	if (header_field(text, "commit", &commit_offset, &commit_bytes) ||
	    header_field(text, "data", &data_offset, &data_bytes))
		return error_set(err, EBADMSG,
				 "events/header_page has no commit or data field");
	if ((commit_bytes != 4 && commit_bytes != 8) || commit_offset != 8 ||
	    data_offset != commit_offset + commit_bytes || data_bytes < WORD ||
	    data_bytes > PAGE_BYTES_MAX)
		return error_set(err, EBADMSG,
				 "events/header_page has a layout that tcpwatch does not know "
				 "(commit at %u, %u bytes; data at %u, %u bytes)",
				 commit_offset, commit_bytes, data_offset, data_bytes);
	layout->commit_offset = (uint16_t)commit_offset;
	layout->commit_bytes = (uint8_t)commit_bytes;
	layout->data_offset = (uint16_t)data_offset;
	layout->page_bytes = data_offset + data_bytes;
	return 0;
}

/* The count of lost events stands behind the data, where there was room. */
static void load_lost(struct trace_page *page, uint32_t commit, size_t size)
{
	page->lost = commit & COMMIT_MISSED;
	page->lost_known = false;
	page->lost_count = 0;
	if (!page->lost || !(commit & COMMIT_MISSED_STORED) ||
	    size - page->end < page->layout->commit_bytes)
		return;
	page->lost_count = load_long(page, page->end);
	page->lost_known = true;
}

int trace_page_load(struct trace_page *page,
		    const struct trace_page_layout *layout, const void *bytes,
		    size_t size)
{
	uint32_t commit, length;

	if (size < layout->data_offset)
		return -EBADMSG;
	page->layout = layout;
	page->bytes = bytes;
	page->time_ns = load_u64(page, 0);
	commit = (uint32_t)load_long(page, layout->commit_offset);
	length = commit & COMMIT_LENGTH;
	if (length > size - layout->data_offset)
		return -EBADMSG;
	page->position = layout->data_offset;
	page->end = layout->data_offset + length;
	load_lost(page, commit, size);
	return 0;
}

static uint64_t absolute_time(uint64_t stamp, uint64_t before)
{
	if (!(before & STAMP_TOP))
		return stamp;
	stamp |= before & STAMP_TOP;
	return stamp < before ? stamp + STAMP_WRAP : stamp;
}

static enum trace_page_answer broken(struct trace_page *page)
{
	page->position = page->end;
	return TRACE_PAGE_BROKEN;
}

/* The first word of an entry. */
struct header {
	uint32_t type;
	uint32_t delta;
};

static inline struct header load_header(const struct trace_page *page)
{
	uint32_t word = load_u32(page, page->position);

	if (page->layout->big_endian)
		return (struct header){ word >> DELTA_BITS,
					word & ((1u << DELTA_BITS) - 1) };
	return (struct header){ word & 0x1f, word >> 5 };
}

static bool is_short(struct header header)
{
	return header.type != TYPE_LARGE && header.type < TYPE_PADDING;
}

/* An entry whose length is in its header. */
static enum trace_page_answer take_short(struct trace_page *page,
					 struct header header,
					 struct trace_page_entry *entry)
{
	size_t length = (size_t)header.type * WORD;
	size_t data = page->position + WORD;

	if (length > page->end - data)
		return broken(page);
	page->time_ns += header.delta;
	page->position = data + length;
	entry->time_ns = page->time_ns;
	entry->data = page->bytes + data;
	entry->length = length;
	return TRACE_PAGE_ENTRY;
}

/* An entry or padding whose length is in the next word, which it counts. */
static enum trace_page_answer take_large(struct trace_page *page,
					 struct header header, uint32_t length,
					 struct trace_page_entry *entry)
{
	size_t left = page->end - page->position;
	size_t total;

	if (length < WORD || length > left - WORD)
		return broken(page);
	total = WORD + (((size_t)length + WORD - 1) & ~(size_t)(WORD - 1));
	page->time_ns += header.delta;
	entry->time_ns = page->time_ns;
	entry->data = page->bytes + page->position + 2 * WORD;
	entry->length = length - WORD;
	page->position += total < left ? total : left;
	return TRACE_PAGE_ENTRY;
}

static void take_time(struct trace_page *page, struct header header,
		      uint32_t next)
{
	uint64_t time_ns = ((uint64_t)next << DELTA_BITS) + header.delta;

	if (header.type == TYPE_TIME_EXTEND)
		page->time_ns += time_ns;
	else
		page->time_ns = absolute_time(time_ns, page->time_ns);
	page->position += 2 * WORD;
}

/* Whatever comes next. Not inlined: it would burden trace_page_next(). */
__attribute__((noinline))
static enum trace_page_answer next_of_any(struct trace_page *page,
					  struct trace_page_entry *entry)
{
	while (page->end - page->position >= WORD) {
		struct header header = load_header(page);
		enum trace_page_answer answer;
		uint32_t next;

		if (is_short(header))
			return take_short(page, header, entry);
		if (header.type == TYPE_PADDING && header.delta == 0)
			break;                  /* the rest of the page is void */
		if (page->end - page->position < 2 * WORD)
			return broken(page);
		next = load_u32(page, page->position + WORD);
		if (header.type != TYPE_LARGE && header.type != TYPE_PADDING) {
			take_time(page, header, next);
			continue;
		}
		answer = take_large(page, header, next, entry);
		if (header.type == TYPE_LARGE || answer == TRACE_PAGE_BROKEN)
			return answer;
	}
	page->position = page->end;
	return TRACE_PAGE_END;
}

enum trace_page_answer trace_page_next(struct trace_page *page,
				       struct trace_page_entry *entry)
{
	if (page->end - page->position >= WORD) {
		struct header header = load_header(page);

		/* Nearly every entry is. */
		if (is_short(header))
			return take_short(page, header, entry);
	}
	return next_of_any(page, entry);
}

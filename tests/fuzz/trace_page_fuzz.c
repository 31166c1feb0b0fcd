/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a sub-buffer of any byte order and long size, and its records
 * as events of a 6.18 kernel. The first byte chooses the layout. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "trace/trace_page.h"
#include "trace/trace_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct trace_page_layout layouts[] = {
	{ 8, 8, 16, 4096, false },
	{ 8, 4, 12, 4096, false },
	{ 8, 8, 16, 65536, true },
	{ 8, 4, 12, 4096, true },
};

static const struct trace_format format618 = {
	.layouts = {
		[TRACE_EVENT_SET_STATE] = {
			.present = true, .type = 2287, .length = 72,
			.fields = {
				[TRACE_FIELD_TYPE] = { 0, 2 },
				[TRACE_FIELD_FLAGS] = { 2, 1 },
				[TRACE_FIELD_PID] = { 4, 4 },
				[TRACE_FIELD_SKADDR] = { 8, 8 },
				[TRACE_FIELD_OLDSTATE] = { 16, 4 },
				[TRACE_FIELD_NEWSTATE] = { 20, 4 },
				[TRACE_FIELD_SPORT] = { 24, 2 },
				[TRACE_FIELD_DPORT] = { 26, 2 },
				[TRACE_FIELD_PROTOCOL] = { 30, 2 },
				[TRACE_FIELD_SADDR] = { 32, 4 },
				[TRACE_FIELD_DADDR] = { 36, 4 },
				[TRACE_FIELD_SADDR_V6] = { 40, 16 },
				[TRACE_FIELD_DADDR_V6] = { 56, 16 },
			},
		},
		[TRACE_EVENT_RENAME] = {
			.present = true, .type = 204, .length = 44,
			.fields = {
				[TRACE_FIELD_TYPE] = { 0, 2 },
				[TRACE_FIELD_FLAGS] = { 2, 1 },
				[TRACE_FIELD_PID] = { 4, 4 },
				[TRACE_FIELD_TASK_PID] = { 8, 4 },
				[TRACE_FIELD_NEWCOMM] = { 28, 16 },
			},
		},
	},
};

static void decode(const struct trace_page_entry *entry, bool big_endian)
{
	struct trace_format format = format618;
	struct event event;

	format.big_endian = big_endian;
	if (!trace_record_decode(&format, entry->data, entry->length,
				 entry->time_ns, 1, &event))
		return;
	assert(event.kind == EVENT_STATE || event.kind == EVENT_TASK);
	assert(event.time_ns == entry->time_ns);
}

static void walk(struct trace_page *page, const uint8_t *bytes, size_t size)
{
	enum trace_page_answer answer;
	struct trace_page_entry entry;
	size_t entries = 0;

	while ((answer = trace_page_next(page, &entry)) == TRACE_PAGE_ENTRY) {
		assert(entry.data >= bytes + page->layout->data_offset);
		assert(entry.length <= (size_t)(bytes + size - entry.data));
		assert(++entries <= size / 4);
		decode(&entry, page->layout->big_endian);
	}
	assert(answer == TRACE_PAGE_END || answer == TRACE_PAGE_BROKEN);
	assert(trace_page_next(page, &entry) == TRACE_PAGE_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_page page;
	uint8_t *exact;

	if (size == 0)
		return 0;
	/* Exactly sized, so that the sanitizer sees the edge. */
	exact = malloc(size > 1 ? size - 1 : 1);
	if (!exact)
		return 0;
	memcpy(exact, data + 1, size - 1);
	if (!trace_page_load(&page, &layouts[data[0] % 4], exact, size - 1))
		walk(&page, exact, size - 1);
	free(exact);
	return 0;
}

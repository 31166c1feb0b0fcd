/* SPDX-License-Identifier: BSD-2-Clause */
/* An array of entries and twice as many slots that point into it. */
#include "diag_table.h"

#include <stdlib.h>

enum { FIRST_ROOM = 256, SLOTS_PER_ENTRY = 2 };

static size_t slot_mask(const struct diag_table *table)
{
	return table->room * SLOTS_PER_ENTRY - 1;
}

/* Cookies are numbered in order: neighbours must not lie side by side. */
static size_t first_slot(const struct diag_table *table, uint64_t cookie)
{
	return (size_t)(cookie * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
	       slot_mask(table);
}

/* The slot of the cookie, or the empty one where it would be. */
static size_t find_slot(const struct diag_table *table, uint64_t cookie)
{
	size_t slot = first_slot(table, cookie);

	while (table->slots[slot] &&
	       table->entries[table->slots[slot] - 1].cookie != cookie)
		slot = (slot + 1) & slot_mask(table);
	return slot;
}

void diag_table_done(struct diag_table *table)
{
	free(table->entries);
	free(table->slots);
	*table = (struct diag_table){ 0 };
}

struct diag_known *diag_table_find(const struct diag_table *table,
				   uint64_t cookie)
{
	uint32_t index;

	if (!table->count)
		return NULL;
	index = table->slots[find_slot(table, cookie)];
	return index ? &table->entries[index - 1] : NULL;
}

static bool grow(struct diag_table *table)
{
	size_t room = table->room ? 2 * table->room : FIRST_ROOM;
	struct diag_known *entries;
	uint32_t *slots;

	if (room > DIAG_TABLE_MAX)
		return false;
	slots = calloc(room * SLOTS_PER_ENTRY, sizeof(*slots));
	entries = slots ? realloc(table->entries, room * sizeof(*entries)) : NULL;
	if (!entries) {
		free(slots);
		return false;
	}
	free(table->slots);
	table->entries = entries;
	table->slots = slots;
	table->room = room;
	for (size_t i = 0; i < table->count; i++)
		slots[find_slot(table, entries[i].cookie)] = (uint32_t)i + 1;
	return true;
}

struct diag_known *diag_table_add(struct diag_table *table, uint64_t cookie)
{
	struct diag_known *known;

	if (table->count == table->room && !grow(table))
		return NULL;
	known = &table->entries[table->count++];
	*known = (struct diag_known){ .cookie = cookie };
	table->slots[find_slot(table, cookie)] = (uint32_t)table->count;
	return known;
}

/* Whoever stands behind an empty slot moves up, if that is not before the first
 * one that is looked at for it. */
static void close_gap(struct diag_table *table, size_t gap)
{
	const size_t mask = slot_mask(table);
	size_t slot = gap;

	for (;;) {
		size_t first;

		slot = (slot + 1) & mask;
		if (!table->slots[slot])
			break;
		first = first_slot(table,
				   table->entries[table->slots[slot] - 1].cookie);
		if (((slot - first) & mask) < ((slot - gap) & mask))
			continue;
		table->slots[gap] = table->slots[slot];
		gap = slot;
	}
	table->slots[gap] = 0;
}

void diag_table_remove(struct diag_table *table, struct diag_known *known)
{
	struct diag_known *last = &table->entries[table->count - 1];
	size_t slot = find_slot(table, known->cookie);

	if (last != known)
		table->slots[find_slot(table, last->cookie)] = table->slots[slot];
	table->slots[slot] = 0;
	*known = *last;
	table->count--;
	close_gap(table, slot);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses lines such as
 *	{ srtt: ~ 2^5 , sport:        443 } hitcount:          3  srtt:        100
 * The order of the keys is that of the trigger; both figures are found by their
 * name, since newer kernels may leave hitcount out of its place. */
#include "hist_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, LOG2_MAX = 64 };

static int make_room(struct hist_table *table)
{
	size_t room = table->room ? 2 * table->room : FIRST_ROOM;
	struct hist_entry *entries;

	if (table->count < table->room)
		return 0;
	entries = realloc(table->entries, room * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	table->entries = entries;
	table->room = room;
	return 0;
}

/* The number behind name within [text, end); false when there is none. */
static bool find_number(const char *text, const char *end, const char *name,
			uint64_t *number)
{
	const char *found = memmem(text, (size_t)(end - text), name, strlen(name));
	const char *digits;
	char *behind;

	if (!found)
		return false;
	digits = found + strlen(name);
	while (digits < end && *digits == ' ')
		digits++;
	if (digits == end || *digits == '-')
		return false;
	*number = strtoull(digits, &behind, 10);
	return behind > digits && behind <= end;
}

/* The key that is not srtt, and whatever it is called. */
static bool parse_key(const char *text, const char *end, uint64_t *key)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));

	*key = 0;
	if (!comma)
		return true;
	return find_number(comma, end, " sport:", key) ||
	       find_number(comma, end, " dport:", key) ||
	       find_number(comma, end, " sock_cookie:", key);
}

static bool parse_line(const char *line, const char *end,
		       struct hist_entry *entry)
{
	const char *close = memchr(line, '}', (size_t)(end - line));
	uint64_t log2;

	if (*line != '{' || !close ||
	    !find_number(line, close, "srtt: ~ 2^", &log2) ||
	    log2 > LOG2_MAX || !parse_key(line, close, &entry->key) ||
	    !find_number(close, end, " hitcount:", &entry->count) ||
	    !find_number(close, end, " srtt:", &entry->sum))
		return false;
	entry->le_log2 = (uint8_t)log2;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct hist_entry *one = a, *two = b;

	if (one->key != two->key)
		return one->key < two->key ? -1 : 1;
	return (one->le_log2 > two->le_log2) - (one->le_log2 < two->le_log2);
}

int hist_text_read(struct hist_table *table, const char *text)
{
	table->count = 0;
	table->dropped = 0;
	while (*text) {
		const char *end = strchrnul(text, '\n');
		struct hist_entry entry;

		if (parse_line(text, end, &entry)) {
			if (make_room(table))
				return -ENOMEM;
			table->entries[table->count++] = entry;
		}
		find_number(text, end, "    Dropped:", &table->dropped);
		text = *end ? end + 1 : end;
	}
	if (table->count)
		qsort(table->entries, table->count, sizeof(*table->entries),
		      compare);
	return 0;
}

static uint64_t less(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

void hist_table_subtract(struct hist_table *table,
			 const struct hist_table *before)
{
	size_t kept = 0, old = 0;

	for (size_t i = 0; i < table->count; i++) {
		struct hist_entry entry = table->entries[i];

		while (old < before->count &&
		       compare(&before->entries[old], &entry) < 0)
			old++;
		if (old < before->count &&
		    !compare(&before->entries[old], &entry)) {
			entry.count = less(entry.count,
					   before->entries[old].count);
			entry.sum = less(entry.sum, before->entries[old].sum);
		}
		if (entry.count)
			table->entries[kept++] = entry;
	}
	table->count = kept;
	table->dropped = less(table->dropped, before->dropped);
}

void hist_table_done(struct hist_table *table)
{
	free(table->entries);
	*table = (struct hist_table){ 0 };
}

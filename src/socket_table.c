/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool of entries that doubles up to its limit, a map of ids into it, and
 * two lists by when an entry was last seen. */
#include "socket_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

/* No entry may need a link that a 32-bit index cannot hold. */
static const size_t limit_max = UINT32_MAX / 4;

static int set_capacity(struct socket_table *table, uint32_t capacity)
{
	struct socket_entry *entries;
	struct lru_link *links;

	if (id_map_reserve(&table->map, capacity))
		return -ENOMEM;
	entries = realloc(table->entries,
			  ((size_t)capacity + 1) * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	table->entries = entries;
	links = realloc(table->links, ((size_t)capacity + 1) * sizeof(*links));
	if (!links)
		return -ENOMEM;
	table->links = links;
	table->capacity = capacity;
	return 0;
}

static uint32_t smaller(size_t a, size_t b)
{
	return (uint32_t)(a < b ? a : b);
}

int socket_table_init(struct socket_table *table, size_t limit)
{
	assert(limit > 0);
	*table = (struct socket_table){ .limit = smaller(limit, limit_max) };
	if (!set_capacity(table, smaller(table->limit, FIRST_CAPACITY)))
		return 0;
	socket_table_done(table);
	return -ENOMEM;
}

void socket_table_done(struct socket_table *table)
{
	id_map_done(&table->map);
	free(table->entries);
	free(table->links);
	*table = (struct socket_table){ 0 };
}

struct socket_entry *socket_table_find(const struct socket_table *table,
				       uint64_t socket_id)
{
	uint32_t index = id_map_get(&table->map, socket_id);

	return index ? socket_table_at(table, index) : NULL;
}

bool socket_table_has_room(struct socket_table *table)
{
	if (table->free || table->used < table->capacity)
		return true;
	if (table->capacity == table->limit)
		return false;
	return !set_capacity(table, smaller(2 * (size_t)table->capacity,
					    table->limit));
}

struct socket_entry *socket_table_add(struct socket_table *table,
				      uint64_t socket_id)
{
	uint32_t index = table->free;
	struct socket_entry *entry;

	if (index)
		table->free = table->links[index].older;
	else
		index = ++table->used;
	assert(index <= table->capacity);
	id_map_set(&table->map, socket_id, index);
	lru_add(&table->lists[SOCKET_PROVISIONAL], table->links, index);
	entry = socket_table_at(table, index);
	*entry = (struct socket_entry){ .socket_id = socket_id };
	return entry;
}

void socket_table_remove(struct socket_table *table, struct socket_entry *entry)
{
	uint32_t index = socket_table_index(table, entry);

	id_map_remove(&table->map, entry->socket_id);
	lru_remove(&table->lists[entry->list], table->links, index);
	table->links[index].older = table->free;
	table->free = index;
}

void socket_table_touch(struct socket_table *table, struct socket_entry *entry,
			enum socket_list list)
{
	uint32_t index = socket_table_index(table, entry);

	if (entry->list == list) {
		lru_touch(&table->lists[list], table->links, index);
		return;
	}
	lru_remove(&table->lists[entry->list], table->links, index);
	entry->list = (uint8_t)list;
	lru_add(&table->lists[list], table->links, index);
}

struct socket_entry *socket_table_oldest(const struct socket_table *table)
{
	uint32_t index = table->lists[SOCKET_PROVISIONAL].oldest;

	if (!index)
		index = table->lists[SOCKET_KEPT].oldest;
	return index ? socket_table_at(table, index) : NULL;
}

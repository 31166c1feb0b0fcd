/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool of entries, and two lists of them by when they were last seen. */
#include "socket_table.h"

int socket_table_init(struct socket_table *table, size_t limit)
{
	*table = (struct socket_table){ 0 };
	return pool_init(&table->pool, limit, sizeof(struct socket_entry));
}

void socket_table_done(struct socket_table *table)
{
	pool_done(&table->pool);
	*table = (struct socket_table){ 0 };
}

bool socket_table_has_room(struct socket_table *table)
{
	return pool_has_room(&table->pool);
}

struct socket_entry *socket_table_add(struct socket_table *table,
				      uint64_t socket_id)
{
	uint32_t index = pool_take(&table->pool);
	struct socket_entry *entry = socket_table_at(table, index);

	id_map_set(&table->pool.map, socket_id, index);
	lru_add(&table->lists[SOCKET_PROVISIONAL], table->pool.links, index);
	*entry = (struct socket_entry){ .socket_id = socket_id };
	return entry;
}

void socket_table_remove(struct socket_table *table, struct socket_entry *entry)
{
	uint32_t index = socket_table_index(table, entry);

	id_map_remove(&table->pool.map, entry->socket_id);
	lru_remove(&table->lists[entry->list], table->pool.links, index);
	pool_give_back(&table->pool, index);
}

void socket_table_rename(struct socket_table *table, struct socket_entry *entry,
			 uint64_t socket_id)
{
	id_map_remove(&table->pool.map, entry->socket_id);
	id_map_set(&table->pool.map, socket_id, socket_table_index(table, entry));
	entry->socket_id = socket_id;
}

void socket_table_touch(struct socket_table *table, struct socket_entry *entry,
			enum socket_list list)
{
	uint32_t index = socket_table_index(table, entry);

	if (entry->list == list) {
		lru_touch(&table->lists[list], table->pool.links, index);
		return;
	}
	lru_remove(&table->lists[entry->list], table->pool.links, index);
	entry->list = (uint8_t)list;
	lru_add(&table->lists[list], table->pool.links, index);
}

struct socket_entry *socket_table_oldest(const struct socket_table *table)
{
	uint32_t index = table->lists[SOCKET_PROVISIONAL].oldest;

	if (!index)
		index = table->lists[SOCKET_KEPT].oldest;
	return index ? socket_table_at(table, index) : NULL;
}

struct socket_entry *socket_table_next(const struct socket_table *table,
				       const struct socket_entry *entry)
{
	uint32_t index = table->lists[SOCKET_KEPT].oldest;

	if (entry)
		index = table->pool.links[socket_table_index(table, entry)].newer;
	return index ? socket_table_at(table, index) : NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives by number and by age; see life_table.h. */
#include "life_table.h"

static struct life *at(const struct life_table *table, uint32_t index)
{
	return index ? (struct life *)table->pool.entries + index : NULL;
}

static uint32_t index_of(const struct life_table *table, const struct life *life)
{
	return (uint32_t)(life - (const struct life *)table->pool.entries);
}

static struct lru *list_of(struct life_table *table, const struct life *life)
{
	return life->end_ns ? &table->ended : &table->open;
}

int life_table_init(struct life_table *table, size_t limit)
{
	*table = (struct life_table){ 0 };
	return pool_init(&table->pool, limit, sizeof(struct life));
}

void life_table_done(struct life_table *table)
{
	pool_done(&table->pool);
}

struct life *life_table_find(const struct life_table *table, uint64_t sock)
{
	return at(table, id_map_get(&table->pool.map, sock));
}

struct life *life_table_full(struct life_table *table)
{
	if (pool_has_room(&table->pool))
		return NULL;
	return at(table, table->ended.oldest ? table->ended.oldest :
					       table->open.oldest);
}

struct life *life_table_add(struct life_table *table, uint64_t sock)
{
	uint32_t index = pool_take(&table->pool);

	id_map_set(&table->pool.map, sock, index);
	lru_add(&table->open, table->pool.links, index);
	at(table, index)->end_ns = 0;
	return at(table, index);
}

void life_table_remove(struct life_table *table, struct life *life)
{
	uint32_t index = index_of(table, life);

	id_map_remove(&table->pool.map, life->sock);
	lru_remove(list_of(table, life), table->pool.links, index);
	pool_give_back(&table->pool, index);
}

void life_table_touch(struct life_table *table, struct life *life)
{
	if (!life->end_ns)
		lru_touch(&table->open, table->pool.links, index_of(table, life));
}

void life_table_end(struct life_table *table, struct life *life)
{
	uint32_t index = index_of(table, life);

	lru_remove(&table->open, table->pool.links, index);
	lru_add(&table->ended, table->pool.links, index);
}

struct life *life_table_first_ended(const struct life_table *table)
{
	return at(table, table->ended.oldest);
}

struct life *life_table_next_open(const struct life_table *table,
				  const struct life *life)
{
	return at(table, life ? table->pool.links[index_of(table, life)].newer :
				table->open.oldest);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* A pool and a list of what is in it by age. Of a socket in another network
 * namespace no figures ever come: age is what makes room. */
#include "ended_table.h"

static struct ended_life *life_at(struct ended_table *table, uint32_t index)
{
	return (struct ended_life *)table->pool.entries + index;
}

static void remove_life(struct ended_table *table, uint32_t index)
{
	id_map_remove(&table->pool.map, life_at(table, index)->cookie);
	lru_remove(&table->seen, table->pool.links, index);
	pool_give_back(&table->pool, index);
}

int ended_table_init(struct ended_table *table, size_t limit)
{
	*table = (struct ended_table){ 0 };
	return pool_init(&table->pool, limit, sizeof(struct ended_life));
}

void ended_table_done(struct ended_table *table)
{
	pool_done(&table->pool);
	*table = (struct ended_table){ 0 };
}

void ended_table_add(struct ended_table *table, const struct ended_life *life)
{
	uint32_t index = id_map_get(&table->pool.map, life->cookie);

	if (index)
		remove_life(table, index);
	else if (!pool_has_room(&table->pool))
		remove_life(table, table->seen.oldest);
	index = pool_take(&table->pool);
	*life_at(table, index) = *life;
	id_map_set(&table->pool.map, life->cookie, index);
	lru_add(&table->seen, table->pool.links, index);
}

bool ended_table_take(struct ended_table *table, uint64_t cookie,
		      struct ended_life *life)
{
	uint32_t index = id_map_get(&table->pool.map, cookie);

	if (!index)
		return false;
	*life = *life_at(table, index);
	remove_life(table, index);
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries, their links and the map of their ids grow together. */
#include "pool.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

/* No entry may need a link that a 32-bit index cannot hold. */
static const size_t limit_max = UINT32_MAX / 4;

static int set_capacity(struct pool *pool, uint32_t capacity)
{
	size_t count = (size_t)capacity + 1;
	struct lru_link *links;
	void *entries;

	if (id_map_reserve(&pool->map, capacity))
		return -ENOMEM;
	entries = realloc(pool->entries, count * pool->entry_bytes);
	if (!entries)
		return -ENOMEM;
	pool->entries = entries;
	links = realloc(pool->links, count * sizeof(*links));
	if (!links)
		return -ENOMEM;
	pool->links = links;
	pool->capacity = capacity;
	return 0;
}

static uint32_t smaller(size_t a, size_t b)
{
	return (uint32_t)(a < b ? a : b);
}

int pool_init(struct pool *pool, size_t limit, size_t entry_bytes)
{
	assert(limit > 0);
	*pool = (struct pool){
		.entry_bytes = entry_bytes,
		.limit = smaller(limit, limit_max),
	};
	if (!set_capacity(pool, smaller(pool->limit, FIRST_CAPACITY)))
		return 0;
	pool_done(pool);
	return -ENOMEM;
}

void pool_done(struct pool *pool)
{
	id_map_done(&pool->map);
	free(pool->entries);
	free(pool->links);
	*pool = (struct pool){ 0 };
}

bool pool_has_room(struct pool *pool)
{
	if (pool->free || pool->used < pool->capacity)
		return true;
	if (pool->capacity == pool->limit)
		return false;
	return !set_capacity(pool, smaller(2 * (size_t)pool->capacity,
					   pool->limit));
}

uint32_t pool_take(struct pool *pool)
{
	uint32_t index = pool->free;

	if (index)
		pool->free = pool->links[index].older;
	else
		index = ++pool->used;
	assert(index <= pool->capacity);
	return index;
}

void pool_give_back(struct pool *pool, uint32_t index)
{
	pool->links[index].older = pool->free;
	pool->free = index;
}

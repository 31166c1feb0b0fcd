/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries of one size that are found by their id, in memory that doubles up to
 * a limit. Entries are known by index, so that growing may move them. */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "id_map.h"
#include "lru.h"

struct pool {
	struct id_map map;      /* the owner of the pool sets what it adds */
	void *entries;          /* [0] is not used */
	struct lru_link *links; /* one an entry; older: also next in the free
	                         * list */
	size_t entry_bytes;
	uint32_t capacity;      /* entries that there is memory for */
	uint32_t limit;         /* entries that there may be */
	uint32_t used;          /* highest index given out so far */
	uint32_t free;          /* first index given back; 0 = none */
};

/* limit > 0. 0 or -ENOMEM. */
int pool_init(struct pool *pool, size_t limit, size_t entry_bytes);
void pool_done(struct pool *pool);      /* accepts a zeroed object */

/* True when pool_take() may be called, after growing if need be. */
bool pool_has_room(struct pool *pool);

/* The index of an entry (> 0), whose bytes are undefined. */
uint32_t pool_take(struct pool *pool);

void pool_give_back(struct pool *pool, uint32_t index);

#endif

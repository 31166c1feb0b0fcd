/* SPDX-License-Identifier: BSD-2-Clause */
/* Doubly linked lists of pool entries by when they were last seen. The links are
 * kept in an array beside the pool: small enough to stay in the cache. */
#ifndef LRU_H
#define LRU_H

#include <stdint.h>

struct lru_link {
	uint32_t newer, older;  /* indexes; 0 = none */
};

struct lru {                    /* zero-initialised = empty */
	uint32_t newest, oldest;
};

/* links: indexed like the pool; several lists may share it. Here in the header,
 * since every event moves an entry. */
static inline void lru_add(struct lru *lru, struct lru_link *links,
			   uint32_t index)
{
	links[index] = (struct lru_link){ .older = lru->newest };
	if (lru->newest)
		links[lru->newest].newer = index;
	else
		lru->oldest = index;
	lru->newest = index;
}

static inline void lru_remove(struct lru *lru, struct lru_link *links,
			      uint32_t index)
{
	struct lru_link link = links[index];

	if (link.newer)
		links[link.newer].older = link.older;
	else
		lru->newest = link.older;
	if (link.older)
		links[link.older].newer = link.newer;
	else
		lru->oldest = link.newer;
}

/* Makes an entry of this list its newest. */
static inline void lru_touch(struct lru *lru, struct lru_link *links,
			     uint32_t index)
{
	if (lru->newest == index)
		return;
	lru_remove(lru, links, index);
	lru_add(lru, links, index);
}

#endif

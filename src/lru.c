/* SPDX-License-Identifier: BSD-2-Clause */
/* Doubly linked lists of indexes, newest first. */
#include "lru.h"

void lru_add(struct lru *lru, struct lru_link *links, uint32_t index)
{
	links[index] = (struct lru_link){ .older = lru->newest };
	if (lru->newest)
		links[lru->newest].newer = index;
	else
		lru->oldest = index;
	lru->newest = index;
}

void lru_remove(struct lru *lru, struct lru_link *links, uint32_t index)
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

void lru_touch(struct lru *lru, struct lru_link *links, uint32_t index)
{
	if (lru->newest == index)
		return;
	lru_remove(lru, links, index);
	lru_add(lru, links, index);
}

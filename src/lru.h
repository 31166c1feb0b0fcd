/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of pool entries by when they were last seen. The links are kept in an
 * array beside the pool: small enough to stay in the cache. */
#ifndef LRU_H
#define LRU_H

#include <stdint.h>

struct lru_link {
	uint32_t newer, older;  /* indexes; 0 = none */
};

struct lru {                    /* zero-initialised = empty */
	uint32_t newest, oldest;
};

/* links: indexed like the pool; several lists may share it. */
void lru_add(struct lru *lru, struct lru_link *links, uint32_t index);
void lru_remove(struct lru *lru, struct lru_link *links, uint32_t index);

/* Makes an entry of this list its newest. */
void lru_touch(struct lru *lru, struct lru_link *links, uint32_t index);

#endif

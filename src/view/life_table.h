/* SPDX-License-Identifier: BSD-2-Clause */
/* The lives that go on, and those whose record waits for last figures: bounded,
 * and whoever must make room is handed back, not dropped. */
#ifndef LIFE_TABLE_H
#define LIFE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/lru.h"
#include "common/pool.h"
#include "life.h"

struct life_table {
	struct pool pool;       /* of struct life, by sock */
	struct lru open;        /* by when they were last seen */
	struct lru ended;       /* by when they ended */
};

/* limit > 0. 0 or -ENOMEM. */
int life_table_init(struct life_table *table, size_t limit);
void life_table_done(struct life_table *table); /* accepts a zeroed object */

/* The life of that number; NULL when it is not there. Borrowed, as all of these,
 * until the next life_table_add() or life_table_remove(). */
struct life *life_table_find(const struct life_table *table, uint64_t sock);

/* The one to be removed before life_table_add() may be called: the one that
 * ended first, else the open one not seen for longest; NULL when there is room. */
struct life *life_table_full(struct life_table *table);

/* A life with undefined bytes, among the open ones; sock must not be there. */
struct life *life_table_add(struct life_table *table, uint64_t sock);
void life_table_remove(struct life_table *table, struct life *life);

/* It was seen; it ended. */
void life_table_touch(struct life_table *table, struct life *life);
void life_table_end(struct life_table *table, struct life *life);

/* The one that ended first; the open ones one after another, from NULL on, those
 * not seen for longest first. NULL when there is none. */
struct life *life_table_first_ended(const struct life_table *table);
struct life *life_table_next_open(const struct life_table *table,
				  const struct life *life);

#endif

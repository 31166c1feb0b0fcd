/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives that have ended, by cookie, for as long as their last figures may still
 * come: those follow the end, and name the socket by its cookie alone. */
#ifndef ENDED_TABLE_H
#define ENDED_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "lru.h"
#include "pool.h"
#include "tracker.h"

struct ended_life {
	uint64_t cookie;
	uint64_t sock;          /* number of the life */
	struct owner owner;
	bool fin_received;      /* the peer's FIN is among what was received */
};

struct ended_table {
	struct pool pool;       /* of struct ended_life, by cookie */
	struct lru seen;
};

/* limit > 0: beyond it the oldest goes. 0 or -ENOMEM. */
int ended_table_init(struct ended_table *table, size_t limit);
void ended_table_done(struct ended_table *table);       /* accepts zeroed */

void ended_table_add(struct ended_table *table, const struct ended_life *life);

/* Takes the life with that cookie out; false when there is none. */
bool ended_table_take(struct ended_table *table, uint64_t cookie,
		      struct ended_life *life);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives that have ended, by cookie, for as long as their last figures may still
 * come: those follow the end, and name the socket by its cookie alone. */
#ifndef ENDED_TABLE_H
#define ENDED_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/lru.h"
#include "common/pool.h"
#include "tracker.h"

enum ended_fin {                /* is the peer's among what was received? */
	ENDED_FIN_NO,
	ENDED_FIN_PERHAPS,      /* then it may stand there unread */
	ENDED_FIN_YES
};

struct ended_life {
	uint64_t cookie;
	uint64_t sock;          /* number of the life */
	struct owner owner;
	uint8_t fin;            /* enum ended_fin */
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

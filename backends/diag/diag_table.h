/* SPDX-License-Identifier: BSD-2-Clause */
/* What was known of each socket at the last look, by its cookie. */
#ifndef DIAG_TABLE_H
#define DIAG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

struct diag_known {
	uint64_t cookie;
	uint64_t seen_ns;       /* its last look was not before */
	struct endpoint local, remote;
	uint32_t inode;         /* 0 = nobody held it */
	uint32_t retrans;       /* segments sent again, so far */
	uint32_t segs_in;
	uint32_t look;          /* number of its last look */
	uint8_t family;         /* enum event_family */
	uint8_t state;          /* enum tcp_state */
	uint8_t cong;           /* enum cong_state */
	uint8_t missed;         /* looks in a row that did not show it */
	bool asked;             /* who holds it was looked for */
	bool told;              /* an event has told of it */
	bool ended;             /* ... of its end; what was read before may show it
	                         * once more */
};

struct diag_table {
	struct diag_known *entries;     /* without gaps, in any order */
	uint32_t *slots;                /* index + 1, at the cookie's place or behind */
	size_t count, room;             /* entries; room is a power of two */
};

enum { DIAG_TABLE_MAX = 1 << 20 };

void diag_table_done(struct diag_table *table); /* accepts a zeroed object */

/* NULL when the cookie is not known. Borrowed until the next add or remove. */
struct diag_known *diag_table_find(const struct diag_table *table,
				   uint64_t cookie);

/* A zeroed entry with that cookie, which must not be known yet. NULL when memory
 * is short or DIAG_TABLE_MAX sockets are there. */
struct diag_known *diag_table_add(struct diag_table *table, uint64_t cookie);

/* Another entry takes its place in entries[]. */
void diag_table_remove(struct diag_table *table, struct diag_known *known);

#endif

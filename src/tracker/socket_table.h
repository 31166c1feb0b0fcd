/* SPDX-License-Identifier: BSD-2-Clause */
/* Every socket that is known, by its id: a bounded table that names the entry
 * to give up first when it is full. */
#ifndef SOCKET_TABLE_H
#define SOCKET_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/lru.h"
#include "common/pool.h"
#include "reason_run.h"
#include "stay.h"
#include "tracker.h"
#include "tcpwatch/event.h"

enum socket_list {
	SOCKET_PROVISIONAL,     /* may be given up without a loss to the user */
	SOCKET_KEPT,
	SOCKET_LIST_COUNT
};

struct socket_entry {
	uint64_t socket_id;
	uint64_t sock;          /* number of this life */
	struct stay tcp;        /* TCP_STATE_UNKNOWN: no event said yet */
	struct stay cong;
	struct reason_run reset_run;
	uint64_t row;           /* ticket of its row to CLOSE that waits, or 0 */
	struct owner owner;
	struct endpoint local, remote;
	uint8_t family;         /* enum event_family; 0 = no event said yet */
	uint8_t list;           /* enum socket_list */
	uint8_t reset;          /* the last one: enum event_reset_direction ... */
	bool reset_seen;        /* ... if there was one, in ... */
	uint8_t reset_state;    /* enum tcp_state; TCP_STATE_UNKNOWN: not known */
	bool timed_out;         /* LOSS was set since the last retransmission */
	uint8_t syns_again;     /* retransmissions in SYN_SENT, 255 at most */
	bool wanted;            /* an event of this life passed the filter */
	uint8_t fin;            /* enum ended_fin; only where GONE is shown */
	bool listening;         /* linked in the listener table ... */
	bool cookie_doubted;    /* two cookies at its endpoints */
	bool cookie_listed;     /* linked in the table of cookies ... */
	uint32_t listener_next, listener_previous; /* ... by index; 0 = none */
	uint32_t cookie_next, cookie_previous;  /* likewise */
	uint32_t srtt_us, cwnd; /* of the last sample; 0 = none */
	uint64_t cookie;        /* seen with it in a sample; 0 = none */
	uint64_t seed_cookie;   /* with which sock_diag listed it; 0 = it did not */
};

/* The budget is 320 bytes a socket, this table's other arrays included. */
_Static_assert(sizeof(struct socket_entry) <= 192, "socket entry too large");

struct socket_table {
	struct pool pool;               /* of struct socket_entry, by socket_id */
	struct lru lists[SOCKET_LIST_COUNT];
};

/* limit > 0. 0 or -ENOMEM. */
int socket_table_init(struct socket_table *table, size_t limit);
void socket_table_done(struct socket_table *table); /* accepts a zeroed object */

/* True when socket_table_add() may be called, after growing if need be. */
bool socket_table_has_room(struct socket_table *table);

/* A zeroed entry, provisional and the newest; the id must not be known yet. */
struct socket_entry *socket_table_add(struct socket_table *table,
				      uint64_t socket_id);

void socket_table_remove(struct socket_table *table,
			 struct socket_entry *entry);

/* Finds the entry by another id from now on, which must not be known yet. */
void socket_table_rename(struct socket_table *table, struct socket_entry *entry,
			 uint64_t socket_id);

/* Puts the entry into that list, as its newest. */
void socket_table_touch(struct socket_table *table, struct socket_entry *entry,
			enum socket_list list);

/* The entry to give up first: the oldest provisional one, else the oldest.
 * NULL when the table is empty. */
struct socket_entry *socket_table_oldest(const struct socket_table *table);

/* The kept entries one after another, those not seen for longest first: the one
 * behind entry, or the first with NULL; NULL behind the last. */
struct socket_entry *socket_table_next(const struct socket_table *table,
				       const struct socket_entry *entry);

/* For links between entries: index and entry, each from the other. */
static inline uint32_t socket_table_index(const struct socket_table *table,
					  const struct socket_entry *entry)
{
	return (uint32_t)(entry - (const struct socket_entry *)table->pool.entries);
}

static inline struct socket_entry *
socket_table_at(const struct socket_table *table, uint32_t index)
{
	return (struct socket_entry *)table->pool.entries + index;
}

/* NULL when the id is not known. Entries are borrowed until the next call of
 * socket_table_has_room(), which may move them all. */
static inline struct socket_entry *
socket_table_find(const struct socket_table *table, uint64_t socket_id)
{
	uint32_t index = id_map_get(&table->pool.map, socket_id);

	return index ? socket_table_at(table, index) : NULL;
}

#endif

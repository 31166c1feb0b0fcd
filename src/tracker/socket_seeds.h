/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets that were there before the watch: which of them an event belongs to,
 * and which of those that events have told of stand in the list, too. Both are
 * found by their two ends alone, which another network namespace may have as
 * well: where two could be meant, none is.
 */
#ifndef SOCKET_SEEDS_H
#define SOCKET_SEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/id_map.h"
#include "socket_table.h"
#include "tcpwatch/event.h"

/* By the key of two ends: the index of a socket entry, or SEEDS_*. */
struct seeds_map {
	struct id_map map;
	size_t count;
};

struct socket_seeds {
	struct seeds_map unbound;       /* seeds whose socket_id is not known */
	struct seeds_map known;         /* while the list is read: all others, and
	                                 * those that have ended meanwhile */
	bool listing;                   /* the list is read */
	bool placeless;                 /* there are entries without ends */
	bool watching;                  /* beginnings, ends and places matter now */
};

enum seeds_match {
	SEEDS_MATCH_NONE,               /* no event has told of it */
	SEEDS_MATCH_ENTRY,              /* it is the one of *entry */
	SEEDS_MATCH_UNSURE              /* it may be one that events told of, and
	                                 * that perhaps is no more */
};

/* The socket_id of an entry that is known by its cookie alone. Addresses of the
 * kernel never look like this, on any architecture, nor do other ids of ours
 * (socket_cookies_id()). */
static inline uint64_t socket_seeds_id(uint64_t cookie)
{
	const uint64_t mark = UINT64_C(3) << 61;

	return (cookie & ((UINT64_C(1) << 61) - 1)) | mark;
}

static inline bool socket_seeds_is_unbound(const struct socket_entry *entry)
{
	return entry->seed_cookie &&
	       entry->socket_id == socket_seeds_id(entry->seed_cookie);
}

void socket_seeds_done(struct socket_seeds *seeds);     /* accepts zeroed */

/* The list begins; ends. Without memory nothing will be found. */
void socket_seeds_begin(struct socket_seeds *seeds,
			const struct socket_table *sockets);
void socket_seeds_end(struct socket_seeds *seeds);

/* An entry has begun, or has other ends than before. */
void socket_seeds_note(struct socket_seeds *seeds,
		       const struct socket_table *sockets,
		       const struct socket_entry *entry);

/* An entry's life ends, unbound or not. */
void socket_seeds_forget(struct socket_seeds *seeds,
			 const struct socket_table *sockets,
			 const struct socket_entry *entry);

/* An event has come without the two ends of its socket. */
void socket_seeds_miss_place(struct socket_seeds *seeds);

/* Which entry a socket of the list is. */
enum seeds_match socket_seeds_match(struct socket_seeds *seeds,
				    const struct socket_table *sockets,
				    const struct event *seen,
				    struct socket_entry **entry);

/* Takes up a seed, with its ends set. False when memory is short. */
bool socket_seeds_add(struct socket_seeds *seeds,
		      const struct socket_table *sockets,
		      const struct socket_entry *entry);

/* The seed that an event of a socket without an entry belongs to; NULL when
 * there is none, or when that is not clear. losses: how many there have been. */
struct socket_entry *socket_seeds_find(const struct socket_seeds *seeds,
				       const struct socket_table *sockets,
				       const struct event *event,
				       uint32_t losses);

/* The seed's socket_id is known from now on. */
void socket_seeds_bind(struct socket_seeds *seeds, struct socket_table *sockets,
		       struct socket_entry *entry, uint64_t socket_id);

#endif

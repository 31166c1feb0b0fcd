/* SPDX-License-Identifier: BSD-2-Clause */
/* Which life of which socket an event belongs to: the kernel uses the address
 * of a socket again, at once, and any event may be the first that we see. */
#ifndef SOCKET_LIVES_H
#define SOCKET_LIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "listener_table.h"
#include "socket_cookies.h"
#include "socket_seeds.h"
#include "socket_table.h"
#include "stay.h"
#include "tcpwatch/event.h"

struct socket_lives {
	struct socket_table sockets;
	struct listener_table listeners;
	struct socket_cookies cookies;
	struct socket_seeds seeds;
	struct stay_losses losses;
	uint64_t complete_since_ns;     /* a later event of a socket that is not
	                                 * known would have made it known */
	uint64_t last_sock;             /* number given to a life last */
	bool cong_told;                 /* changes of congestion state are */
	uint64_t evicted;               /* wanted sockets that were given up */
};

/* since_ns: all events later than this are delivered; events: EVENT_BIT set of
 * the kinds that are. 0 or -ENOMEM. */
int socket_lives_init(struct socket_lives *lives, size_t max_sockets,
		      uint64_t since_ns, unsigned int events);
void socket_lives_done(struct socket_lives *lives); /* accepts zeroed */

/* NULL when the socket is not known. Entries are borrowed until the next call
 * of socket_lives_of(), _of_state() or _of_sample(). */
struct socket_entry *socket_lives_find(const struct socket_lives *lives,
				       uint64_t socket_id);

/* The life that the event belongs to: the one of entry (the socket's, or NULL
 * when it is not known), else a new one whose start was not seen. */
struct socket_entry *socket_lives_of(struct socket_lives *lives,
				     struct socket_entry *entry,
				     const struct event *event);

/* The same for an EVENT_STATE, which may also start a life. */
struct socket_entry *socket_lives_of_state(struct socket_lives *lives,
					   const struct event *event);

/* The same for an EVENT_SAMPLE, which may lack the socket's address. NULL when
 * memory is short. */
struct socket_entry *socket_lives_of_sample(struct socket_lives *lives,
					    const struct event *event);

/* A new life of the entry, which began before the event: at stay.since_ns, as far as
 * stay.certainty says. What it is in is not known. */
void socket_lives_begin_unseen(struct socket_lives *lives,
			       struct socket_entry *entry,
			       const struct event *event, struct stay stay);

/* Takes over what an EVENT_STATE says besides the state: endpoints, whether
 * the socket listens, and for a child whose listener it comes from. */
void socket_lives_place(struct socket_lives *lives, struct socket_entry *entry,
			const struct event *event);

/* The seed with that cookie whose socket_id is not known; NULL if none is. */
struct socket_entry *socket_lives_find_seed(const struct socket_lives *lives,
					    uint64_t cookie);

/* The socket was seen. wanted: the event passes the user's filter. */
void socket_lives_touch(struct socket_lives *lives, struct socket_entry *entry,
			bool wanted);

void socket_lives_end(struct socket_lives *lives, struct socket_entry *entry);

/* The socket with that cookie is no more: ends the life of an entry that stands
 * for the cookie alone. */
void socket_lives_end_cookie(struct socket_lives *lives, uint64_t cookie);

/* Events were lost in this place. */
void socket_lives_lose(struct socket_lives *lives, uint64_t time_ns);

#endif

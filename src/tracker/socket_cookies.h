/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the socket of a sample on kernels that do not say its address there
 * (before 6.8 to 6.11): by the cookie that was seen with it before, else by its
 * endpoints, where only one socket has them.
 */
#ifndef SOCKET_COOKIES_H
#define SOCKET_COOKIES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/id_map.h"
#include "socket_table.h"
#include "tcpwatch/event.h"

struct socket_cookies {         /* zero-initialise */
	uint32_t *first;        /* by endpoints: index into the socket table, 0 =
	                         * none; NULL until a sample needs it */
	struct id_map map;      /* cookies to indexes */
};

void socket_cookies_done(struct socket_cookies *cookies); /* accepts zeroed */

static inline bool socket_cookies_are_used(const struct socket_cookies *cookies)
{
	return __builtin_expect(cookies->first != NULL, false);
}

/* From now on they are: takes up every socket there is. Does nothing when they
 * are. 0 or -ENOMEM. */
int socket_cookies_use(struct socket_cookies *cookies,
		       struct socket_table *sockets);

/*
 * The entry that a sample without the socket's address belongs to, from then on
 * found by its cookie; NULL when none is known, or several have its endpoints:
 * sockets of different network namespaces may.
 */
struct socket_entry *socket_cookies_find(struct socket_cookies *cookies,
					 struct socket_table *sockets,
					 const struct event *event);

/* The cookie in a SAMPLE; 0 = none. */
uint64_t socket_cookies_of(const struct event *event);

/* What an entry for such a sample is called in the socket table. No kernel
 * address is alike. */
uint64_t socket_cookies_id(const struct event *event);
uint64_t socket_cookies_id_of(uint64_t cookie);

/* The entry has got that cookie (0: does nothing). */
void socket_cookies_bind(struct socket_cookies *cookies,
			 struct socket_table *sockets,
			 struct socket_entry *entry, uint64_t cookie);

/* Takes up an entry by its endpoints; does nothing while they are not used. */
void socket_cookies_add(struct socket_cookies *cookies,
			struct socket_table *sockets,
			struct socket_entry *entry);

/* Before the endpoints change, or the entry goes. Does nothing for one that has
 * not been added. */
void socket_cookies_remove(struct socket_cookies *cookies,
			   struct socket_table *sockets,
			   struct socket_entry *entry);

/* The entry's life is over, or its cookie is in doubt. */
void socket_cookies_unbind(struct socket_cookies *cookies,
			   struct socket_entry *entry);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The listening sockets by their port, so that a child finds its parent. */
#ifndef LISTENER_TABLE_H
#define LISTENER_TABLE_H

#include <stdint.h>

#include "socket_table.h"
#include "tracker.h"
#include "tcpwatch/event.h"

struct listener_table {
	uint32_t *first;        /* by port: index into the socket table; 0 = none */
};

int listener_table_init(struct listener_table *table);  /* 0 or -ENOMEM */
void listener_table_done(struct listener_table *table); /* accepts zeroed */

/* Takes up an entry, under its local port, that is not listening yet. */
void listener_table_add(struct listener_table *table,
			struct socket_table *sockets,
			struct socket_entry *entry);

/* Does nothing for an entry that is not listening. */
void listener_table_remove(struct listener_table *table,
			   struct socket_table *sockets,
			   struct socket_entry *entry);

/*
 * Whose listener a new child at local belongs to, with source OWNER_LISTENER:
 * that of the same address, else one of the unspecified address. All zero when
 * there is none, or when several of one rank have different owners: SO_REUSEPORT
 * and network namespaces look alike from here. Touches the listeners found.
 */
struct owner listener_table_owner(const struct listener_table *table,
				  struct socket_table *sockets,
				  const struct endpoint *local);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* One list of listeners for each port; the links are in the socket entries. */
#include "listener_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS = 65536 };

enum rank { RANK_SAME_ADDRESS, RANK_ANY_ADDRESS };

static bool matches(const struct endpoint *listener,
		    const struct endpoint *child, enum rank rank)
{
	static const uint8_t any[16];
	static const uint8_t any_ipv4[16] = { [10] = 0xff, [11] = 0xff };

	if (rank == RANK_SAME_ADDRESS)
		return !memcmp(listener->address, child->address, sizeof(any));
	/* A socket on [::] takes IPv4 connections too. */
	if (!memcmp(listener->address, any, sizeof(any)))
		return true;
	return endpoint_is_ipv4(child) &&
	       !memcmp(listener->address, any_ipv4, sizeof(any_ipv4));
}

/* False when no listener has that rank; *owner is zeroed if it is not clear. */
static bool find_owner(const struct listener_table *table,
		       struct socket_table *sockets,
		       const struct endpoint *local, enum rank rank,
		       struct owner *owner)
{
	uint32_t index = table->first[local->port];
	bool found = false;

	while (index) {
		struct socket_entry *entry = socket_table_at(sockets, index);

		index = entry->listener_next;
		if (!matches(&entry->local, local, rank))
			continue;
		socket_table_touch(sockets, entry, SOCKET_KEPT);
		if (!found)
			*owner = entry->owner;
		else if (owner->pid != entry->owner.pid)
			*owner = (struct owner){ 0 };
		found = true;
	}
	return found;
}

int listener_table_init(struct listener_table *table)
{
	table->first = calloc(PORTS, sizeof(*table->first));
	return table->first ? 0 : -ENOMEM;
}

void listener_table_done(struct listener_table *table)
{
	free(table->first);
	*table = (struct listener_table){ 0 };
}

void listener_table_add(struct listener_table *table,
			struct socket_table *sockets,
			struct socket_entry *entry)
{
	uint32_t *first = &table->first[entry->local.port];
	uint32_t index = socket_table_index(sockets, entry);

	entry->listening = true;
	entry->listener_previous = 0;
	entry->listener_next = *first;
	if (*first)
		socket_table_at(sockets, *first)->listener_previous = index;
	*first = index;
}

void listener_table_remove(struct listener_table *table,
			   struct socket_table *sockets,
			   struct socket_entry *entry)
{
	uint32_t next = entry->listener_next;
	uint32_t previous = entry->listener_previous;

	if (!entry->listening)
		return;
	entry->listening = false;
	if (next)
		socket_table_at(sockets, next)->listener_previous = previous;
	if (previous)
		socket_table_at(sockets, previous)->listener_next = next;
	else
		table->first[entry->local.port] = next;
}

struct owner listener_table_owner(const struct listener_table *table,
				  struct socket_table *sockets,
				  const struct endpoint *local)
{
	struct owner owner = { 0 };

	if (!find_owner(table, sockets, local, RANK_SAME_ADDRESS, &owner))
		find_owner(table, sockets, local, RANK_ANY_ADDRESS, &owner);
	owner.source = owner.pid ? OWNER_LISTENER : OWNER_UNKNOWN;
	return owner;
}

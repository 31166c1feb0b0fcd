/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of sockets by a hash of their endpoints, whose links are in the entries,
 * and a map of the cookies that are known. */
#include "socket_cookies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tcpwatch/tcp_state.h"

enum { LISTS_SHIFT = 14, LISTS = 1 << LISTS_SHIFT };

/* Kernel addresses have bit 63 set, or lie below 2^53 (s390, 32 bits). */
#define ID_OF_COOKIE (UINT64_C(1) << 62)
#define ID_OF_ENDPOINTS (UINT64_C(1) << 61)

static uint64_t mix(uint64_t hash, const struct endpoint *endpoint)
{
	uint64_t words[2];

	memcpy(words, endpoint->address, sizeof(words));
	hash = (hash ^ words[0]) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32 ^ words[1]) * UINT64_C(0x9e3779b97f4a7c15);
	return (hash ^ hash >> 29 ^ endpoint->port) * UINT64_C(0xbf58476d1ce4e5b9);
}

static uint64_t hash_endpoints(const struct endpoint *local,
			       const struct endpoint *remote)
{
	return mix(mix(0, local), remote);
}

static uint32_t *list_of(const struct socket_cookies *cookies,
			 const struct endpoint *local,
			 const struct endpoint *remote)
{
	return &cookies->first[hash_endpoints(local, remote) >>
			       (64 - LISTS_SHIFT)];
}

static bool is_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port &&
	       !memcmp(a->address, b->address, sizeof(a->address));
}

/* Samples come in ESTABLISHED, of which a loss may have kept us from knowing. */
static bool may_be(const struct socket_entry *entry, const struct event *event)
{
	return entry->tcp.state != TCP_STATE_CLOSE && !entry->cookie_doubted &&
	       is_same(&entry->local, &event->local) &&
	       is_same(&entry->remote, &event->remote);
}

/* The only entry with these endpoints, or NULL. */
static struct socket_entry *find_endpoints(const struct socket_cookies *cookies,
					   const struct socket_table *sockets,
					   const struct event *event)
{
	uint32_t index = *list_of(cookies, &event->local, &event->remote);
	struct socket_entry *found = NULL;

	while (index) {
		struct socket_entry *entry = socket_table_at(sockets, index);

		index = entry->cookie_next;
		if (!may_be(entry, event))
			continue;
		if (found)
			return NULL;
		found = entry;
	}
	return found;
}

void socket_cookies_done(struct socket_cookies *cookies)
{
	free(cookies->first);
	id_map_done(&cookies->map);
	*cookies = (struct socket_cookies){ 0 };
}

static void add_all(struct socket_cookies *cookies,
		    struct socket_table *sockets)
{
	for (size_t list = 0; list < SOCKET_LIST_COUNT; list++) {
		uint32_t index = sockets->lists[list].newest;

		for (; index; index = sockets->pool.links[index].older)
			socket_cookies_add(cookies, sockets,
					   socket_table_at(sockets, index));
	}
}

int socket_cookies_use(struct socket_cookies *cookies,
		       struct socket_table *sockets)
{
	if (cookies->first)
		return 0;
	if (id_map_reserve(&cookies->map, 1))
		return -ENOMEM;
	cookies->first = calloc(LISTS, sizeof(*cookies->first));
	if (!cookies->first)
		return -ENOMEM;
	add_all(cookies, sockets);
	return 0;
}

struct socket_entry *socket_cookies_find(struct socket_cookies *cookies,
					 struct socket_table *sockets,
					 const struct event *event)
{
	uint64_t cookie = socket_cookies_of(event);
	uint32_t index = cookie ? id_map_get(&cookies->map, cookie) : 0;
	struct socket_entry *entry;

	if (index)
		return socket_table_at(sockets, index);
	if (!(event->has & EVENT_HAS_ENDPOINTS))
		return NULL;
	entry = find_endpoints(cookies, sockets, event);
	if (!entry)
		return NULL;
	/* Two cookies at one place: to which of them the entry belongs cannot be
	 * told, so to neither. */
	if (cookie && entry->cookie) {
		socket_cookies_unbind(cookies, entry);
		entry->cookie_doubted = true;
		return NULL;
	}
	socket_cookies_bind(cookies, sockets, entry, cookie);
	return entry;
}

uint64_t socket_cookies_of(const struct event *event)
{
	return event->has & EVENT_HAS_COOKIE ? event->sample.cookie : 0;
}

uint64_t socket_cookies_id_of(uint64_t cookie)
{
	return ID_OF_COOKIE | cookie;
}

uint64_t socket_cookies_id(const struct event *event)
{
	if (event->has & EVENT_HAS_COOKIE)
		return socket_cookies_id_of(socket_cookies_of(event));
	return ID_OF_ENDPOINTS |
	       hash_endpoints(&event->local, &event->remote) >> 3;
}

void socket_cookies_bind(struct socket_cookies *cookies,
			 struct socket_table *sockets,
			 struct socket_entry *entry, uint64_t cookie)
{
	/* Each entry has one at most. Without memory the next sample tries. */
	if (!cookie || id_map_reserve(&cookies->map, sockets->pool.capacity))
		return;
	entry->cookie = cookie;
	id_map_set(&cookies->map, cookie, socket_table_index(sockets, entry));
}

void socket_cookies_add(struct socket_cookies *cookies,
			struct socket_table *sockets,
			struct socket_entry *entry)
{
	uint32_t index = socket_table_index(sockets, entry);
	uint32_t *first;

	if (!cookies->first)
		return;
	first = list_of(cookies, &entry->local, &entry->remote);
	entry->cookie_listed = true;
	entry->cookie_previous = 0;
	entry->cookie_next = *first;
	if (*first)
		socket_table_at(sockets, *first)->cookie_previous = index;
	*first = index;
}

void socket_cookies_remove(struct socket_cookies *cookies,
			   struct socket_table *sockets,
			   struct socket_entry *entry)
{
	uint32_t next = entry->cookie_next;
	uint32_t previous = entry->cookie_previous;

	if (!entry->cookie_listed)
		return;
	entry->cookie_listed = false;
	if (next)
		socket_table_at(sockets, next)->cookie_previous = previous;
	if (previous)
		socket_table_at(sockets, previous)->cookie_next = next;
	else
		*list_of(cookies, &entry->local, &entry->remote) = next;
}

void socket_cookies_unbind(struct socket_cookies *cookies,
			   struct socket_entry *entry)
{
	if (entry->cookie)
		id_map_remove(&cookies->map, entry->cookie);
	entry->cookie = 0;
}

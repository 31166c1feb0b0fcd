/* SPDX-License-Identifier: BSD-2-Clause */
/* Two maps by the two ends of a socket: seeds without an address, for as long
 * as there are any, and what else is known, for as long as the list is read. */
#include "socket_seeds.h"

#include <string.h>

#include "tcpwatch/tcp_state.h"

/* No entry has such an index. */
#define SEEDS_AMBIGUOUS UINT32_MAX
#define SEEDS_ENDED (UINT32_MAX - 1)

/* The kernel tells of a change before it makes it, and may be interrupted in
 * between: a state this old may still be seen. */
enum { TELLING_NS = 10 * 1000 * 1000 };

static uint64_t mix(uint64_t key, uint64_t word)
{
	key = (key ^ word) * UINT64_C(0x9fb21c651e98df25);
	return key ^ key >> 32;
}

static uint64_t mix_end(uint64_t key, const struct endpoint *end)
{
	uint64_t words[2];

	memcpy(words, end->address, sizeof(words));
	return mix(mix(mix(key, words[0]), words[1]), end->port);
}

static uint64_t key_of(const struct endpoint *local,
		       const struct endpoint *remote)
{
	return mix_end(mix_end(1, local), remote);
}

/* Of a socket that connects: its own end is not chosen when it is told of. */
static uint64_t connecting_key(const struct endpoint *remote)
{
	return mix_end(2, remote);
}

static uint64_t key_of_entry(const struct socket_entry *entry)
{
	if (!entry->local.port)
		return connecting_key(&entry->remote);
	return key_of(&entry->local, &entry->remote);
}

static bool has_ends(const struct socket_entry *entry,
		     const struct endpoint *local, const struct endpoint *remote)
{
	return !memcmp(&entry->local, local, sizeof(*local)) &&
	       !memcmp(&entry->remote, remote, sizeof(*remote));
}

static uint32_t map_get(const struct seeds_map *map, uint64_t key)
{
	return map->map.slots ? id_map_get(&map->map, key) : 0;
}

/* False when memory is short. */
static bool map_set(struct seeds_map *map, uint64_t key, uint32_t index)
{
	if (map_get(map, key)) {
		id_map_remove(&map->map, key);
		map->count--;
	}
	if (id_map_reserve(&map->map, map->count + 1))
		return false;
	id_map_set(&map->map, key, index);
	map->count++;
	return true;
}

static void map_remove(struct seeds_map *map, uint64_t key)
{
	if (!map_get(map, key))
		return;
	id_map_remove(&map->map, key);
	map->count--;
}

static void map_done(struct seeds_map *map)
{
	id_map_done(&map->map);
	map->count = 0;
}

static void update(struct socket_seeds *seeds)
{
	seeds->watching = seeds->listing ||
			  (seeds->placeless && seeds->unbound.count);
}

/* What is known of entries is worth nothing if some are missing. */
static void stop_listing(struct socket_seeds *seeds)
{
	map_done(&seeds->known);
	seeds->listing = false;
	update(seeds);
}

void socket_seeds_done(struct socket_seeds *seeds)
{
	map_done(&seeds->unbound);
	map_done(&seeds->known);
	*seeds = (struct socket_seeds){ 0 };
}

static void note_all(struct socket_seeds *seeds,
		     const struct socket_table *sockets, const struct lru *lru)
{
	uint32_t index = lru->oldest;

	while (index) {
		const struct socket_entry *entry = socket_table_at(sockets, index);

		/* What was closed before the list began is not in it. */
		if (entry->tcp.state != TCP_STATE_CLOSE)
			socket_seeds_note(seeds, sockets, entry);
		index = sockets->pool.links[index].newer;
	}
}

/* Bits 62 and 61, see socket_seeds_id() and socket_cookies_id(). */
static bool has_own_id(const struct socket_entry *entry)
{
	return !(entry->socket_id >> 63) && entry->socket_id >> 61;
}

void socket_seeds_begin(struct socket_seeds *seeds,
			const struct socket_table *sockets)
{
	seeds->listing = true;
	update(seeds);
	for (int list = 0; list < SOCKET_LIST_COUNT; list++)
		note_all(seeds, sockets, &sockets->lists[list]);
}

void socket_seeds_end(struct socket_seeds *seeds)
{
	stop_listing(seeds);
}

void socket_seeds_note(struct socket_seeds *seeds,
		       const struct socket_table *sockets,
		       const struct socket_entry *entry)
{
	uint32_t index = socket_table_index(sockets, entry);
	uint32_t found;
	uint64_t key;

	/* One with an id of ours may be listed: its address is to come. */
	if (!seeds->listing || !entry->family || has_own_id(entry))
		return;
	key = key_of_entry(entry);
	found = map_get(&seeds->known, key);
	if (found == index)
		return;
	/* An entry that has moved on is not meant by its former ends. */
	if (found && (found >= SEEDS_ENDED ||
		      key_of_entry(socket_table_at(sockets, found)) == key))
		index = SEEDS_AMBIGUOUS;
	if (!map_set(&seeds->known, key, index))
		stop_listing(seeds);
}

void socket_seeds_forget(struct socket_seeds *seeds,
			 const struct socket_table *sockets,
			 const struct socket_entry *entry)
{
	uint64_t key = key_of_entry(entry);

	if (!entry->family)
		return;
	if (socket_seeds_is_unbound(entry)) {
		if (map_get(&seeds->unbound, key) ==
		    socket_table_index(sockets, entry))
			map_remove(&seeds->unbound, key);
		update(seeds);
		return;
	}
	if (seeds->listing && !map_set(&seeds->known, key, SEEDS_ENDED))
		stop_listing(seeds);
}

void socket_seeds_miss_place(struct socket_seeds *seeds)
{
	seeds->placeless = true;
	update(seeds);
}

/* Whether the entry may have been in that state when it was looked at. */
static bool may_have_been(const struct socket_entry *entry,
			  const struct event *seen)
{
	return entry->tcp.state == TCP_STATE_UNKNOWN ||
	       entry->tcp.state == seen->seen.state ||
	       entry->tcp.since_ns + TELLING_NS >= seen->seen.from_ns;
}

/* The owners tell listeners of one address and port apart (SO_REUSEPORT). */
static bool is_other_listener(const struct socket_entry *entry,
			      const struct event *seen)
{
	return entry->listening && entry->owner.source == OWNER_EVENT &&
	       (seen->has & EVENT_HAS_TGID) &&
	       entry->owner.pid != seen->seen.tgid;
}

/* A second socket with these ends: which one the entry is cannot be told. */
static void part(struct socket_seeds *seeds, struct socket_entry *entry)
{
	entry->seed_cookie = 0;
	if (entry->owner.source == OWNER_SEED)
		entry->owner = (struct owner){ 0 };
	if (!map_set(&seeds->known, key_of_entry(entry), SEEDS_AMBIGUOUS))
		stop_listing(seeds);
}

enum seeds_match socket_seeds_match(struct socket_seeds *seeds,
				    const struct socket_table *sockets,
				    const struct event *seen,
				    struct socket_entry **entry)
{
	uint32_t found = map_get(&seeds->known, key_of(&seen->local, &seen->remote));
	struct socket_entry *known;

	if (!seeds->listing || found >= SEEDS_ENDED ||
	    (seen->seen.state == TCP_STATE_SYN_SENT &&
	     map_get(&seeds->known, connecting_key(&seen->remote))))
		return SEEDS_MATCH_UNSURE;
	if (!found)
		return SEEDS_MATCH_NONE;
	known = socket_table_at(sockets, found);
	if (!has_ends(known, &seen->local, &seen->remote) ||
	    is_other_listener(known, seen))
		return SEEDS_MATCH_NONE;
	if (known->tcp.state == TCP_STATE_CLOSE || !may_have_been(known, seen))
		return SEEDS_MATCH_UNSURE;
	if (known->seed_cookie && known->seed_cookie != seen->cookie) {
		part(seeds, known);
		return SEEDS_MATCH_UNSURE;
	}
	*entry = known;
	return SEEDS_MATCH_ENTRY;
}

bool socket_seeds_add(struct socket_seeds *seeds,
		      const struct socket_table *sockets,
		      const struct socket_entry *entry)
{
	uint64_t key = key_of_entry(entry);
	uint32_t index = map_get(&seeds->unbound, key) ?
			 SEEDS_AMBIGUOUS : socket_table_index(sockets, entry);
	bool added = map_set(&seeds->unbound, key, index);

	update(seeds);
	return added;
}

/* Only what came late or was lost explains another state than the seed's. */
static bool fits(const struct socket_entry *entry, const struct event *event,
		 uint32_t losses)
{
	return event->kind != EVENT_STATE || event->late ||
	       entry->tcp.losses != losses ||
	       entry->tcp.state == event->state.old_state;
}

struct socket_entry *socket_seeds_find(const struct socket_seeds *seeds,
				       const struct socket_table *sockets,
				       const struct event *event,
				       uint32_t losses)
{
	struct socket_entry *entry;
	uint32_t index;

	if (!seeds->unbound.count || !(event->has & EVENT_HAS_ENDPOINTS))
		return NULL;
	index = map_get(&seeds->unbound, key_of(&event->local, &event->remote));
	if (!index || index == SEEDS_AMBIGUOUS)
		return NULL;
	entry = socket_table_at(sockets, index);
	return has_ends(entry, &event->local, &event->remote) &&
	       fits(entry, event, losses) ? entry : NULL;
}

void socket_seeds_bind(struct socket_seeds *seeds, struct socket_table *sockets,
		       struct socket_entry *entry, uint64_t socket_id)
{
	map_remove(&seeds->unbound, key_of_entry(entry));
	update(seeds);
	socket_table_rename(sockets, entry, socket_id);
	socket_seeds_note(seeds, sockets, entry);
}

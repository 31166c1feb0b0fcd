/* SPDX-License-Identifier: BSD-2-Clause */
/* Linear probing, at most half full; removal shifts back, so that no
 * tombstones slow a long run down. */
#include "id_map.h"

#include <errno.h>
#include <stdlib.h>

enum { SLOTS_MIN_SHIFT = 4, ID_BITS = 64 };

static size_t home_of(const struct id_map *map, uint64_t id)
{
	/* 2^64 divided by the golden ratio: kernel addresses differ in their
	 * middle bits, which this spreads into the upper ones. */
	return (size_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> map->shift);
}

static size_t slot_of(const struct id_map *map, uint64_t id)
{
	size_t slot = home_of(map, id);

	while (map->slots[slot].index && map->slots[slot].id != id)
		slot = (slot + 1) & map->mask;
	return slot;
}

int id_map_reserve(struct id_map *map, size_t count)
{
	struct id_map bigger = { .shift = ID_BITS - SLOTS_MIN_SHIFT };
	size_t slot, slots = (size_t)1 << SLOTS_MIN_SHIFT;

	for (; slots < 2 * count; slots *= 2)
		bigger.shift--;
	if (map->slots && slots <= map->mask + 1)
		return 0;
	bigger.mask = slots - 1;
	bigger.slots = calloc(slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (slot = 0; map->slots && slot <= map->mask; slot++)
		if (map->slots[slot].index)
			id_map_set(&bigger, map->slots[slot].id,
				   map->slots[slot].index);
	free(map->slots);
	*map = bigger;
	return 0;
}

void id_map_done(struct id_map *map)
{
	free(map->slots);
	*map = (struct id_map){ 0 };
}

uint32_t id_map_get(const struct id_map *map, uint64_t id)
{
	return map->slots[slot_of(map, id)].index;
}

void id_map_set(struct id_map *map, uint64_t id, uint32_t index)
{
	map->slots[slot_of(map, id)] = (struct id_map_slot){ id, index };
}

void id_map_remove(struct id_map *map, uint64_t id)
{
	size_t hole = slot_of(map, id);
	size_t slot = hole;

	if (!map->slots[hole].index)
		return;
	for (;;) {
		size_t home;

		slot = (slot + 1) & map->mask;
		if (!map->slots[slot].index)
			break;
		/* An entry may fill the hole unless its home lies behind it. */
		home = home_of(map, map->slots[slot].id);
		if (((slot - home) & map->mask) < ((slot - hole) & map->mask))
			continue;
		map->slots[hole] = map->slots[slot];
		hole = slot;
	}
	map->slots[hole].index = 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* From a 64-bit id to the index of an entry in a pool: open addressing, whose
 * room is reserved beforehand so that setting never allocates. */
#ifndef ID_MAP_H
#define ID_MAP_H

#include <stddef.h>
#include <stdint.h>

struct id_map_slot {
	uint64_t id;
	uint32_t index;         /* 0 = empty slot */
};

struct id_map {                 /* zero-initialise, then reserve */
	struct id_map_slot *slots;
	size_t mask;            /* number of slots - 1 */
	unsigned int shift;     /* of the hash, down to the number of slots */
};

/* Room for count ids (> 0, at most UINT32_MAX). 0, or -ENOMEM with the map as
 * it was. */
int id_map_reserve(struct id_map *map, size_t count);

void id_map_done(struct id_map *map);   /* accepts a zeroed object */

/* The index set for the id; 0 when there is none. */
uint32_t id_map_get(const struct id_map *map, uint64_t id);

/* index > 0. The id must not be in the map, and room for it be reserved. */
void id_map_set(struct id_map *map, uint64_t id, uint32_t index);

/* Does nothing for an id that is not in the map. */
void id_map_remove(struct id_map *map, uint64_t id);

#endif

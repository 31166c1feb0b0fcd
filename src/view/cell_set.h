/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets cells in place; each is CELL_NONE before, and stays so where nothing is
 * known. */
#ifndef CELL_SET_H
#define CELL_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"
#include "common/wall_clock.h"
#include "output/column.h"
#include "tracker/tracker.h"
#include "view_row.h"

static inline void cell_set_number(struct cell *cell, uint64_t value)
{
	cell->type = CELL_NUMBER;
	cell->number = value < INT64_MAX ? (int64_t)value : INT64_MAX;
}

/* Of a value that may be negative. */
static inline void cell_set_integer(struct cell *cell, int64_t value)
{
	cell->type = CELL_NUMBER;
	cell->number = value;
}

/* Any type that is stored in id. */
static inline void cell_set_id(struct cell *cell, enum cell_type type,
			       uint64_t id)
{
	cell->type = (uint8_t)type;
	cell->id = id;
}

static inline void cell_set_bool(struct cell *cell, bool value)
{
	cell->type = CELL_BOOL;
	cell->id = value;
}

static inline void cell_set_duration(struct cell *cell, struct span span)
{
	cell->type = CELL_DURATION;
	cell->span = span;
}

static inline void cell_set_ms(struct cell *cell, uint64_t ns)
{
	cell->type = CELL_MS;
	cell->id = ns;
}

/* Where the wall clock is known. */
static inline void cell_set_wall(struct cell *cell,
				 const struct wall_clock *wall, uint64_t time_ns)
{
	if (wall->known)
		cell_set_id(cell, CELL_WALL, wall_clock_ns(wall, time_ns));
}

/* text: ours, or NULL when not known; borrowed until the row is out. */
static inline void cell_set_text(struct cell *cell, const char *text)
{
	if (!text)
		return;
	cell->type = CELL_TEXT;
	cell->text = text;
}

/* endpoint: borrowed likewise. */
static inline void cell_set_endpoint(struct cell *cell, enum cell_type type,
				     uint8_t family,
				     const struct endpoint *endpoint)
{
	cell->type = (uint8_t)type;
	cell->family = family;
	cell->endpoint = endpoint;
}

/* The columns of both ends, in one and by themselves. */
static inline void cell_set_ends(struct cell *cells, uint8_t family,
				 const struct endpoint *local,
				 const struct endpoint *remote)
{
	cell_set_number(&cells[COLUMN_FAMILY], family);
	cell_set_endpoint(&cells[COLUMN_LOCAL], CELL_ENDPOINT, family, local);
	cell_set_endpoint(&cells[COLUMN_LADDR], CELL_ADDRESS, family, local);
	cell_set_number(&cells[COLUMN_LPORT], local->port);
	cell_set_endpoint(&cells[COLUMN_REMOTE], CELL_ENDPOINT, family, remote);
	cell_set_endpoint(&cells[COLUMN_RADDR], CELL_ADDRESS, family, remote);
	cell_set_number(&cells[COLUMN_RPORT], remote->port);
}

/* Of length 0: not known. */
static inline void cell_set_word(struct cell *cell, const struct word *word)
{
	if (!word->length)
		return;
	cell->type = CELL_WORD;
	cell->word = word;
}

/* Both borrowed likewise. */
static inline void cell_set_map(struct cell *cell, const struct cell_map *map)
{
	cell->type = CELL_MAP;
	cell->map = map;
}

static inline void cell_set_list(struct cell *cell,
				 const struct cell_list *list)
{
	cell->type = CELL_LIST;
	cell->list = list;
}

/* owner: borrowed likewise. */
static inline void cell_set_owner(struct cell *cells, const struct owner *owner)
{
	cell_set_word(&cells[COLUMN_OWNER], view_row_owner(owner));
	if (owner->pid)
		cell_set_number(&cells[COLUMN_PID], (uint64_t)owner->pid);
	if (!owner->comm[0])
		return;
	cells[COLUMN_COMM].type = CELL_COMM;
	cells[COLUMN_COMM].comm = owner->comm;
}

#endif

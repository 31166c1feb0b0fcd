/* SPDX-License-Identifier: BSD-2-Clause */
/* What a row tells of a whole life. */
#ifndef LIFE_CELLS_H
#define LIFE_CELLS_H

#include <stdint.h>

#include "life.h"
#include "output/column.h"
#include "view_row.h"

struct life_cells {             /* what cells point to until the row is out */
	struct cell_map states, congs, retrans;
};

/* The cells of the life, in a row that view_row_fill() has begun. now_ns: event time,
 * up to which a life that goes on has lasted. */
void life_cells_fill(struct life_cells *own, struct view_row *view_row,
		     const struct life *life, uint64_t now_ns);

#endif

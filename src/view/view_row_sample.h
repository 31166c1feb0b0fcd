/* SPDX-License-Identifier: BSD-2-Clause */
/* What a row of a sample tells beside what all rows do. */
#ifndef VIEW_ROW_SAMPLE_H
#define VIEW_ROW_SAMPLE_H

#include "tracker/tracker.h"
#include "view_row.h"

/* For view_row_fill(): the cells of an EVENT_SAMPLE. */
void view_row_sample_fill(struct view_row *view_row,
			  const struct observation *observation);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* How a row tells that events were lost. */
#ifndef VIEW_ROW_LOST_H
#define VIEW_ROW_LOST_H

#include "output/column.h"
#include "view_row.h"
#include "tcpwatch/event.h"

/* For view_row_fill(): the cells of an EVENT_LOST, in words. */
void view_row_lost_fill(struct view_row *view_row, const struct event *event);

/*
 * For tables that have no column for a loss, where a line of words would break
 * who reads columns: LOST in the first of two columns, and "159@CPU3" in the
 * second, where nothing else has either name. After view_row_fill().
 */
void view_row_lost_tell(struct view_row *view_row, const struct event *event,
			enum column_id first, enum column_id second);

#endif

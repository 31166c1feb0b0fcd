/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns that a view shows unless the user names others. */
#ifndef VIEW_ROW_LIST_H
#define VIEW_ROW_LIST_H

#include <stdint.h>

#include "output/column.h"
#include "output/column_list.h"
#include "view.h"

/* Begins a list with the columns of -T and -t; titles as in struct column_use. */
void view_row_list_times(struct column_list *list,
			 const struct view_options *options,
			 const char *time_title, const char *since_title);

/* Appends a column; width and title as in struct column_use. */
void view_row_list(struct column_list *list, enum column_id id,
		   const char *title, uint8_t width);

#endif

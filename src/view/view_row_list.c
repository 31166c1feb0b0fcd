/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of the columns that are shown; see view_row_list.h. */
#include "view_row_list.h"

void view_row_list_times(struct column_list *list,
			 const struct view_options *options,
			 const char *time_title, const char *since_title)
{
	list->count = 0;
	if (options->time)
		view_row_list(list, COLUMN_TIME, time_title, 0);
	if (options->since)
		view_row_list(list, COLUMN_SINCE, since_title, 0);
}

void view_row_list(struct column_list *list, enum column_id id,
		   const char *title, uint8_t width)
{
	list->uses[list->count++] = (struct column_use){
		.id = id, .title = title, .width = width
	};
}

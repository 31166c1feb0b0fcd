/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of each mode of the view of congestion states. */
#include "view_cong.h"

#include "view_row.h"
#include "view_row_list.h"

enum mode { MODE_TIMES, MODE_DISTRIBUTION, MODE_CHANGES, MODE_COUNT };

static enum mode mode_of(const struct view_options *options)
{
	return options->changes ? MODE_CHANGES :
	       options->distribution ? MODE_DISTRIBUTION : MODE_TIMES;
}

static const enum column_id changes_table[] = {
	COLUMN_PID, COLUMN_COMM, COLUMN_LOCAL, COLUMN_REMOTE, COLUMN_OLD,
	COLUMN_NEW, COLUMN_DURATION
}, changes_csv[] = {
	COLUMN_EVENT, COLUMN_SOCK, COLUMN_PID, COLUMN_COMM, VIEW_CONG_ENDS,
	COLUMN_OLD, COLUMN_NEW, COLUMN_DURATION, COLUMN_WHY
}, table_ms[] = {
	COLUMN_LOCAL, COLUMN_REMOTE, VIEW_CONG_TIMES_MS, COLUMN_CHANGES
}, table_us[] = {
	COLUMN_LOCAL, COLUMN_REMOTE, VIEW_CONG_TIMES_US, COLUMN_CHANGES
}, csv_ms[] = {
	COLUMN_EVENT, COLUMN_SOCK, COLUMN_PID, COLUMN_COMM, VIEW_CONG_ENDS,
	VIEW_CONG_TIMES_MS, COLUMN_CHANGES, COLUMN_WHY
}, csv_us[] = {
	COLUMN_EVENT, COLUMN_SOCK, COLUMN_PID, COLUMN_COMM, VIEW_CONG_ENDS,
	VIEW_CONG_TIMES_US, COLUMN_CHANGES, COLUMN_WHY
}, distribution_csv[] = {
	COLUMN_EVENT, COLUMN_CONG, COLUMN_COUNT_LOST, COLUMN_P50_MS,
	COLUMN_P99_MS, COLUMN_WHY
};

/* None: distributions are drawn. */
#define DRAWN { NULL, 0 }

static const struct column_ids default_ids[MODE_COUNT][2][2] = { /* us, csv */
	[MODE_TIMES] = {
		{ COLUMN_IDS(table_ms), COLUMN_IDS(csv_ms) },
		{ COLUMN_IDS(table_us), COLUMN_IDS(csv_us) }
	},
	[MODE_DISTRIBUTION] = {
		{ DRAWN, COLUMN_IDS(distribution_csv) },
		{ DRAWN, COLUMN_IDS(distribution_csv) }
	},
	[MODE_CHANGES] = {
		{ COLUMN_IDS(changes_table), COLUMN_IDS(changes_csv) }
	}
};

/* As bcc's tcpcong has it. */
static const char *title_of(const struct view_options *options,
			    enum column_id id)
{
	if (mode_of(options) != MODE_TIMES)
		return NULL;
	return id == COLUMN_LOCAL ? "LAddrPort" :
	       id == COLUMN_REMOTE ? "RAddrPort" : NULL;
}

void view_cong_columns(const struct view_options *options, bool csv,
		       struct column_list *list)
{
	enum mode mode = mode_of(options);
	const struct column_ids *ids =
		&default_ids[mode][options->microseconds][csv];

	list->count = 0;
	if (mode != MODE_DISTRIBUTION || csv)
		view_row_list_times(list, options, NULL, NULL);
	if (options->kernel_addresses && mode == MODE_CHANGES)
		view_row_list(list, COLUMN_SKADDR, NULL, 0);
	if (options->wide && !csv && mode != MODE_DISTRIBUTION)
		view_row_list(list, COLUMN_SOCK, NULL, 0);
	if (options->wide && !csv && mode == MODE_TIMES) {
		view_row_list(list, COLUMN_PID, NULL, 0);
		view_row_list(list, COLUMN_COMM, NULL, 0);
	}
	for (size_t i = 0; i < ids->count; i++)
		view_row_list(list, ids->ids[i],
			      csv ? NULL : title_of(options, ids->ids[i]), 0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Which columns the view of congestion states shows in each of its modes. */
#ifndef VIEW_CONG_H
#define VIEW_CONG_H

#include <stdbool.h>

#include "output/column_list.h"
#include "view.h"

/* For lists of columns. */
#define VIEW_CONG_TIMES_MS \
	COLUMN_OPEN_MS, COLUMN_DISORDER_MS, COLUMN_RECOVERY_MS, COLUMN_CWR_MS, \
	COLUMN_LOSS_MS
#define VIEW_CONG_TIMES_US \
	COLUMN_OPEN_US, COLUMN_DISORDER_US, COLUMN_RECOVERY_US, COLUMN_CWR_US, \
	COLUMN_LOSS_US
#define VIEW_CONG_ENDS COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT

/* For view_ops.default_columns. */
void view_cong_columns(const struct view_options *options, bool csv,
		       struct column_list *list);

#endif

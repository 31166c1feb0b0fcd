/* SPDX-License-Identifier: BSD-2-Clause */
/* What the views have in common that sum up: intervals, and rows that tell of
 * more than one event. */
#ifndef VIEW_SUMMARY_H
#define VIEW_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "interval.h"
#include "view.h"
#include "view_row.h"

struct view_summary {
	struct view_row row;    /* first: view_row_new() */
	struct interval interval;
	uint64_t first_ns;      /* the first interval began */
	uint64_t seen_ns;       /* latest event up to now */
};

/* Prints what was summed up by end_ns; ended: and begins anew with nothing.
 * Returns how many rows. */
typedef unsigned int view_summary_report_fn(struct view *view, uint64_t end_ns,
					    bool ended);

/* After view_row_new(). */
void view_summary_init(struct view_summary *summary,
		       const struct view_options *options);

/* Before an observation is counted: reports every interval that ended before
 * it. Returns how many rows that made. */
unsigned int view_summary_advance(struct view_summary *summary,
				  const struct observation *observation,
				  view_summary_report_fn *report);

/* For view_ops.report. */
unsigned int view_summary_report(struct view_summary *summary, bool final,
				 view_summary_report_fn *report);

/* Begins the row of that kind about the interval until end_ns: its times are
 * set, all other cells are empty. */
struct cell *view_summary_row(struct view_summary *summary,
			      const struct row_kind *kind, uint64_t end_ns);

/* Prints the row that was begun. */
void view_summary_put(struct view_summary *summary);

/* Prints the row of a LOST event; columns as in view_row_tell_loss(). */
void view_summary_lost(struct view_summary *summary,
		       const struct observation *observation,
		       enum column_id first, enum column_id second);

/* For view_ops.is_done. */
static inline bool view_summary_is_done(const struct view_summary *summary)
{
	return interval_is_last(&summary->interval);
}

#endif

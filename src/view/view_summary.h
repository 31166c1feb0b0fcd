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

/* Prints what was summed up by end_ns; ended: and begins anew with nothing.
 * Returns how many rows. */
typedef unsigned int view_summary_put_fn(struct view *view, uint64_t end_ns,
					 bool ended);

struct view_summary {
	struct view_row row;    /* first: view_row_new() */
	struct interval interval;
	view_summary_put_fn *put_all; /* NULL: each row is of one event */
	uint64_t first_ns;      /* the first interval began */
	uint64_t seen_ns;       /* latest event up to now */
};

/* After view_row_new(). put_all: NULL where the options ask for no sums. */
void view_summary_init(struct view_summary *summary,
		       const struct view_options *options,
		       view_summary_put_fn *put_all);

/* Before an observation is counted: reports every interval that ended before
 * it. Returns how many rows that made. */
unsigned int view_summary_advance(struct view_summary *summary,
				  const struct observation *observation);

/* Instead, where something else than time ends the intervals. */
void view_summary_see(struct view_summary *summary,
		      const struct observation *observation);

/* For view_ops.report and view_ops.is_done, as they are, of views whose first
 * member is a struct view_summary. */
unsigned int view_summary_report(struct view *view, bool final,
				 struct wall_clock wall);
bool view_summary_is_done(const struct view *view);

/* Begins the row of that kind about the interval until end_ns: its times are
 * set, all other cells are empty. */
struct cell *view_summary_row(struct view_summary *summary,
			      const struct row_kind *kind, uint64_t end_ns);

/* Prints the row that was begun. */
void view_summary_put(struct view_summary *summary);

/* Prints the row of a LOST event; columns as in view_row_lost_tell(). */
void view_summary_lost(struct view_summary *summary,
		       const struct observation *observation,
		       enum column_id first, enum column_id second);

#endif

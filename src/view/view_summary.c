/* SPDX-License-Identifier: BSD-2-Clause */
/* Intervals and rows of views that sum up; see view_summary.h. */
#include "view_summary.h"

#include <string.h>

#include "cell_set.h"
#include "view_row_lost.h"

void view_summary_init(struct view_summary *summary,
		       const struct view_options *options,
		       view_summary_put_fn *put_all)
{
	summary->put_all = put_all;
	summary->interval = (struct interval){
		.period_ns = options->interval_ns,
		.wanted = options->outputs,
	};
}

void view_summary_see(struct view_summary *summary,
		      const struct observation *observation)
{
	if (observation->event.time_ns > summary->seen_ns)
		summary->seen_ns = observation->event.time_ns;
}

unsigned int view_summary_advance(struct view_summary *summary,
				  const struct observation *observation)
{
	uint64_t now_ns = observation->event.time_ns, end_ns;
	unsigned int rows = 0;

	while (interval_has_ended(&summary->interval, now_ns, &end_ns)) {
		rows += summary->put_all((struct view *)summary, end_ns, true);
		interval_next(&summary->interval);
	}
	if (!summary->first_ns)
		summary->first_ns = summary->interval.begin_ns;
	view_summary_see(summary, observation);
	return rows;
}

unsigned int view_summary_report(struct view *view, bool final,
				 struct wall_clock wall)
{
	struct view_summary *summary = (struct view_summary *)view;

	summary->row.wall = wall;
	if (!summary->put_all || view_summary_is_done(view))
		return 0;
	return summary->put_all(view, summary->seen_ns, final);
}

bool view_summary_is_done(const struct view *view)
{
	const struct view_summary *summary = (const struct view_summary *)view;

	return interval_is_last(&summary->interval);
}

struct cell *view_summary_row(struct view_summary *summary,
			      const struct row_kind *kind, uint64_t end_ns)
{
	struct row *row = &summary->row.row;
	struct cell *cells = row->cells;
	uint64_t begin_ns = summary->interval.begin_ns;

	memset(cells, 0, sizeof(row->cells));
	row->kind = kind;
	cell_set_wall(&cells[COLUMN_TIME], &summary->row.wall, end_ns);
	cell_set_id(&cells[COLUMN_SINCE], CELL_SINCE, end_ns - summary->first_ns);
	cell_set_number(&cells[COLUMN_MONO_NS], end_ns);
	cell_set_ms(&cells[COLUMN_INTERVAL], end_ns - begin_ns);
	return cells;
}

void view_summary_put(struct view_summary *summary)
{
	output_row(summary->row.output, &summary->row.row);
}

void view_summary_lost(struct view_summary *summary,
		       const struct observation *observation,
		       enum column_id first, enum column_id second)
{
	struct view_row *row = &summary->row;

	memset(row->row.cells, 0, sizeof(row->row.cells));
	if (summary->first_ns) {
		row->begun = true;
		row->first_ns = summary->first_ns;
	}
	view_row_fill(row, &view_row_kind_lost, observation);
	view_row_lost_tell(row, &observation->event, first, second);
	output_row(row->output, &row->row);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Observations to a view; see watch_rows.h. */
#include "watch_rows.h"

#include "common/wall_clock.h"

bool watch_rows_are_all(const struct watch_rows *rows)
{
	const struct view_ops *view = rows->options->view;

	return (rows->options->rows && rows->count >= rows->options->rows) ||
	       (view->is_done && view->is_done(rows->view));
}

static void add(struct watch_rows *rows, unsigned int count)
{
	const uint64_t limit = rows->options->rows;

	/* What came in one go beyond the limit has not been printed. */
	rows->count += count;
	if (limit && rows->count > limit)
		rows->count = limit;
	if (watch_rows_are_all(rows))
		rows->over = true;
}

void watch_rows_take(void *context, const struct observation *observation)
{
	struct watch_rows *rows = context;
	const struct watch_source *source = rows->source;
	const struct view_ops *view = rows->options->view;

	if (watch_rows_are_all(rows) ||
	    observation->event.time_ns < source->from_ns ||
	    (!view->takes_all && !filter_observation(rows->filter, observation)))
		return;
	if (observation->event.time_ns > source->to_ns) {
		rows->over = true;
		return;
	}
	add(rows, view->take(rows->view, observation,
			     wall_clock_of(&source->facts)));
}

void watch_rows_report(struct watch_rows *rows, bool final)
{
	const struct view_ops *view = rows->options->view;

	if (view->report && !watch_rows_are_all(rows))
		add(rows, view->report(rows->view, final,
				       wall_clock_of(&rows->source->facts)));
}

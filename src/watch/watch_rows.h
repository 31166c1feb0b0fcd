/* SPDX-License-Identifier: BSD-2-Clause */
/* Which observations a view is shown, and when it has made rows enough. */
#ifndef WATCH_ROWS_H
#define WATCH_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "filter/filter.h"
#include "options/options.h"
#include "tracker/tracker.h"
#include "view/view.h"
#include "watch_source.h"

struct watch_rows {             /* what is pointed to is borrowed */
	const struct options *options;
	const struct filter *filter;
	const struct watch_source *source; /* wall clock, from when to when */
	struct view *view;      /* of options->view */
	uint64_t count;         /* up to now */
	bool over;              /* no more events are wanted */
};

/* Those that were asked for are there: nothing more is to be shown. */
bool watch_rows_are_all(const struct watch_rows *rows);

/* For observation_sink.take; context: struct watch_rows. */
void watch_rows_take(void *context, const struct observation *observation);

/* What has been summed up so far; final: as in view_ops.report. */
void watch_rows_report(struct watch_rows *rows, bool final);

#endif

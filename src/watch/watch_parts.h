/* SPDX-License-Identifier: BSD-2-Clause */
/* All that a watch is made of: opened in the order in which one needs the other,
 * until this process has no right left that it could do without. */
#ifndef WATCH_PARTS_H
#define WATCH_PARTS_H

#include "filter/filter.h"
#include "keeper_process.h"
#include "options/options.h"
#include "output/output.h"
#include "output/output_journal.h"
#include "process/command.h"
#include "tracker/tracker.h"
#include "view/view.h"
#include "watch_rows.h"
#include "watch_source.h"
#include "tcpwatch/error.h"

struct watch_parts {
	const struct options *options;  /* borrowed */
	struct filter filter;           /* the user's, or who is followed */
	struct command command;
	struct output_journal *journal; /* NULL: there is none */
	struct output *output;
	struct view *view;
	struct watch_source source;
	struct keeper_process keeper;   /* without one the rights are ours */
	struct tracker *tracker;
	struct watch_rows rows;         /* what the tracker's sink is */
	int wait_fd;                    /* watch_wait.h */
};

/* Not to be moved afterwards. EXIT_DONE (watch.h), or another exit code with *err;
 * either way watch_parts_close() has to follow. */
int watch_parts_open(struct watch_parts *parts, const struct options *options,
		     struct error *err);
void watch_parts_close(struct watch_parts *parts);

/* Who has the rights that were given up; NULL: they are ours. */
const struct keeper *watch_parts_keeper(const struct watch_parts *parts);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* All that was counted, as an exposition: what a scraper gets. */
#ifndef METRICS_WRITE_H
#define METRICS_WRITE_H

#include <stdbool.h>

#include "metrics.h"
#include "metrics_text.h"
#include "tracker/tracker.h"

struct metrics_written {
	const struct metrics *metrics;
	const struct tracker_counts *counts;
	bool srtt;              /* samples are taken */
};

/* Into an empty text of either format; after metrics_settle(). */
void metrics_write(const struct metrics_written *written,
		   struct metrics_text *text);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of how counters have grown and what that says: one of all, where the output
 * nests, else one each. */
#ifndef COUNTER_ROWS_H
#define COUNTER_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "counter_spans.h"
#include "output/column.h"
#include "verdict.h"
#include "view.h"
#include "view_row.h"
#include "tcpwatch/tcp_counters.h"

enum { COUNTER_ROWS_LINE = VERDICT_TEXT_BYTES + 128 };

struct counter_rows {
	struct view_row row;    /* first: view_row_new() */
	bool traced;            /* the caller's: retransmissions are */
	uint64_t first_ns;      /* likewise: when the run began */
	bool intervals;         /* rows of the whole run are not the only ones */
	bool zeros, nests;
	struct word names[TCP_COUNTER_COUNT];

	/* Of the rows that are being made. */
	struct counter_span span; /* the caller's */
	struct verdicts verdicts;
	char notes[VERDICT_NOTES][VERDICT_TEXT_BYTES];
	char line[COUNTER_ROWS_LINE];
	struct cell_map counter_map, traced_map;
	struct cell_list verdict_list, words_list, notes_list;
};

/* After view_row_new(). */
void counter_rows_init(struct counter_rows *rows,
		       const struct view_options *options);

/* Prints rows->span; whole: it is that of the run. Returns how many rows. */
unsigned int counter_rows_put(struct counter_rows *rows, bool whole);

#endif

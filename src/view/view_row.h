/* SPDX-License-Identifier: BSD-2-Clause */
/* One observation to one row: what the views of single events share. */
#ifndef VIEW_ROW_H
#define VIEW_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wall_clock.h"
#include "output/column.h"
#include "output/output.h"
#include "tracker/tracker.h"
#include "view.h"

/* view_row_kind.c */
extern const struct row_kind view_row_kind_state;
extern const struct row_kind view_row_kind_cong;
extern const struct row_kind view_row_kind_retrans;
extern const struct row_kind view_row_kind_probe;
extern const struct row_kind view_row_kind_reset;
extern const struct row_kind view_row_kind_error;
extern const struct row_kind view_row_kind_stuck;
extern const struct row_kind view_row_kind_life;
extern const struct row_kind view_row_kind_sample;
extern const struct row_kind view_row_kind_cwnd;
extern const struct row_kind view_row_kind_lost;

/* view_row_kind.c: the kind that has the keys of samples as well, if there is
 * one, else kind. */
const struct row_kind *view_row_kind_sampled(const struct row_kind *kind);

/* view_row_kind.c: every column that view_row_fill() can fill. */
extern const struct column_ids view_row_columns;

enum { VIEW_ROW_WORDS = 64 };

/* What rows of state changes need from the backend, reasons included: how often a
 * SYN was sent tells when its timer is due. */
enum {
	VIEW_ROW_STATE_EVENTS = EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
				EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_RESET) |
				EVENT_BIT(EVENT_ERROR) | EVENT_BIT(EVENT_SEEN) |
				EVENT_BIT(EVENT_RETRANS)
};

struct view_row {
	struct row row;
	struct output *output;  /* borrowed */
	bool kernel_addresses;
	bool begun;             /* first_ns is known */
	bool sampled;           /* the last row was of a sample */
	bool placed;            /* the last row had a place */
	uint64_t first_ns;      /* time of the first row */
	struct wall_clock wall; /* of the rows to come: the view's to set */
	char words[VIEW_ROW_WORDS]; /* of a lost row: cells point here ... */
	char lost[VIEW_ROW_WORDS]; /* ... and those of view_row_lost_tell() here */
	/* Names by number, empty where there is none. */
	struct word tcp_words[UINT8_MAX + 1];
	struct word cong_words[UINT8_MAX + 1];
	struct word why_words[REASON_COUNT];
	struct word trigger_words[REASON_TRIGGER_COUNT];
	struct word class_words[REASON_CLASS_COUNT];
};

/* Memory of bytes bytes for a view whose first member is a struct view_row,
 * which learns from the output which cells will be wanted; the rest is zero.
 * NULL when memory is short; to be given to free(). */
void *view_row_new(size_t bytes, const struct view_options *options,
		   struct output *output, struct error *err);

/* Fills the cells of view_row->row, CELL_NONE where nothing is
 * known; the row borrows from the observation. kind: what the event makes. */
void view_row_fill(struct view_row *view_row, const struct row_kind *kind,
		   const struct observation *observation);

/* How the owner is known; of length 0 when it is not. Static. */
const struct word *view_row_owner(const struct owner *owner);

#endif

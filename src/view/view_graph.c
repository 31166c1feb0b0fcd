/* SPDX-License-Identifier: BSD-2-Clause */
/* The TCP state machine as it was seen: one row a transition, at the end and
 * whenever it is asked for. */
#include <stdlib.h>

#include "cell_set.h"
#include "transition_counts.h"
#include "view_row_list.h"
#include "view_summary.h"

enum { MEDIAN = 500, HIGH = 990 };      /* per mille */

struct view {
	struct view_summary summary; /* first: view_row_new() */
	struct transition_counts counts;
};

static unsigned int rows(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_EDGES;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)options;
	(void)shown;
	return VIEW_ROW_STATE_EVENTS;
}

static const enum column_id table_ids[] = {
	COLUMN_OLD, COLUMN_NEW, COLUMN_COUNT_LOST, COLUMN_P50_MS, COLUMN_P99_MS,
	COLUMN_TRIGGER, COLUMN_WHY
};

static const enum column_id csv_ids[] = {
	COLUMN_EVENT, COLUMN_OLD, COLUMN_NEW, COLUMN_TRIGGER, COLUMN_COUNT_LOST,
	COLUMN_MEASURED, COLUMN_P50_MS, COLUMN_P99_MS, COLUMN_WHY
};

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	const struct column_ids ids[] = {
		COLUMN_IDS(table_ids), COLUMN_IDS(csv_ids)
	};

	view_row_list_times(list, options, NULL, NULL);
	for (size_t i = 0; i < ids[csv].count; i++) {
		view_row_list(list, ids[csv].ids[i], NULL, 0);
		if (options->wide && ids[csv].ids[i] == COLUMN_COUNT_LOST && !csv)
			view_row_list(list, COLUMN_MEASURED, NULL, 0);
	}
}

static const enum column_id edge_keys[] = {
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_INTERVAL, COLUMN_OLD, COLUMN_NEW,
	COLUMN_TRIGGER, COLUMN_COUNT_LOST, COLUMN_MEASURED, COLUMN_P50_MS,
	COLUMN_P99_MS, COLUMN_WHY
};

static const struct row_kind kind_edge = {
	.name = "edge", .letter = 'G', .json = COLUMN_IDS(edge_keys)
};

static void put_transition(struct view *view,
			   const struct transition *transition, uint64_t end_ns)
{
	const struct view_row *row = &view->summary.row;
	const struct histogram *stays = &transition->stays;
	struct cell *cells = view_summary_row(&view->summary, &kind_edge, end_ns);

	cell_set_word(&cells[COLUMN_OLD], &row->tcp_words[transition->old_state]);
	cell_set_word(&cells[COLUMN_NEW], &row->tcp_words[transition->new_state]);
	cell_set_word(&cells[COLUMN_TRIGGER],
		      &row->trigger_words[transition->trigger]);
	cell_set_text(&cells[COLUMN_WHY],
		      reason_name(transition_counts_reason(transition)));
	cell_set_number(&cells[COLUMN_COUNT_LOST], transition->count);
	cell_set_number(&cells[COLUMN_MEASURED], stays->count);
	if (stays->count) {
		cell_set_ms(&cells[COLUMN_P50_MS],
			    histogram_percentile(stays, MEDIAN));
		cell_set_ms(&cells[COLUMN_P99_MS],
			    histogram_percentile(stays, HIGH));
	}
	view_summary_put(&view->summary);
}

/* Transitions that nothing more is known of than their number. */
static void put_other(struct view *view, uint64_t end_ns)
{
	struct cell *cells = view_summary_row(&view->summary, &kind_edge, end_ns);

	cell_set_number(&cells[COLUMN_COUNT_LOST], view->counts.other);
	view_summary_put(&view->summary);
}

/* A graph is about the whole run: it is never begun anew. */
static unsigned int report_graph(struct view *view, uint64_t end_ns, bool ended)
{
	const struct transition_counts *counts = &view->counts;
	unsigned int rows = 0;

	(void)ended;
	output_open_group(view->summary.row.output);
	for (size_t i = 0; i < TRANSITION_COUNTS_MAX; i++) {
		if (!counts->by_ends[i])
			continue;
		put_transition(view, counts->by_ends[i], end_ns);
		rows++;
	}
	if (counts->other)
		put_other(view, end_ns);
	output_close_group(view->summary.row.output);
	return rows + (counts->other > 0);
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	struct view_row *row = &view->summary.row;

	row->wall = wall;
	view_summary_advance(&view->summary, observation);
	if (observation->event.kind == EVENT_STATE)
		transition_counts_add(&view->counts, observation);
	if (observation->event.kind != EVENT_LOST)
		return 0;
	view_row_fill(row, &view_row_kind_lost, observation);
	output_row(row->output, &row->row);
	return 1;
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (view)
		view_summary_init(&view->summary, options, report_graph);
	return view;
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	transition_counts_done(&view->counts);
	free(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_INTERVAL, COLUMN_EVENT,
	COLUMN_OLD, COLUMN_NEW, COLUMN_COUNT_LOST, COLUMN_MEASURED,
	COLUMN_P50_MS, COLUMN_P99_MS, COLUMN_TRIGGER, COLUMN_WHY, COLUMN_CPU
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_graph = {
	.name = "graph",
	.summary = "the TCP state machine as it was seen, for graphviz",
	.columns = &filled,
	.format = "dot",
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.report = view_summary_report,
	.free = free_view
};

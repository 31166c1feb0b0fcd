/* SPDX-License-Identifier: BSD-2-Clause */
/* Congestion states: how long each socket was in each, as tcpcong shows it, how
 * these times are distributed, or each change. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell_set.h"
#include "common/histogram.h"
#include "common/ns.h"
#include "cong_times.h"
#include "view_cong.h"
#include "view_summary.h"

enum { MEDIAN = 500, HIGH = 990 };      /* per mille */

/* Stays in one state that have ended. */
struct stays {
	struct histogram_log2 log2;     /* us */
	struct histogram exact;         /* ns */
};

struct view {
	struct view_summary summary; /* first: view_row_new() */
	struct cong_times times;
	struct stays stays[CONG_STATE_COUNT];
	bool changes, distribution, microseconds;
	bool time;              /* said in front of each distribution */
};

/* SEEN and STATE list the sockets that never change. */
static unsigned int rows(const struct view_options *options)
{
	return options->changes ? OUTPUT_ROWS_EVENTS : OUTPUT_ROWS_SUMS;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)shown;
	return EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
	       EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_CONG) |
	       EVENT_BIT(EVENT_SEEN) |
	       (options->changes ? 0 : EVENT_BIT(EVENT_TICK));
}

static int check(const struct view_options *options, struct error *err)
{
	const char *other = options->interval_ns ? "an interval" :
			    options->distribution ? "--dist" :
			    options->microseconds ? "--microseconds" : NULL;

	if (!options->changes || !other)
		return 0;
	return error_set(err, EINVAL, "--changes: does not go with %s; it shows "
			 "each change as it happens", other);
}

static const enum column_id times_keys[] = {
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_INTERVAL, COLUMN_SOCK, COLUMN_PID,
	COLUMN_COMM, COLUMN_OWNER, COLUMN_FAMILY, VIEW_CONG_ENDS,
	VIEW_CONG_TIMES_MS, COLUMN_CHANGES, COLUMN_COUNT_LOST
};

static const enum column_id stays_keys[] = {
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_INTERVAL, COLUMN_CONG,
	COLUMN_COUNT_LOST, COLUMN_P50_MS, COLUMN_P99_MS
};

static const struct row_kind kind_times = {
	.name = "cong_times", .letter = 'T', .json = COLUMN_IDS(times_keys)
};

static const struct row_kind kind_stays = {
	.name = "cong_dist", .letter = 'B', .json = COLUMN_IDS(stays_keys)
};

static unsigned int show_change(struct view *view,
				const struct observation *observation)
{
	struct view_row *row = &view->summary.row;
	const struct event *event = &observation->event;
	struct cell *cells = row->row.cells;

	/* The kernel sets LOSS again before each timeout. */
	if (event->kind != EVENT_CONG ||
	    event->cong.new_state == observation->cong)
		return 0;
	view_row_fill(row, &view_row_kind_cong, observation);
	cells[COLUMN_LOCAL].type = CELL_NONE;
	if (event->has & EVENT_HAS_ENDPOINTS)
		cell_set_endpoint(&cells[COLUMN_LOCAL], CELL_ENDPOINT,
				  event->family, &event->local);
	output_row(row->output, &row->row);
	return 1;
}

static void put_time(struct view *view, const struct cong_time *time,
		     struct cell *cells)
{
	static const enum column_id ms[] = {
		[CONG_STATE_OPEN] = COLUMN_OPEN_MS,
		[CONG_STATE_DISORDER] = COLUMN_DISORDER_MS,
		[CONG_STATE_CWR] = COLUMN_CWR_MS,
		[CONG_STATE_RECOVERY] = COLUMN_RECOVERY_MS,
		[CONG_STATE_LOSS] = COLUMN_LOSS_MS
	};

	for (size_t i = 0; time->known && i < CONG_STATE_COUNT; i++) {
		cell_set_ms(&cells[ms[i]], time->state_ns[i]);
		cell_set_number(&cells[ms[i] + COLUMN_OPEN_US - COLUMN_OPEN_MS],
				time->state_ns[i] / NS_PER_US);
	}
	cell_set_number(&cells[COLUMN_CHANGES], time->changes);
	view_summary_put(&view->summary);
}

static void put_socket(struct view *view, const struct cong_time *time,
		       uint64_t end_ns)
{
	struct cell *cells = view_summary_row(&view->summary, &kind_times,
					      end_ns);

	cells[COLUMN_SOCK].type = CELL_SOCK;
	cells[COLUMN_SOCK].id = time->sock;
	cell_set_owner(cells, &time->owner);
	if (time->family)
		cell_set_ends(cells, time->family, &time->local, &time->remote);
	put_time(view, time, cells);
}

static unsigned int put_times(struct view *view, uint64_t end_ns)
{
	size_t sockets = cong_times_sort(&view->times);
	const struct cong_time *other = &view->times.other;
	struct cell *cells;

	for (size_t i = 0; i < sockets; i++)
		put_socket(view, cong_times_at(&view->times, i), end_ns);
	if (!view->times.others)
		return (unsigned int)sockets;
	cells = view_summary_row(&view->summary, &kind_times, end_ns);
	cell_set_text(&cells[COLUMN_LOCAL], "other");
	cell_set_number(&cells[COLUMN_REMOTE], view->times.others);
	cell_set_number(&cells[COLUMN_COUNT_LOST], view->times.others);
	put_time(view, other, cells);
	return (unsigned int)sockets + 1;
}

/* In a table without columns, as bcc draws it. */
static void put_drawing(struct view *view, const struct histogram_log2 *counts,
			const char *title, bool begins)
{
	const struct row_histogram histogram = {
		.counts = counts,
		.title = title,
		.milliseconds = !view->microseconds,
		.begins = begins,
		.time = view->time,
	};
	struct row *row = &view->summary.row.row;

	row->histogram = &histogram;
	view_summary_put(&view->summary);
	row->histogram = NULL;
}

static void put_stays(struct view *view, uint8_t state, bool begins,
		      uint64_t end_ns)
{
	static const char *const titles[] = {
		[CONG_STATE_OPEN] = "tcp_congest_state = open",
		[CONG_STATE_DISORDER] = "tcp_congest_state = disorder",
		[CONG_STATE_CWR] = "tcp_congest_state = cwr",
		[CONG_STATE_RECOVERY] = "tcp_congest_state = recovery",
		[CONG_STATE_LOSS] = "tcp_congest_state = loss",
	};
	const struct stays *stays = &view->stays[state];
	struct cell *cells = view_summary_row(&view->summary, &kind_stays,
					      end_ns);

	cell_set_text(&cells[COLUMN_CONG], cong_state_name(state));
	cell_set_number(&cells[COLUMN_COUNT_LOST], stays->exact.count);
	cell_set_ms(&cells[COLUMN_P50_MS],
		    histogram_percentile(&stays->exact, MEDIAN));
	cell_set_ms(&cells[COLUMN_P99_MS],
		    histogram_percentile(&stays->exact, HIGH));
	put_drawing(view, &stays->log2, titles[state], begins);
}

static unsigned int put_distribution(struct view *view, uint64_t end_ns)
{
	unsigned int rows = 0;

	for (uint8_t state = 0; state < CONG_STATE_COUNT; state++)
		if (view->stays[state].exact.count)
			put_stays(view, state, !rows++, end_ns);
	return rows;
}

static bool has_rows(const struct view *view)
{
	if (!view->distribution)
		return view->times.lists[CONG_TIMES_LIVE].newest ||
		       view->times.lists[CONG_TIMES_CLOSED].newest ||
		       view->times.others;
	for (size_t i = 0; i < CONG_STATE_COUNT; i++)
		if (view->stays[i].exact.count)
			return true;
	return false;
}

static unsigned int report_times(struct view *view, uint64_t end_ns, bool ended)
{
	struct output *output = view->summary.row.output;
	unsigned int rows = 0;

	cong_times_count(&view->times, end_ns);
	if (has_rows(view)) {
		output_open_group(output);
		rows = view->distribution ? put_distribution(view, end_ns) :
					    put_times(view, end_ns);
		output_close_group(output);
	}
	if (ended) {
		cong_times_clear(&view->times);
		memset(view->stays, 0, sizeof(view->stays));
	}
	return rows;
}

/* A value belongs between the edges that it lies between, whole or not. */
static void add_stay(struct view *view, const struct cong_stay *stay)
{
	struct stays *stays = &view->stays[stay->state];

	histogram_add(&stays->exact, stay->ns);
	histogram_log2_add(&stays->log2, stay->ns / NS_PER_US +
					 (stay->ns % NS_PER_US != 0));
}

static unsigned int sum_up(struct view *view,
			   const struct observation *observation)
{
	struct view_summary *summary = &view->summary;
	unsigned int rows = view_summary_advance(summary, observation);
	struct cong_stay stay;

	if (!view_summary_is_done(view) &&
	    cong_times_take(&view->times, observation,
			    summary->interval.begin_ns, &stay))
		add_stay(view, &stay);
	return rows;
}

/* Where distributions are drawn there is no line to put it into. */
static void tell_loss(struct view *view, const struct observation *observation)
{
	struct view_row *row = &view->summary.row;

	if (!view->distribution) {
		view_summary_lost(&view->summary, observation, COLUMN_LOCAL,
				  COLUMN_REMOTE);
		return;
	}
	view_row_fill(row, &view_row_kind_lost, observation);
	put_drawing(view, NULL, row->words, false);
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	unsigned int rows;

	view->summary.row.wall = wall;
	rows = view->changes ? show_change(view, observation) :
			       sum_up(view, observation);
	if (observation->event.kind != EVENT_LOST)
		return rows;
	tell_loss(view, observation);
	return rows + 1;
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	view_summary_init(&view->summary, options,
			  options->changes ? NULL : report_times);
	view->changes = options->changes;
	view->distribution = options->distribution;
	view->microseconds = options->microseconds;
	view->time = options->time;
	if (!cong_times_init(&view->times, options->max_sockets))
		return view;
	error_set(err, ENOMEM, "out of memory for the sockets");
	free(view);
	return NULL;
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	cong_times_done(&view->times);
	free(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_SOCK, COLUMN_SKADDR,
	COLUMN_PID, COLUMN_COMM, COLUMN_OWNER, COLUMN_CONTEXT, COLUMN_FAMILY,
	VIEW_CONG_ENDS, COLUMN_LOCAL, COLUMN_REMOTE, COLUMN_EVENT, COLUMN_OLD,
	COLUMN_ARROW, COLUMN_NEW, COLUMN_DURATION, COLUMN_WHY, COLUMN_INFERRED,
	COLUMN_CPU, COLUMN_INTERVAL, VIEW_CONG_TIMES_MS, VIEW_CONG_TIMES_US,
	COLUMN_CHANGES,
	COLUMN_CONG, COLUMN_COUNT_LOST, COLUMN_P50_MS, COLUMN_P99_MS
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_cong = {
	.name = "cong",
	.summary = "time in each congestion state by socket, as tcpcong",
	.columns = &filled,
	.takes_interval = true,
	.check = check,
	.rows = rows,
	.events = events,
	.observed = EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_DESTROY),
	.default_columns = view_cong_columns,
	.new = new,
	.take = take,
	.report = view_summary_report,
	.is_done = view_summary_is_done,
	.free = free_view
};

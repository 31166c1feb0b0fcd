/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's TCP counters, beside them what the trace saw, and what they say:
 * by interval, and of the whole run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counter_rows.h"
#include "counter_spans.h"
#include "interval.h"
#include "view_row.h"
#include "view_row_list.h"
#include "view_row_lost.h"
#include "tcpwatch/backend.h"

struct view {
	struct counter_rows rows; /* first: view_row_new() */
	struct counter_spans spans;
	bool whole_told;
	struct error failure;   /* the first of a reading */
};

static unsigned int rows(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_SUMS;
}

/* The class of a retransmission follows from the states before it. */
static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)shown;
	return EVENT_BIT(EVENT_TICK) |
	       (options->counters.alone ? 0 :
		EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
		EVENT_BIT(EVENT_CONG) | EVENT_BIT(EVENT_RETRANS));
}

static unsigned int needs(const struct view_options *options)
{
	(void)options;
	return BACKEND_EXACT;
}

static const enum column_id table_ids[] = {
	COLUMN_COUNTER, COLUMN_GROWN, COLUMN_PER_S, COLUMN_TRACED, COLUMN_MEANING
};

static const enum column_id csv_ids[] = {
	COLUMN_EVENT, COLUMN_INTERVAL, COLUMN_WHOLE, COLUMN_COUNTER,
	COLUMN_GROWN, COLUMN_PER_S, COLUMN_TRACED, COLUMN_MEANING
};

static const struct column_ids default_ids[] = {
	COLUMN_IDS(table_ids), COLUMN_IDS(csv_ids)
};

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	const struct column_ids *ids = &default_ids[csv];

	view_row_list_times(list, options, NULL, NULL);
	for (size_t i = 0; i < ids->count; i++)
		view_row_list(list, ids->ids[i], NULL, 0);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	counter_spans_init(&view->spans, options->counters.read,
			   options->interval_ns, options->outputs);
	counter_rows_init(&view->rows, options);
	return view;
}

static int begin(struct view *view, const struct backend_facts *facts,
		 struct error *err)
{
	int ret = counter_spans_begin(&view->spans, err);

	view->rows.traced = facts->events & EVENT_BIT(EVENT_RETRANS);
	view->rows.first_ns = view->spans.first.at_ns;
	view->rows.row.wall = wall_clock_of(facts);
	return ret;
}

static unsigned int tell_whole(struct view *view)
{
	if (view->whole_told ||
	    counter_spans_whole(&view->spans, &view->rows.span, &view->failure))
		return 0;
	return counter_rows_put(&view->rows, true);
}

static void end(struct view *view)
{
	counter_spans_end(&view->spans, &view->failure);
}

static unsigned int take_tick(struct view *view, uint64_t now_ns)
{
	unsigned int rows;

	if (counter_spans_tick(&view->spans, now_ns, &view->rows.span,
			       &view->failure) <= 0)
		return 0;
	rows = counter_rows_put(&view->rows, false);
	if (!interval_is_last(&view->spans.interval))
		return rows;
	end(view);
	rows += tell_whole(view);
	view->whole_told = true;
	return rows;
}

static unsigned int take_loss(struct view *view,
			      const struct observation *observation)
{
	struct view_row *row = &view->rows.row;

	memset(row->row.cells, 0, sizeof(row->row.cells));
	view_row_fill(row, &view_row_kind_lost, observation);
	view_row_lost_tell(row, &observation->event, COLUMN_COUNTER, COLUMN_GROWN);
	output_row(row->output, &row->row);
	return 1;
}

/* Of a source that knows the places of sockets only those of our namespace. */
static bool is_ours(const struct view *view, const struct event *event)
{
	return !(event->has & EVENT_HAS_PLACE) || !view->spans.first.netns ||
	       event->place.netns == view->spans.first.netns;
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	const struct event *event = &observation->event;

	view->rows.row.wall = wall;
	if (event->kind == EVENT_RETRANS && is_ours(view, event))
		counter_spans_add(&view->spans, event->time_ns,
				  observation->class);
	if (event->kind == EVENT_LOST)
		return take_loss(view, observation);
	return event->kind == EVENT_TICK ? take_tick(view, event->time_ns) : 0;
}

static unsigned int report(struct view *view, bool final,
			   struct wall_clock wall)
{
	unsigned int rows = tell_whole(view);

	(void)wall;
	view->whole_told |= final;
	return rows;
}

static bool is_done(const struct view *view)
{
	return view->failure.code || interval_is_last(&view->spans.interval);
}

static int finish(struct view *view, struct error *err)
{
	if (!view->failure.code)
		return 0;
	return error_set(err, view->failure.code, "%s", view->failure.text);
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	counter_spans_done(&view->spans);
	free(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_EVENT, COLUMN_INTERVAL,
	COLUMN_WHOLE, COLUMN_COUNTER, COLUMN_GROWN, COLUMN_PER_S, COLUMN_TRACED,
	COLUMN_MEANING
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_counters = {
	.name = "counters",
	.summary = "is it loss? the kernel's TCP counters, and a verdict",
	.columns = &filled,
	.takes_interval = true,
	.takes_all = true,
	.spares_events = true,
	.note = "the counters are those of this network namespace alone",
	.needs = needs,
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.begin = begin,
	.take = take,
	.end = end,
	.report = report,
	.is_done = is_done,
	.finish = finish,
	.free = free_view
};

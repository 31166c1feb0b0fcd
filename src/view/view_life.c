/* SPDX-License-Identifier: BSD-2-Clause */
/* One record a socket: when it ends, when it is asked for, and at the end of the
 * run for those that are still open. */
#include <errno.h>
#include <stdlib.h>

#include "filter/filter.h"
#include "interval.h"
#include "life.h"
#include "life_cells.h"
#include "life_table.h"
#include "view.h"
#include "view_row.h"
#include "view_row_list.h"

struct view {
	struct view_row row;    /* first: view_row_new() */
	struct view_options options;
	struct life_table lives;
	struct interval interval;
	uint64_t now_ns;        /* event time */
	const struct row_kind *kind;
	struct life_cells cells; /* of the row that is made */
};

static unsigned int rows(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_SUMS;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)options;
	return (column_list_has(shown, COLUMN_CWND) ? EVENT_BIT(EVENT_SAMPLE) : 0) |
	       VIEW_ROW_STATE_EVENTS | EVENT_BIT(EVENT_CONG) |
	       EVENT_BIT(EVENT_RETRANS) | EVENT_BIT(EVENT_SEEN) |
	       EVENT_BIT(EVENT_GONE) | EVENT_BIT(EVENT_TICK);
}

/* tcplife's, and why. */
static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	view_row_list_times(list, options, NULL, NULL);
	if (options->wide && !csv)
		view_row_list(list, COLUMN_SOCK, NULL, 0);
	view_row_list(list, COLUMN_PID, NULL, 0);
	view_row_list(list, COLUMN_COMM, NULL, 0);
	if (options->wide || csv)
		view_row_list(list, COLUMN_FAMILY, NULL, 0);
	view_row_list(list, COLUMN_LADDR, NULL, 0);
	view_row_list(list, COLUMN_LPORT, NULL, 0);
	view_row_list(list, COLUMN_RADDR, NULL, 0);
	view_row_list(list, COLUMN_RPORT, NULL, 0);
	view_row_list(list, COLUMN_TX_KB, NULL, 0);
	view_row_list(list, COLUMN_RX_KB, NULL, 0);
	view_row_list(list, COLUMN_DURATION, NULL, 0);
	if (options->wide && !csv) {
		view_row_list(list, COLUMN_HOW, NULL, 0);
		view_row_list(list, COLUMN_ENDED_BY, NULL, 0);
		view_row_list(list, COLUMN_SRTT, NULL, 0);
		view_row_list(list, COLUMN_STATE_MS, NULL, 0);
		view_row_list(list, COLUMN_CONG_MS, NULL, 0);
		view_row_list(list, COLUMN_RETRANS, NULL, 0);
	}
	view_row_list(list, COLUMN_WHY, NULL, 0);
	/* bcc's heading has these, not the machine's names. */
	for (size_t i = 0; csv && i < list->count; i++)
		list->uses[i].title = columns[list->uses[i].id].title;
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	life_table_done(&view->lives);
	free(view);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	view->options = *options;
	view->kind = &view_row_kind_life;
	if (column_list_has(&output_options(output)->columns, COLUMN_CWND))
		view->kind = view_row_kind_sampled(view->kind);
	view->interval = (struct interval){ .period_ns = options->interval_ns };
	if (!life_table_init(&view->lives, options->max_sockets))
		return view;
	error_set(err, ENOMEM, "out of memory for the sockets' lives");
	free_view(view);
	return NULL;
}

/* What the user asked to see, of lives that say at their end what they were. */
static bool is_shown(const struct view *view, const struct life *life)
{
	const struct view_options *options = &view->options;

	if (life->how == LIFE_LISTENER)
		return false;
	if (options->failed && !life_failed(life))
		return false;
	if (options->retrans && !life_retransmissions(life))
		return false;
	return life_span(life, view->now_ns).min_ns >= options->min_ns &&
	       filter_life(options->filter, &life->owner, life->states);
}

/* Returns how many rows it made. */
static unsigned int show(struct view *view, const struct life *life)
{
	const struct observation observation = {
		.event = {
			.kind = EVENT_KIND_COUNT,       /* none of its own */
			.time_ns = life->end_ns ? life->end_ns : view->now_ns,
			.has = life->family ? EVENT_HAS_ENDPOINTS : 0,
			.family = life->family,
			.local = life->local,
			.remote = life->remote,
		},
		.sock = life->sock,
		.owner = life->owner,
		.span = SPAN_UNKNOWN,
		.cong = CONG_STATE_UNKNOWN,
	};

	if (!is_shown(view, life))
		return 0;
	view_row_fill(&view->row, view->kind, &observation);
	life_cells_fill(&view->cells, &view->row, life, view->now_ns);
	output_row(view->row.output, &view->row.row);
	return 1;
}

static unsigned int end_life(struct view *view, struct life *life)
{
	unsigned int rows = show(view, life);

	life_table_remove(&view->lives, life);
	return rows;
}

/* The figures of those that ended long enough ago do not come any more. */
static unsigned int end_waiting(struct view *view, uint64_t ended_before_ns)
{
	struct life *life;
	unsigned int rows = 0;

	while ((life = life_table_first_ended(&view->lives)) &&
	       life->end_ns < ended_before_ns)
		rows += end_life(view, life);
	return rows;
}

static unsigned int show_open(struct view *view)
{
	struct life *life = NULL;
	unsigned int rows = 0;

	while ((life = life_table_next_open(&view->lives, life)))
		rows += show(view, life);
	return rows;
}

/* As they stood at the edge: nothing younger has been taken. */
static unsigned int end_intervals(struct view *view, uint64_t now_ns)
{
	unsigned int rows = 0;

	while (interval_has_ended(&view->interval, now_ns, &view->now_ns)) {
		rows += show_open(view);
		interval_next(&view->interval);
	}
	return rows;
}

/* A record that was given out must not begin again with what comes behind. */
static bool begins_life(const struct observation *observation)
{
	switch (observation->event.kind) {
	case EVENT_STATE:
	case EVENT_CONG:
	case EVENT_RETRANS:
	case EVENT_SAMPLE:
	case EVENT_SEEN:
		return observation->sock;
	default:
		return false;
	}
}

static unsigned int take_socket(struct view *view,
				const struct observation *observation)
{
	uint64_t sock = observation->sock;
	struct life *life = life_table_find(&view->lives, sock);
	bool was_open = !life || !life->end_ns;
	struct life *oldest;
	unsigned int rows = 0;

	if (!life) {
		if (!begins_life(observation))
			return 0;
		oldest = life_table_full(&view->lives);
		if (oldest)
			rows = end_life(view, oldest);
		life = life_table_add(&view->lives, sock);
		life_begin(life, observation);
	}
	life_take(life, observation);
	if (observation->event.kind == EVENT_DESTROY)
		life_destroy(life, observation->event.time_ns);
	if (!was_open && observation->event.kind == EVENT_GONE)
		return rows + end_life(view, life);
	if (was_open && life->end_ns)
		life_table_end(&view->lives, life);
	else
		life_table_touch(&view->lives, life);
	return rows;
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	const struct event *event = &observation->event;
	unsigned int rows;

	view->row.wall = wall;
	rows = end_intervals(view, event->time_ns);
	if (event->time_ns > view->now_ns)
		view->now_ns = event->time_ns;
	if (view->now_ns > view->options.latency_ns)
		rows += end_waiting(view, view->now_ns - view->options.latency_ns);
	if (event->kind == EVENT_TICK || event->kind == EVENT_LOST)
		return rows;
	return rows + take_socket(view, observation);
}

static unsigned int report(struct view *view, bool final,
			   struct wall_clock wall)
{
	unsigned int rows = 0;

	view->row.wall = wall;
	if (final)
		rows = end_waiting(view, UINT64_MAX);
	return rows + show_open(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_SOCK, COLUMN_PID,
	COLUMN_COMM, COLUMN_OWNER, COLUMN_FAMILY, COLUMN_LADDR, COLUMN_LPORT,
	COLUMN_RADDR, COLUMN_RPORT, COLUMN_REMOTE, COLUMN_EVENT,
	COLUMN_DURATION, COLUMN_WHY, COLUMN_INFERRED, COLUMN_BEGIN, COLUMN_END,
	COLUMN_HOW, COLUMN_ENDED_BY, COLUMN_STATE_MS, COLUMN_CONG_MS,
	COLUMN_RETRANS, COLUMN_TX_BYTES, COLUMN_RX_BYTES, COLUMN_TX_KB,
	COLUMN_RX_KB, COLUMN_SRTT, COLUMN_CWND
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_life = {
	.name = "life",
	.summary = "a line a socket, as tcplife: how long, and why it ended",
	.columns = &filled,
	.takes_all = true,
	.observed = EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_DESTROY) |
		    EVENT_BIT(EVENT_GONE),
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.report = report,
	.free = free_view
};

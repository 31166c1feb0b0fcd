/* SPDX-License-Identifier: BSD-2-Clause */
/* Retransmissions: one row each, in the columns that users of tcpretrans know,
 * or how many by flow. */
#include <errno.h>
#include <stdlib.h>

#include "cell_set.h"
#include "flow_counts.h"
#include "view_row_list.h"
#include "view_summary.h"
#include "tcpwatch/backend.h"

struct view {
	struct view_summary summary; /* first: view_row_new() */
	struct flow_counts counts;
	bool counting;
};

/* The tracker needs the states, and the congestion states for the class. */
static unsigned int rows(const struct view_options *options)
{
	return options->count ? OUTPUT_ROWS_SUMS : OUTPUT_ROWS_EVENTS;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)shown;
	return EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
	       EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_CONG) |
	       EVENT_BIT(EVENT_SEEN) |
	       EVENT_BIT(EVENT_RETRANS) |
	       (options->count ? EVENT_BIT(EVENT_TICK) : 0);
}

static unsigned int needs(const struct view_options *options)
{
	return options->sequence ? BACKEND_SEQUENCE : 0;
}

static int check(const struct view_options *options, struct error *err)
{
	if (options->interval_ns && !options->count)
		return error_set(err, EINVAL, "an interval: goes only with -c, "
				 "which counts by flow; without it each "
				 "retransmission is shown as it happens");
	return 0;
}

static const enum column_id row_table[] = {
	COLUMN_PID, COLUMN_FAMILY, COLUMN_LOCAL, COLUMN_SENT, COLUMN_REMOTE,
	COLUMN_STATE, COLUMN_CONG, COLUMN_CLASS, COLUMN_COMM
};

static const enum column_id row_csv[] = {
	COLUMN_EVENT, COLUMN_SOCK, COLUMN_PID, COLUMN_COMM, COLUMN_FAMILY,
	COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_STATE,
	COLUMN_CONG, COLUMN_WHY, COLUMN_ERR
};

#define CLASSES \
	COLUMN_SYN, COLUMN_SYNACK, COLUMN_RTO, COLUMN_SLOWSTART, COLUMN_FAST, \
	COLUMN_TLP, COLUMN_UNKNOWN, COLUMN_FAILED

static const enum column_id count_table[] = {
	COLUMN_LOCAL, COLUMN_REMOTE, COLUMN_RETRANSMITS, CLASSES
};

static const enum column_id count_csv[] = {
	COLUMN_EVENT, COLUMN_FAMILY, COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR,
	COLUMN_RPORT, COLUMN_RETRANSMITS, CLASSES, COLUMN_WHY
};

static const struct column_ids default_ids[2][2] = { /* count, csv */
	{ COLUMN_IDS(row_table), COLUMN_IDS(row_csv) },
	{ COLUMN_IDS(count_table), COLUMN_IDS(count_csv) }
};

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	const struct column_ids *ids = &default_ids[options->count][csv];
	struct view_options in_front = *options;

	in_front.time |= !options->count;
	view_row_list_times(list, &in_front, NULL, NULL);
	if (options->wide && !csv && !options->count)
		view_row_list(list, COLUMN_SOCK, NULL, 0);
	if (options->kernel_addresses && !options->count)
		view_row_list(list, COLUMN_SKADDR, NULL, 0);
	for (size_t i = 0; i < ids->count; i++)
		view_row_list(list, ids->ids[i], NULL, 0);
	if (options->sequence && !options->count)
		view_row_list(list, COLUMN_SEQUENCE, NULL, 0);
	if (options->wide && options->count) {
		view_row_list(list, COLUMN_PID, NULL, 0);
		view_row_list(list, COLUMN_COMM, NULL, 0);
	}
}

static const enum column_id count_keys[] = {
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_INTERVAL, COLUMN_PID, COLUMN_COMM,
	COLUMN_OWNER, COLUMN_FAMILY, COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR,
	COLUMN_RPORT, COLUMN_RETRANSMITS, CLASSES
};

static const struct row_kind kind_count = {
	.name = "retrans_count", .letter = 'N', .json = COLUMN_IDS(count_keys)
};

static unsigned int show(struct view *view,
			 const struct observation *observation)
{
	struct view_row *row = &view->summary.row;
	const struct event *event = &observation->event;
	bool probe = observation->class == REASON_CLASS_TLP;
	struct cell *cells = row->row.cells;

	if (event->kind != EVENT_RETRANS)
		return 0;
	view_row_fill(row, probe ? &view_row_kind_probe : &view_row_kind_retrans,
		      observation);
	cells[COLUMN_LOCAL].type = CELL_NONE;
	if (event->has & EVENT_HAS_ENDPOINTS)
		cell_set_endpoint(&cells[COLUMN_LOCAL], CELL_ENDPOINT,
				  event->family, &event->local);
	cell_set_text(&cells[COLUMN_SENT], probe ? "L>" : "R>");
	output_row(row->output, &row->row);
	return 1;
}

static void put_counts(struct view *view, struct cell *cells,
		       const uint64_t by_class[REASON_CLASS_COUNT])
{
	static const enum column_id ids[] = {
		[REASON_CLASS_UNKNOWN] = COLUMN_UNKNOWN,
		[REASON_CLASS_SYN] = COLUMN_SYN,
		[REASON_CLASS_SYNACK] = COLUMN_SYNACK,
		[REASON_CLASS_RTO] = COLUMN_RTO,
		[REASON_CLASS_SLOWSTART] = COLUMN_SLOWSTART,
		[REASON_CLASS_FAST] = COLUMN_FAST,
		[REASON_CLASS_TLP] = COLUMN_TLP,
		[REASON_CLASS_FAILED] = COLUMN_FAILED,
	};

	_Static_assert(sizeof(ids) / sizeof(ids[0]) == REASON_CLASS_COUNT,
		       "every class has a column");
	cell_set_number(&cells[COLUMN_RETRANSMITS], flow_counts_sum(by_class));
	for (size_t i = 0; i < REASON_CLASS_COUNT; i++)
		cell_set_number(&cells[ids[i]], by_class[i]);
	view_summary_put(&view->summary);
}

static void put_flow(struct view *view, const struct flow *flow,
		     uint64_t end_ns)
{
	struct cell *cells = view_summary_row(&view->summary, &kind_count,
					      end_ns);

	cell_set_ends(cells, flow->family, &flow->local, &flow->remote);
	cell_set_owner(cells, &flow->owner);
	put_counts(view, cells, flow->by_class);
}

/* One row for all that found no place in the table. */
static unsigned int put_other(struct view *view, uint64_t end_ns)
{
	const uint64_t *other = view->counts.other;
	struct cell *cells;

	if (!flow_counts_sum(other) && !other[REASON_CLASS_FAILED])
		return 0;
	cells = view_summary_row(&view->summary, &kind_count, end_ns);
	cell_set_text(&cells[COLUMN_LOCAL], "other");
	put_counts(view, cells, other);
	return 1;
}

static unsigned int report_counts(struct view *view, uint64_t end_ns,
				  bool ended)
{
	size_t flows = flow_counts_sort(&view->counts);
	unsigned int rows;

	if (!flows)
		return 0;
	output_open_group(view->summary.row.output);
	rows = put_other(view, end_ns);
	for (size_t i = 0; i < flows; i++, rows++)
		put_flow(view, flow_counts_at(&view->counts, i), end_ns);
	output_close_group(view->summary.row.output);
	if (ended)
		flow_counts_clear(&view->counts);
	return rows;
}

static unsigned int count(struct view *view,
			  const struct observation *observation)
{
	unsigned int rows = view_summary_advance(&view->summary, observation);

	if (observation->event.kind == EVENT_RETRANS &&
	    !view_summary_is_done(view))
		flow_counts_add(&view->counts, observation);
	return rows;
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	unsigned int rows;

	view->summary.row.wall = wall;
	rows = view->counting ? count(view, observation) :
				show(view, observation);
	if (observation->event.kind != EVENT_LOST)
		return rows;
	view_summary_lost(&view->summary, observation, COLUMN_LOCAL,
			  COLUMN_REMOTE);
	return rows + 1;
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	view_summary_init(&view->summary, options,
			  options->count ? report_counts : NULL);
	view->counting = options->count;
	if (!view->counting ||
	    !flow_counts_init(&view->counts, options->max_sockets))
		return view;
	error_set(err, ENOMEM, "out of memory for the flows");
	free(view);
	return NULL;
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	flow_counts_done(&view->counts);
	free(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_SOCK, COLUMN_SKADDR,
	COLUMN_PID, COLUMN_COMM, COLUMN_OWNER, COLUMN_CONTEXT, COLUMN_FAMILY,
	COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_LOCAL,
	COLUMN_REMOTE, COLUMN_EVENT, COLUMN_SENT, COLUMN_STATE, COLUMN_CONG,
	COLUMN_CLASS, COLUMN_WHY, COLUMN_INFERRED, COLUMN_ERR,
	COLUMN_COUNT_LOST, COLUMN_CPU, COLUMN_NETNS, COLUMN_CGROUP,
	COLUMN_SRTT, COLUMN_CWND, COLUMN_PACKETS_OUT, COLUMN_TOTAL_RETRANS,
	COLUMN_SEQUENCE, COLUMN_INTERVAL, COLUMN_RETRANSMITS, CLASSES
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_retrans = {
	.name = "retrans",
	.summary = "retransmissions and their classes; -c counts them by flow",
	.columns = &filled,
	.takes_interval = true,
	.check = check,
	.needs = needs,
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.report = view_summary_report,
	.is_done = view_summary_is_done,
	.free = free_view
};

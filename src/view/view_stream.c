/* SPDX-License-Identifier: BSD-2-Clause */
/* Every state change, congestion state change and retransmission, as it
 * happens: tcpwatch without a command. */
#include <errno.h>
#include <stdlib.h>

#include "view.h"
#include "view_row.h"
#include "view_row_list.h"

struct view {
	struct view_row row;    /* first: view_row_new() */
	unsigned int show;      /* VIEW_SHOW_* */
	bool sampled;           /* rows tell of the socket's last sample */
};

static unsigned int shown(const struct view_options *options)
{
	return options->show ? options->show :
		VIEW_SHOW_STATE | VIEW_SHOW_CONG | VIEW_SHOW_RETRANS;
}

static int check(const struct view_options *options, struct error *err)
{
	if (options->show & VIEW_SHOW_STUCK && !options->stuck)
		return error_set(err, EINVAL, "--events: 'stuck' needs --stuck "
				 "STATE:SECONDS, such as CLOSE_WAIT:60");
	return 0;
}

static bool is_sampled(const struct view_options *options,
		       const struct column_list *list)
{
	return shown(options) & VIEW_SHOW_SAMPLE ||
	       column_list_has(list, COLUMN_SRTT) ||
	       column_list_has(list, COLUMN_CWND);
}

/* The tracker needs every state change, whatever is shown; a retransmission
 * shows the congestion state as well. */
static unsigned int events(const struct view_options *options,
			   const struct column_list *shown_columns)
{
	unsigned int show = shown(options);
	unsigned int wanted = VIEW_ROW_STATE_EVENTS |
			      (options->stuck ? EVENT_BIT(EVENT_TICK) : 0);

	if (show & (VIEW_SHOW_CONG | VIEW_SHOW_RETRANS) ||
	    column_list_has(shown_columns, COLUMN_CONG))
		wanted |= EVENT_BIT(EVENT_CONG);
	if (is_sampled(options, shown_columns))
		wanted |= EVENT_BIT(EVENT_SAMPLE);
	return wanted;
}

static void list_columns(struct column_list *list, const enum column_id *ids,
			 size_t count)
{
	for (size_t i = 0; i < count; i++)
		view_row_list(list, ids[i], NULL, 0);
}

#define LIST(list, ...) \
	list_columns(list, (const enum column_id[]){ __VA_ARGS__ }, \
		     sizeof((const enum column_id[]){ __VA_ARGS__ }) / \
		     sizeof(enum column_id))

static void table_columns(const struct view_options *options,
			  struct column_list *list)
{
	if (options->kernel_addresses)
		LIST(list, COLUMN_SKADDR);
	if (options->wide)
		LIST(list, COLUMN_SOCK);
	LIST(list, COLUMN_PID, COLUMN_COMM);
	if (options->wide)
		LIST(list, COLUMN_LADDR);
	LIST(list, COLUMN_LPORT, COLUMN_REMOTE, COLUMN_EVENT, COLUMN_OLD,
	     COLUMN_NEW, COLUMN_DURATION, COLUMN_WHY);
}

static void csv_columns(const struct view_options *options,
			struct column_list *list)
{
	LIST(list, COLUMN_EVENT, COLUMN_SOCK);
	if (options->kernel_addresses)
		LIST(list, COLUMN_SKADDR);
	LIST(list, COLUMN_PID, COLUMN_COMM, COLUMN_LADDR, COLUMN_LPORT,
	     COLUMN_RADDR, COLUMN_RPORT, COLUMN_OLD, COLUMN_NEW,
	     COLUMN_DURATION, COLUMN_WHY);
}

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	view_row_list_times(list, options, NULL, NULL);
	if (csv)
		csv_columns(options, list);
	else
		table_columns(options, list);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	view->show = shown(options);
	view->sampled = is_sampled(options, &output_options(output)->columns);
	return view;
}

/* NULL: the observation makes no row. */
static const struct row_kind *row_kind(const struct view *view,
				       const struct observation *observation)
{
	const struct event *event = &observation->event;

	switch (event->kind) {
	case EVENT_STATE:
		return view->show & VIEW_SHOW_STATE ? &view_row_kind_state : NULL;
	case EVENT_CONG:
		/* The kernel sets LOSS again before each timeout. */
		if (event->cong.new_state == observation->cong)
			return NULL;
		return view->show & VIEW_SHOW_CONG ? &view_row_kind_cong : NULL;
	case EVENT_RETRANS:
		if (!(view->show & VIEW_SHOW_RETRANS))
			return NULL;
		return observation->class == REASON_CLASS_TLP ?
			&view_row_kind_probe : &view_row_kind_retrans;
	case EVENT_RESET:
		return view->show & VIEW_SHOW_RESET ? &view_row_kind_reset : NULL;
	case EVENT_ERROR:
		return view->show & VIEW_SHOW_ERROR ? &view_row_kind_error : NULL;
	case EVENT_SAMPLE:
		return view->show & VIEW_SHOW_SAMPLE ? &view_row_kind_sample : NULL;
	case EVENT_STUCK:
		return &view_row_kind_stuck;
	case EVENT_LOST:
		return &view_row_kind_lost;
	default:
		return NULL;
	}
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	const struct row_kind *kind = row_kind(view, observation);

	if (!kind)
		return 0;
	if (view->sampled)
		kind = view_row_kind_sampled(kind);
	view->row.wall = wall;
	view_row_fill(&view->row, kind, observation);
	output_row(view->row.output, &view->row.row);
	return 1;
}

static void free_view(struct view *view)
{
	free(view);
}

const struct view_ops view_stream = {
	.name = "",
	.summary = "every state change, congestion change and retransmission",
	.columns = &view_row_columns,
	.check = check,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.free = free_view
};

const struct view_ops view_report = {
	.name = "report",
	.summary = "the stream of a recording",
	.columns = &view_row_columns,
	.check = check,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.free = free_view
};

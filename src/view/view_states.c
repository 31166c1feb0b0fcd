/* SPDX-License-Identifier: BSD-2-Clause */
/* State changes alone, in the columns that users of tcpstates know. */
#include <stdlib.h>

#include "common/number_text.h"
#include "stack_table.h"
#include "view.h"
#include "view_row.h"
#include "view_row_list.h"
#include "view_row_lost.h"

/* libbpf-tools' widths where they are not the columns' own. */
enum { WIDTH_SOCK = 16, WIDTH_COMM = 10, WIDTH_MS = NUMBER_TEXT_MS };

struct view {
	struct view_row row;    /* first: view_row_new() */
	struct stack_table *stacks;     /* NULL: not asked for */
};

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	return VIEW_ROW_STATE_EVENTS |
	       (options->stuck ? EVENT_BIT(EVENT_TICK) : 0) |
	       (options->stack ? EVENT_BIT(EVENT_FRAME) : 0) |
	       (column_list_has(shown, COLUMN_CONG) ? EVENT_BIT(EVENT_CONG) : 0);
}

static enum column_id socket_column(const struct view_options *options)
{
	return options->kernel_addresses ? COLUMN_SKADDR : COLUMN_SOCK;
}

static void table_columns(const struct view_options *options,
			  struct column_list *list)
{
	view_row_list(list, socket_column(options), NULL, WIDTH_SOCK);
	view_row_list(list, COLUMN_PID, NULL, 0);
	view_row_list(list, COLUMN_COMM, NULL, options->wide ? 0 : WIDTH_COMM);
	if (options->wide)
		view_row_list(list, COLUMN_FAMILY, NULL, 0);
	view_row_list(list, COLUMN_LADDR, NULL, 0);
	view_row_list(list, COLUMN_LPORT, NULL, 0);
	view_row_list(list, COLUMN_RADDR, NULL, 0);
	view_row_list(list, COLUMN_RPORT, NULL, 0);
	view_row_list(list, COLUMN_OLD, "OLDSTATE", 0);
	view_row_list(list, COLUMN_ARROW, NULL, 0);
	view_row_list(list, COLUMN_NEW, "NEWSTATE", 0);
	view_row_list(list, COLUMN_DURATION, NULL, WIDTH_MS);
	for (size_t i = 0; i < list->count; i++)
		list->uses[i].left = true;
}

/* BCC's header word for word: scripts look for it. */
static void csv_columns(const struct view_options *options,
			struct column_list *list)
{
	view_row_list(list, socket_column(options), "SKADDR", 0);
	view_row_list(list, COLUMN_PID, "C-PID", 0);
	view_row_list(list, COLUMN_COMM, "C-COMM", 0);
	view_row_list(list, COLUMN_FAMILY, "IP", 0);
	view_row_list(list, COLUMN_LADDR, "LADDR", 0);
	view_row_list(list, COLUMN_LPORT, "LPORT", 0);
	view_row_list(list, COLUMN_RADDR, "RADDR", 0);
	view_row_list(list, COLUMN_RPORT, "RPORT", 0);
	view_row_list(list, COLUMN_OLD, "OLDSTATE", 0);
	view_row_list(list, COLUMN_NEW, "NEWSTATE", 0);
	view_row_list(list, COLUMN_DURATION, "MS", 0);
}

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	view_row_list_times(list, options, "TIME", "TIME(s)");
	if (csv)
		csv_columns(options, list);
	else
		table_columns(options, list);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view || !options->stack)
		return view;
	view->stacks = stack_table_new(options->kernel_addresses, err);
	if (view->stacks)
		return view;
	free(view);
	return NULL;
}

/* There is no column for it: it stands as a change from STUCK, which is no state,
 * to the state that the socket is in. */
static void tell_stuck(struct view *view)
{
	struct cell *cells = view->row.row.cells;

	cells[COLUMN_NEW] = cells[COLUMN_OLD];
	cells[COLUMN_OLD] = (struct cell){ .type = CELL_TEXT, .text = "STUCK" };
}

/* NULL: the event makes no row. */
static const struct row_kind *row_kind(const struct event *event)
{
	switch (event->kind) {
	case EVENT_STATE:
		return &view_row_kind_state;
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
	const struct event *event = &observation->event;
	const struct row_kind *kind = row_kind(event);

	if (event->kind == EVENT_FRAME && view->stacks)
		stack_table_take(view->stacks, event);
	if (!kind)
		return 0;
	if (view->stacks)
		view->row.row.stack = stack_table_find(view->stacks, event);
	view->row.wall = wall;
	view_row_fill(&view->row, kind, observation);
	if (event->kind == EVENT_LOST)
		view_row_lost_tell(&view->row, event, COLUMN_OLD, COLUMN_NEW);
	else if (event->kind == EVENT_STUCK)
		tell_stuck(view);
	output_row(view->row.output, &view->row.row);
	return 1;
}

static void free_view(struct view *view)
{
	if (view)
		stack_table_free(view->stacks);
	free(view);
}

static const enum column_id filled_ids[] = {
	COLUMN_TIME, COLUMN_SINCE, COLUMN_MONO_NS, COLUMN_SOCK, COLUMN_SKADDR,
	COLUMN_PID, COLUMN_COMM, COLUMN_OWNER, COLUMN_CONTEXT, COLUMN_FAMILY,
	COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_REMOTE,
	COLUMN_EVENT, COLUMN_OLD, COLUMN_ARROW, COLUMN_NEW, COLUMN_DURATION,
	COLUMN_WHY, COLUMN_INFERRED, COLUMN_TRIGGER, COLUMN_CONG,
	COLUMN_COUNT_LOST, COLUMN_CPU
};

static const struct column_ids filled = COLUMN_IDS(filled_ids);

const struct view_ops view_states = {
	.name = "states",
	.summary = "state changes with durations, as tcpstates shows them",
	.columns = &filled,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.free = free_view
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* Congestion windows over time: a row at each change of a socket's, or one a
 * socket at each interval, and a picture. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/diagnostics.h"
#include "common/pool.h"
#include "cwnd_plot.h"
#include "interval.h"
#include "view.h"
#include "view_row.h"
#include "view_row_list.h"

/* A socket's last sample, as it was shown or is to be. */
struct cwnd_socket {
	struct observation last;
	bool used;              /* the place is */
	bool fresh;             /* since the last interval */
};

struct view {
	struct view_row row;    /* first: view_row_new() */
	uint64_t sock;          /* the only one; 0 = all */
	struct interval interval;
	uint64_t now_ns;        /* of the youngest observation */
	struct pool pool;       /* of struct cwnd_socket, by sock */
	struct lru seen;
	struct cwnd_plot *plot; /* NULL = none */
	const char *plot_path;
};

static unsigned int rows(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_VALUES;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)shown;
	return EVENT_BIT(EVENT_SAMPLE) | EVENT_BIT(EVENT_CONG) |
	       EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
	       EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_SEEN) |
	       (options->cwnd.plot ? EVENT_BIT(EVENT_RETRANS) : 0) |
	       (options->interval_ns ? EVENT_BIT(EVENT_TICK) : 0);
}

/* The first seven fit a terminal of 80 characters. */
static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	view_row_list_times(list, options, NULL, NULL);
	if (!options->time && !options->since)
		view_row_list(list, COLUMN_SINCE, NULL, 0);
	if (options->wide || csv) {
		view_row_list(list, COLUMN_PID, NULL, 0);
		view_row_list(list, COLUMN_COMM, NULL, 0);
		view_row_list(list, COLUMN_LADDR, NULL, 0);
	}
	view_row_list(list, COLUMN_LPORT, NULL, 0);
	if (csv) {
		view_row_list(list, COLUMN_RADDR, NULL, 0);
		view_row_list(list, COLUMN_RPORT, NULL, 0);
	} else {
		view_row_list(list, COLUMN_REMOTE, NULL, 0);
	}
	view_row_list(list, COLUMN_CONG, NULL, 0);
	view_row_list(list, COLUMN_CWND, NULL, 0);
	view_row_list(list, COLUMN_IN_FLIGHT_SEGMENTS, NULL, 0);
	view_row_list(list, COLUMN_SRTT, NULL, 0);
	view_row_list(list, COLUMN_SSTHRESH, NULL, 0);
	view_row_list(list, COLUMN_IN_FLIGHT, NULL, 0);
	view_row_list(list, COLUMN_SND_WND, NULL, 0);
	view_row_list(list, COLUMN_SOCK, NULL, 0);
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	cwnd_plot_free(view->plot);
	pool_done(&view->pool);
	free(view);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	view->sock = options->cwnd.sock;
	view->interval = (struct interval){ .period_ns = options->interval_ns };
	view->plot_path = options->cwnd.plot;
	if (pool_init(&view->pool, options->max_sockets,
		      sizeof(struct cwnd_socket))) {
		error_set(err, ENOMEM, "out of memory for sockets");
		free_view(view);
		return NULL;
	}
	if (view->plot_path)
		view->plot = cwnd_plot_new(view->plot_path, err);
	if (!view->plot_path || view->plot)
		return view;
	free_view(view);
	return NULL;
}

static struct cwnd_socket *socket_at(const struct view *view, uint32_t index)
{
	return (struct cwnd_socket *)view->pool.entries + index;
}

static struct cwnd_socket *find(const struct view *view, uint64_t sock)
{
	uint32_t index = id_map_get(&view->pool.map, sock);

	return index ? socket_at(view, index) : NULL;
}

static void forget(struct view *view, struct cwnd_socket *socket)
{
	uint32_t index = (uint32_t)(socket - socket_at(view, 0));

	id_map_remove(&view->pool.map, socket->last.sock);
	lru_remove(&view->seen, view->pool.links, index);
	socket->used = false;
	pool_give_back(&view->pool, index);
}

/* One that is shown again later begins anew: its first row is a change. */
static struct cwnd_socket *add(struct view *view, uint64_t sock)
{
	struct cwnd_socket *socket;
	uint32_t index;

	if (!pool_has_room(&view->pool))
		forget(view, socket_at(view, view->seen.oldest));
	index = pool_take(&view->pool);
	id_map_set(&view->pool.map, sock, index);
	lru_add(&view->seen, view->pool.links, index);
	socket = socket_at(view, index);
	*socket = (struct cwnd_socket){ .used = true };
	return socket;
}

static unsigned int print(struct view *view,
			  const struct observation *observation)
{
	view_row_fill(&view->row, &view_row_kind_cwnd, observation);
	output_row(view->row.output, &view->row.row);
	return 1;
}

static bool is_change(const struct observation *now,
		      const struct observation *before)
{
	return now->event.sample.cwnd != before->event.sample.cwnd ||
	       now->event.sample.ssthresh != before->event.sample.ssthresh ||
	       now->cong != before->cong;
}

static unsigned int take_sample(struct view *view,
				const struct observation *observation)
{
	struct cwnd_socket *socket = find(view, observation->sock);
	bool changed = !socket || is_change(observation, &socket->last);

	if (socket)
		lru_touch(&view->seen, view->pool.links,
			  (uint32_t)(socket - socket_at(view, 0)));
	else
		socket = add(view, observation->sock);
	socket->last = *observation;
	socket->fresh = true;
	return changed && !view->interval.period_ns ? print(view, observation) : 0;
}

/* What the last sample said, in the state that it is in now. */
static unsigned int take_cong(struct view *view,
			      const struct observation *observation)
{
	struct cwnd_socket *socket = find(view, observation->sock);
	uint8_t cong = observation->event.cong.new_state;

	if (!socket || socket->last.cong == cong)
		return 0;
	socket->last.cong = cong;
	socket->last.event.time_ns = observation->event.time_ns;
	return view->interval.period_ns ? 0 : print(view, &socket->last);
}

static void take_state(struct view *view, const struct observation *observation)
{
	struct cwnd_socket *socket = find(view, observation->sock);

	if (socket && !(view->interval.period_ns && socket->fresh) &&
	    observation->event.state.new_state == TCP_STATE_CLOSE)
		forget(view, socket);
}

/* Each socket that had a sample since, as of the end. */
static unsigned int print_all(struct view *view, uint64_t end_ns)
{
	unsigned int rows = 0;

	for (uint32_t index = 1; index <= view->pool.used; index++) {
		struct cwnd_socket *socket = socket_at(view, index);
		struct observation row;

		if (!socket->used || !socket->fresh)
			continue;
		socket->fresh = false;
		row = socket->last;
		row.event.time_ns = end_ns;
		rows += print(view, &row);
	}
	return rows;
}

static unsigned int end_intervals(struct view *view, uint64_t now_ns)
{
	unsigned int rows = 0;
	uint64_t end_ns;

	while (interval_has_ended(&view->interval, now_ns, &end_ns)) {
		rows += print_all(view, end_ns);
		interval_next(&view->interval);
	}
	return rows;
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	unsigned int rows;

	view->row.wall = wall;
	view->now_ns = observation->event.time_ns;
	rows = end_intervals(view, observation->event.time_ns);
	if (!observation->sock || (view->sock && view->sock != observation->sock))
		return rows;
	if (view->plot)
		cwnd_plot_take(view->plot, observation);
	switch (observation->event.kind) {
	case EVENT_SAMPLE:
		return rows + take_sample(view, observation);
	case EVENT_CONG:
		return rows + take_cong(view, observation);
	case EVENT_STATE:
		take_state(view, observation);
		break;
	}
	return rows;
}

/* The interval that the end of the run cuts short. */
static unsigned int report(struct view *view, bool final, struct wall_clock wall)
{
	view->row.wall = wall;
	return final && view->interval.period_ns ? print_all(view, view->now_ns) : 0;
}

static int finish(struct view *view, struct error *err)
{
	uint64_t sock;
	int ret;

	if (!view->plot)
		return 0;
	ret = cwnd_plot_write(view->plot, &sock, err);
	if (ret)
		return ret;
	if (sock)
		diagnostics_note("'%s' shows socket s%" PRIu64, view->plot_path,
				 sock);
	else
		diagnostics_note("there was nothing to draw into '%s'",
				 view->plot_path);
	return 0;
}

const struct view_ops view_cwnd = {
	.name = "cwnd",
	.summary = "congestion windows over time, and a picture of them",
	.columns = &view_row_columns,
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.report = report,
	.finish = finish,
	.free = free_view
};

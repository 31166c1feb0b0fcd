/* SPDX-License-Identifier: BSD-2-Clause */
/* Gathers a list, sorts it, and makes rows of it. */
#include "sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <poll.h>

#include "cell_set.h"
#include "filter.h"
#include "ns.h"
#include "output.h"
#include "problem.h"
#include "signals.h"
#include "watch.h"
#include "watch_output.h"
#include "tcpwatch/socket_list.h"
#include "tcpwatch/tcp_state.h"

#define BIT(state) (1u << (state))

enum { FIRST_ROOM = 256 };

struct found {
	struct socket_status status;
	size_t unclosed;        /* of its owner */
};

struct sockets {
	const struct options *options;
	struct output *output;
	struct found *found;
	size_t count, room;
	size_t shown;           /* of this list */
	struct row row;
};

const enum column_id sockets_sorts[SOCKETS_SORTS] = {
	COLUMN_LPORT, COLUMN_RPORT, COLUMN_TIMER_MS, COLUMN_RETRIES, COLUMN_RECV_Q,
	COLUMN_SEND_Q, COLUMN_NOTSENT, COLUMN_RESENT, COLUMN_SRTT
};

static const enum column_id keys[] = {
	COLUMN_TIME, COLUMN_PID, COLUMN_COMM, COLUMN_FAMILY, COLUMN_LADDR,
	COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_STATE, COLUMN_TIMER,
	COLUMN_TIMER_MS, COLUMN_RETRIES, COLUMN_RECV_Q, COLUMN_SEND_Q,
	COLUMN_NOTSENT, COLUMN_RESENT, COLUMN_SRTT, COLUMN_CWND, COLUMN_PROBLEM
};

static const struct row_kind kind = {
	.name = "socket", .letter = '.', .json = COLUMN_IDS(keys)
};

static const char *const timer_names[SOCKET_TIMER_COUNT] = {
	[SOCKET_TIMER_RETRANSMIT] = "retransmit",
	[SOCKET_TIMER_KEEPALIVE] = "keepalive",
	[SOCKET_TIMER_SYNACK] = "syn-ack",
	[SOCKET_TIMER_TIME_WAIT] = "time-wait",
	[SOCKET_TIMER_ZERO_WINDOW] = "probe",
	[SOCKET_TIMER_DELAYED_ACK] = "ack",
};

static uint32_t wanted_states(const struct options *options)
{
	const struct view_sockets_options *wanted = &options->view_options.sockets;
	uint32_t states = (1u << TCP_STATE_COUNT) - 1;

	if (options->filter.states)
		return options->filter.states;
	if (wanted->all)
		return states;
	if (wanted->problems)
		return states & ~BIT(TCP_STATE_TIME_WAIT);
	if (wanted->listening)
		return BIT(TCP_STATE_LISTEN);
	return states & ~(BIT(TCP_STATE_LISTEN) | BIT(TCP_STATE_TIME_WAIT) |
			  BIT(TCP_STATE_SYN_RECV) | BIT(TCP_STATE_CLOSE) |
			  BIT(TCP_STATE_NEW_SYN_RECV) |
			  BIT(TCP_STATE_BOUND_INACTIVE));
}

static struct owner owner_of(const struct socket_status *status)
{
	struct owner owner = { .pid = status->tgid };

	memcpy(owner.comm, status->comm, sizeof(owner.comm));
	return owner;
}

static bool is_wanted(const struct filter *filter,
		      const struct socket_status *status)
{
	const struct event event = {
		.has = EVENT_HAS_ENDPOINTS,
		.family = status->family,
		.local = status->local,
		.remote = status->remote,
	};
	const struct owner owner = owner_of(status);

	return filter_event(filter, &event) &&
	       filter_life(filter, &owner, BIT(status->state));
}

static int take(void *context, const struct socket_status *status)
{
	struct sockets *sockets = context;
	struct found *found;
	size_t room;

	if (!is_wanted(&sockets->options->filter, status))
		return 0;
	if (sockets->count == sockets->room) {
		room = sockets->room ? 2 * sockets->room : FIRST_ROOM;
		found = realloc(sockets->found, room * sizeof(*found));
		if (!found)
			return -ENOMEM;
		sockets->found = found;
		sockets->room = room;
	}
	sockets->found[sockets->count++] = (struct found){ .status = *status };
	return 0;
}

static uint64_t figure(const struct socket_status *status, unsigned int column)
{
	switch (column) {
	case COLUMN_LPORT:
		return status->local.port;
	case COLUMN_RPORT:
		return status->remote.port;
	case COLUMN_TIMER_MS:
		return status->timer ? status->timer_ms : 0;
	case COLUMN_RETRIES:
		return status->retries;
	case COLUMN_RECV_Q:
		return status->received;
	case COLUMN_SEND_Q:
		return status->unacked;
	case COLUMN_NOTSENT:
		return status->notsent;
	case COLUMN_RESENT:
		return status->resent;
	case COLUMN_SRTT:
		return status->srtt_us;
	default:
		return 0;
	}
}

/* Cookies rise with time, more or less: what else is the same stays in order. */
static int by_age(const struct socket_status *one,
		  const struct socket_status *other)
{
	return one->cookie < other->cookie ? -1 : one->cookie > other->cookie;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct socket_status *one = &((const struct found *)a)->status;
	const struct socket_status *other = &((const struct found *)b)->status;
	const unsigned int column = *(const uint8_t *)context;
	uint64_t first = figure(one, column), second = figure(other, column);

	if (!column && one->state != other->state)
		return one->state < other->state ? -1 : 1;
	if (first != second)
		return first > second ? -1 : 1;
	return by_age(one, other);
}

static void fill_info(struct cell *cells, const struct socket_status *status)
{
	if (!status->has_info)
		return;
	cell_set_number(&cells[COLUMN_NOTSENT], status->notsent);
	cell_set_number(&cells[COLUMN_RESENT], status->resent);
	cell_set_number(&cells[COLUMN_CWND], status->cwnd);
	if (status->srtt_us)
		cell_set_number(&cells[COLUMN_SRTT], status->srtt_us);
}

static void show(struct sockets *sockets, const struct found *found,
		 uint64_t wall_ns)
{
	const struct socket_status *status = &found->status;
	struct cell *cells = sockets->row.cells;
	char problem[PROBLEM_TEXT_BYTES];
	bool is_wrong = problem_of(status, found->unclosed, problem);

	if (!is_wrong && sockets->options->view_options.sockets.problems)
		return;
	sockets->shown++;
	sockets->row.kind = &kind;
	memset(cells, 0, COLUMN_COUNT * sizeof(*cells));
	cells[COLUMN_TIME] = (struct cell){ .type = CELL_WALL, .id = wall_ns };
	cell_set_ends(cells, status->family, &status->local, &status->remote);
	if (status->tgid)
		cell_set_number(&cells[COLUMN_PID], (uint64_t)status->tgid);
	if (status->comm[0]) {
		cells[COLUMN_COMM].type = CELL_COMM;
		cells[COLUMN_COMM].comm = status->comm;
	}
	cell_set_text(&cells[COLUMN_STATE], tcp_state_name(status->state));
	cell_set_text(&cells[COLUMN_TIMER], timer_names[status->timer]);
	if (status->timer) {
		cell_set_number(&cells[COLUMN_TIMER_MS], status->timer_ms);
		cell_set_number(&cells[COLUMN_RETRIES], status->retries);
	}
	cell_set_number(&cells[COLUMN_RECV_Q], status->received);
	cell_set_number(&cells[COLUMN_SEND_Q], status->unacked);
	fill_info(cells, status);
	cell_set_text(&cells[COLUMN_PROBLEM], is_wrong ? problem : NULL);
	output_row(sockets->output, &sockets->row);
}

static int compare_owners(const void *a, const void *b)
{
	const struct socket_status *one = &((const struct found *)a)->status;
	const struct socket_status *other = &((const struct found *)b)->status;

	return one->tgid < other->tgid ? -1 : one->tgid > other->tgid;
}

/* Tells each socket how many of its owner's the peer alone has closed. */
static void count_unclosed(struct sockets *sockets)
{
	struct found *found = sockets->found, *end = found + sockets->count;

	if (sockets->count)
		qsort(found, sockets->count, sizeof(*found), compare_owners);
	while (found < end) {
		struct found *first = found;
		size_t unclosed = 0;

		for (; found < end && found->status.tgid == first->status.tgid; found++)
			unclosed += found->status.state == TCP_STATE_CLOSE_WAIT;
		for (; first < found; first++)
			first->unclosed = unclosed;
	}
}

static int list_once(struct sockets *sockets, struct error *err)
{
	const struct options *options = sockets->options;
	const struct socket_list_sink sink = { take, sockets };
	uint8_t sort = options->view_options.sockets.sort;
	uint64_t top = options->view_options.sockets.top;
	struct timespec now;
	int ret;

	sockets->count = 0;
	clock_gettime(CLOCK_REALTIME, &now);
	ret = socket_list_read(wanted_states(options), &options->filter.endpoints,
			       &sink, err);
	if (ret)
		return ret;
	count_unclosed(sockets);
	if (sockets->count)
		qsort_r(sockets->found, sockets->count, sizeof(*sockets->found),
			compare, &sort);
	output_open_group(sockets->output);
	sockets->shown = 0;
	for (size_t i = 0; i < sockets->count && (!top || sockets->shown < top); i++)
		show(sockets, &sockets->found[i],
		     (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec);
	output_close_group(sockets->output);
	return output_flush(sockets->output, err);
}

/* True when the interval is over; false when the run is to end. */
static bool wait_interval(const struct sockets *sockets, int signal_fd)
{
	const uint64_t ms =
		sockets->options->view_options.interval_ns / NS_PER_MS;
	struct pollfd waited[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = output_fd(sockets->output) },
	};

	if (poll(waited, 2, ms > INT32_MAX ? INT32_MAX : (int)ms) > 0)
		return false;
	return !(signals_take() & (SIGNALS_STOP | SIGNALS_HANGUP));
}

static int list_all(struct sockets *sockets, int signal_fd, struct error *err)
{
	const struct view_options *wanted = &sockets->options->view_options;
	uint64_t listed = 0;
	int ret;

	do {
		ret = list_once(sockets, err);
		listed++;
	} while (!ret && wanted->interval_ns &&
		 (!wanted->outputs || listed < wanted->outputs) &&
		 wait_interval(sockets, signal_fd));
	/* Its reader has gone, or does not read while it is time to stop. */
	return ret == -EPIPE || ret == -EINTR ? 0 : ret;
}

int sockets_run(const struct options *options, struct error *err)
{
	struct output_journal *journal;
	struct sockets *sockets = calloc(1, sizeof(*sockets));
	int signal_fd, code = EXIT_FAILED;

	if (!sockets) {
		error_set(err, ENOMEM, "not enough memory for a list");
		return EXIT_FAILED;
	}
	sockets->options = options;
	signal_fd = signals_open(err);
	if (signal_fd < 0)
		goto out;
	code = watch_output_open(options, &sockets->output, &journal, err);
	if (code != EXIT_DONE)
		goto out;
	code = EXIT_FAILED;
	if (!output_begin(sockets->output, err) &&
	    !list_all(sockets, signal_fd, err))
		code = EXIT_DONE;
out:
	output_free(sockets->output);
	free(sockets->found);
	free(sockets);
	return err->code == ENOENT ? EXIT_NO_BACKEND : code;
}

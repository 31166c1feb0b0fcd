/* SPDX-License-Identifier: BSD-2-Clause */
/* Gathers a list, sorts it, and makes rows of it. */
#include "sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <poll.h>

#include "common/diagnostics.h"
#include "common/ns.h"
#include "filter/filter.h"
#include "output/output.h"
#include "problem.h"
#include "process/signals.h"
#include "socket_history.h"
#include "socket_order.h"
#include "socket_rows.h"
#include "watch/watch.h"
#include "watch/watch_output.h"
#include "tcpwatch/socket_list.h"
#include "tcpwatch/tcp_state.h"

#define BIT(state) (1u << (state))

enum { FIRST_ROOM = 256 };

struct sockets {
	const struct options *options;
	struct output *output;
	struct socket_found *found;
	size_t count, room;
	size_t shown;           /* of this list */
	struct socket_history history;
	struct socket_limits limits;
	struct socket_options asked;    /* of the socket at hand */
	bool shows_options, shows_problems;
	bool ownerless;         /* a socket that is open somewhere has no owner */
	bool told_owners;
	size_t untold;          /* sockets whose options are not known */
	int untold_error;       /* why the last one's were not */
	bool told;
	struct row row;
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

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static int take(void *context, const struct socket_status *status)
{
	struct sockets *sockets = context;
	struct socket_past past = { .age = SPAN_UNKNOWN };
	struct socket_found *found;
	size_t room;

	/* Before the filter: an accepted socket is as old as it was without its
	 * owner. */
	if (sockets->options->view_options.interval_ns &&
	    socket_history_take(&sockets->history, status, monotonic_ns(), &past))
		return -ENOMEM;
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
	found = &sockets->found[sockets->count++];
	*found = (struct socket_found){ .status = *status, .past = past };
	return 0;
}

/* What nobody tells is counted. */
static const struct socket_options *ask(struct sockets *sockets,
					const struct socket_status *status)
{
	int ret;

	if (!status->held)
		return NULL;
	ret = socket_options_read(status, &sockets->asked);
	if (!ret)
		return &sockets->asked;
	sockets->untold++;
	if (ret != -ESRCH || !sockets->untold_error)
		sockets->untold_error = ret;
	return NULL;
}

static void show(struct sockets *sockets, const struct socket_found *found,
		 uint64_t wall_ns)
{
	char problem[PROBLEM_TEXT_BYTES];
	struct socket_row row = {
		.facts = {
			.status = &found->status,
			.limits = &sockets->limits,
			.unclosed = found->unclosed,
			.new_drops = found->past.new_drops,
		},
		.age = found->past.age,
		.wall_ns = wall_ns,
	};
	bool asks = sockets->shows_problems && problem_needs_options(&row.facts);

	if (asks)
		row.facts.options = ask(sockets, &found->status);
	if (problem_of(&row.facts, problem))
		row.problem = problem;
	else if (sockets->options->view_options.sockets.problems)
		return;
	if (sockets->shows_options && !asks)
		row.facts.options = ask(sockets, &found->status);
	sockets->shown++;
	sockets->ownerless |= found->status.held && !found->status.tgid;
	socket_rows_fill(&sockets->row, &row);
	output_row(sockets->output, &sockets->row);
}

static const char *why_untold(int error)
{
	switch (error) {
	case -ENOSYS:
		return "this needs Linux 5.6";
	case -EPERM:
	case -EACCES:
		return "this needs the right to trace their processes: root, or the "
		       "same user and kernel.yama.ptrace_scope 0";
	case -ESRCH:
		return "their processes are not known, as those of other users, or gone";
	default:
		return strerror(-error);
	}
}

/* Once a run: what is not known stays so. */
/* Root does not see them either in other PID namespaces, and cannot help it. */
static void tell_ownerless(struct sockets *sockets)
{
	if (!sockets->ownerless || sockets->told_owners || !geteuid())
		return;
	sockets->told_owners = true;
	diagnostics_note("other users' sockets have no owners; run as root");
}

static void tell_untold(struct sockets *sockets)
{
	if (!sockets->untold || sockets->told)
		return;
	sockets->told = true;
	diagnostics_note("keepalive and timeouts of %zu socket%s are not known (?): %s",
			 sockets->untold, sockets->untold == 1 ? "" : "s",
			 why_untold(sockets->untold_error));
}

static int list_once(struct sockets *sockets, struct error *err)
{
	const struct options *options = sockets->options;
	const struct socket_list_sink sink = { take, sockets };
	uint64_t top = options->view_options.sockets.top;
	struct timespec now;
	int ret;

	sockets->count = 0;
	socket_limits_read(&sockets->limits);
	socket_history_begin(&sockets->history, monotonic_ns());
	clock_gettime(CLOCK_REALTIME, &now);
	ret = socket_list_read(wanted_states(options), &options->filter.endpoints,
			       &sink, err);
	if (ret)
		return ret;
	sockets->count = socket_order_once(sockets->found, sockets->count);
	socket_order_count(sockets->found, sockets->count);
	socket_order_sort(sockets->found, sockets->count,
			  options->view_options.sockets.sort, &sockets->limits);
	output_open_group(sockets->output);
	sockets->shown = 0;
	for (size_t i = 0; i < sockets->count && (!top || sockets->shown < top); i++)
		show(sockets, &sockets->found[i],
		     (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec);
	output_close_group(sockets->output);
	tell_ownerless(sockets);
	tell_untold(sockets);
	return output_flush(sockets->output, err);
}

/* SIGHUP opens the output file again, and ends a list that goes elsewhere. The
 * old file goes on where the new one cannot be opened. */
static bool take_signals(const struct sockets *sockets)
{
	unsigned int came = signals_take();
	struct error err = { 0 };

	if (came & SIGNALS_STOP)
		return false;
	if (!(came & SIGNALS_HANGUP))
		return true;
	if (!sockets->options->output_path)
		return false;
	if (output_reopen(sockets->output, &err))
		diagnostics_error(&err);
	return true;
}

/* True when the interval is over, or a signal cut it short; false when the run is
 * to end. */
static bool wait_interval(const struct sockets *sockets, int signal_fd)
{
	const uint64_t ms =
		sockets->options->view_options.interval_ns / NS_PER_MS;
	struct pollfd waited[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = output_fd(sockets->output) },
	};

	poll(waited, 2, ms > INT32_MAX ? INT32_MAX : (int)ms);
	return !waited[1].revents && take_signals(sockets);
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

static void choose(struct sockets *sockets)
{
	const struct output_options *shown = output_options(sockets->output);
	bool all = shown->format && !strcmp(shown->format, "json");

	sockets->shows_options = all ||
				 socket_rows_show_options(&shown->columns);
	sockets->shows_problems = all ||
		sockets->options->view_options.sockets.problems ||
		column_list_has(&shown->columns, COLUMN_PROBLEM);
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
	choose(sockets);
	if (socket_list_check(err)) {
		code = EXIT_NO_BACKEND;
		goto out;
	}
	code = EXIT_FAILED;
	if (!output_begin(sockets->output, err) &&
	    !list_all(sockets, signal_fd, err))
		code = EXIT_DONE;
out:
	output_free(sockets->output);
	socket_history_done(&sockets->history);
	free(sockets->found);
	free(sockets);
	return code;
}

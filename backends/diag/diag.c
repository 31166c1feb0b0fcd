/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks at all TCP sockets of our network namespace again and again, by
 * sock_diag alone: without rights, without tracing. Ends are told by the kernel
 * between the looks.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "diag_clock.h"
#include "diag_dump.h"
#include "diag_filter.h"
#include "diag_gone.h"
#include "diag_looks.h"
#include "diag_names.h"
#include "diag_queue.h"
#include "diag_survey.h"
#include "lookup.h"
#include "registry.h"
#include "socket/socket_owners.h"
#include "tcpwatch/tcp_state.h"

#define NS_PER_S UINT64_C(1000000000)
#define DEFAULT_POLL_NS NS_PER_S

enum {
	SLICES_PER_LATENCY = 10,
	WALK_SHARE = 20,                /* of a CPU, for who holds what */
	NOTE_BYTES = 256
};

enum stage {
	STAGE_WAIT,
	STAGE_READ,                     /* the next piece of the list */
	STAGE_OWNERS,                   /* who holds what, for the piece in hand */
	STAGE_TAKE,                     /* the sockets of the piece in hand */
	STAGE_SWEEP
};

struct diag {
	struct backend base;
	unsigned int events;            /* EVENT_BIT set that is delivered */
	uint64_t latency_ns, since_ns;
	int fd, timer_fd, dump_fd;      /* fd: epoll over the timer and the ends */
	struct diag_gone *gone;         /* NULL: the kernel does not tell */
	struct diag_query query;
	struct diag_dump dump;
	struct diag_piece piece;
	enum stage stage;
	struct diag_clock clock;
	uint64_t look_cost_ns;          /* CPU time of the look so far */
	struct socket_owners *owners;
	bool owners_known;              /* the walk is over */
	uint64_t walk_cost_ns, walk_again_ns;
	struct diag_looks looks;
	struct diag_names names;
	struct lookup lookup;           /* in the keeper's copy */
	bool ticks;                     /* within each latency */
	bool slow_told;
	bool again;                     /* look as soon as that may be */
	bool stopped, last_begun, ended;
	char note[NOTE_BYTES], slow_note[NOTE_BYTES];
	struct diag_queue queue;
	uint8_t filter[DIAG_MESSAGE_FILTER_MAX];
	uint8_t room[DIAG_DUMP_ROOM];
};

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static int64_t wall_offset_ns(void)
{
	uint64_t before_ns = now_ns(CLOCK_MONOTONIC);
	uint64_t wall_ns = now_ns(CLOCK_REALTIME);
	uint64_t took_ns = now_ns(CLOCK_MONOTONIC) - before_ns;

	return (int64_t)(wall_ns - before_ns - took_ns / 2);
}

static void diag_close(struct backend *backend)
{
	struct diag *diag = (struct diag *)backend;

	if (!diag)
		return;
	socket_owners_free(diag->owners);
	lookup_done(&diag->lookup);
	diag_table_done(&diag->looks.table);
	diag_gone_close(diag->gone);
	if (diag->dump_fd >= 0)
		close(diag->dump_fd);
	if (diag->timer_fd >= 0)
		close(diag->timer_fd);
	if (diag->fd >= 0)
		close(diag->fd);
	free(diag);
}

/* Asks for what is never there. */
static int diag_probe(const struct backend_options *options, struct error *err)
{
	static const struct diag_query query = { .states = 1u << TCP_STATE_CLOSE };
	uint8_t *room = malloc(DIAG_DUMP_ROOM);
	int fd = diag_dump_socket();
	struct diag_piece piece;
	struct diag_dump dump;
	int ret = fd < 0 ? fd : -ENOMEM;

	(void)options;
	if (fd >= 0 && room) {
		diag_dump_init(&dump, fd, &query);
		do {
			ret = diag_dump_read(&dump, room, &piece);
		} while (ret > 0);
	}
	if (fd >= 0)
		close(fd);
	free(room);
	return ret < 0 ? diag_dump_refuse(err, ret) : 0;
}

static int watch(int epoll_fd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int open_waiting(struct diag *diag)
{
	int ret;

	diag->fd = epoll_create1(EPOLL_CLOEXEC);
	diag->timer_fd = timerfd_create(CLOCK_MONOTONIC,
					TFD_CLOEXEC | TFD_NONBLOCK);
	if (diag->fd < 0 || diag->timer_fd < 0)
		return -errno;
	ret = watch(diag->fd, diag->timer_fd);
	if (!ret && diag->gone)
		ret = watch(diag->fd, diag_gone_fd(diag->gone));
	return ret;
}

static void begin_look(struct diag *diag)
{
	diag->look_cost_ns = 0;
	diag_looks_begin(&diag->looks, now_ns(CLOCK_MONOTONIC));
	diag_dump_init(&diag->dump, diag->dump_fd, &diag->query);
	diag->stage = STAGE_READ;
}

/* What is there already is learnt before anything new may begin: whoever waits
 * for us to be ready has no older socket then. */
static int look_first(struct diag *diag)
{
	struct diag_message message;
	int ret;

	begin_look(diag);
	while ((ret = diag_dump_read(&diag->dump, diag->room, &diag->piece)) > 0)
		while (diag_dump_next(&diag->piece, &message))
			diag_looks_take(&diag->looks, &(struct diag_look){
				.socket = &message.socket,
				.from_ns = diag->piece.from_ns,
				.until_ns = diag->piece.until_ns,
			});
	diag_looks_sweep(&diag->looks, 0);
	diag->since_ns = now_ns(CLOCK_MONOTONIC);
	diag->clock.next_ns = diag->since_ns;
	diag->stage = STAGE_WAIT;
	return ret;
}

static int set_up(struct diag *diag, const struct backend_options *options,
		  struct error *err)
{
	int ret = open_waiting(diag);

	if (ret)
		return error_set(err, -ret, "cannot wait for sock_diag: %s",
				 strerror(-ret));
	diag->dump_fd = diag_dump_socket();
	if (diag->dump_fd < 0)
		return diag_dump_refuse(err, diag->dump_fd);
	diag->query = (struct diag_query){
		.states = diag_looks_states,
		.info = options->events & (EVENT_BIT(EVENT_CONG) |
					   EVENT_BIT(EVENT_RETRANS) |
					   EVENT_BIT(EVENT_SAMPLE)),
		.filter = diag->filter,
		.filter_length = diag_filter_compose(diag->filter,
						     options->filter),
	};
	ret = look_first(diag);
	return ret ? diag_dump_refuse(err, ret) : 0;
}

static void set_note(struct diag *diag)
{
	snprintf(diag->note, sizeof(diag->note), "sockets of this network namespace "
		 "are looked at each %.3g s: what lasts less may be missed, "
		 "durations are bounds%s%s", (double)diag->clock.wished_ns / 1e9,
		 diag->gone ? "" : "; ends are seen by the next look but one",
		 geteuid() ? "; other users' sockets have no owners" : "");
}

static struct backend *diag_open(const struct backend_options *options,
				 struct error *err)
{
	struct diag *diag;

	if (options->samples.aggregate == BACKEND_AGGREGATE_MUST) {
		error_set(err, ENOTSUP, "it does not count in the kernel; use "
			  "--aggregate=user");
		return NULL;
	}
	diag = calloc(1, sizeof(*diag));
	if (!diag) {
		error_set(err, ENOMEM, "no memory for the diag backend");
		return NULL;
	}
	diag->base.ops = &diag_backend;
	diag->fd = diag->timer_fd = diag->dump_fd = -1;
	diag->latency_ns = options->latency_ns;
	diag->ticks = options->events & EVENT_BIT(EVENT_TICK);
	diag->looks.queue = &diag->queue;
	diag->looks.kinds = diag->events = options->events &
		(EVENT_BIT(EVENT_CONG) | EVENT_BIT(EVENT_RETRANS) |
		 EVENT_BIT(EVENT_SAMPLE) | EVENT_BIT(EVENT_SEEN) |
		 EVENT_BIT(EVENT_GONE) | EVENT_BIT(EVENT_TASK));
	diag->events |= EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_DESTROY) |
			EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_LOST);
	diag_clock_init(&diag->clock, options->poll_ns ? options->poll_ns :
							 DEFAULT_POLL_NS);
	diag_names_renew(&diag->names);
	diag->gone = diag_gone_open();
	if (set_up(diag, options, err)) {
		diag_close(&diag->base);
		return NULL;
	}
	set_note(diag);
	return &diag->base;
}

static void diag_facts(const struct backend *backend,
		       struct backend_facts *facts)
{
	const struct diag *diag = (const struct diag *)backend;

	*facts = (struct backend_facts){
		.clock = "monotonic",
		.wall_offset_ns = wall_offset_ns(),
		.wall_offset_known = true,
		.since_ns = diag->since_ns,
		.sample_ns = diag->clock.period_ns,
		.events = diag->events,
		.note = diag->slow_told ? diag->slow_note : diag->note,
	};
}

static int diag_fd(const struct backend *backend)
{
	return ((const struct diag *)backend)->fd;
}

static void deliver_lost(struct diag *diag)
{
	diag_queue_push(&diag->queue, &(struct event){
		.time_ns = now_ns(CLOCK_MONOTONIC),
		.kind = EVENT_LOST,
		.has = EVENT_HAS_BOUNDS,
	}, 1);
}

/* Ends that were not told are found by looking again at once. */
static void take_ends(struct diag *diag)
{
	const struct event *gone;

	if (!diag->gone)
		return;
	diag_gone_read(diag->gone);
	while (diag_queue_room(&diag->queue) > DIAG_LOOKS_EVENTS &&
	       (gone = diag_gone_peek(diag->gone))) {
		diag_looks_end(&diag->looks, gone);
		diag_gone_drop(diag->gone);
	}
	if (diag_gone_take_loss(diag->gone)) {
		deliver_lost(diag);
		diag->again = true;
	}
	if (diag->again && diag->stage == STAGE_WAIT) {
		diag->again = false;
		diag_clock_hurry(&diag->clock, diag->look_cost_ns);
	}
}

static void tell_slow(struct diag *diag)
{
	if (diag->slow_told || diag->clock.period_ns <= diag->clock.wished_ns)
		return;
	snprintf(diag->slow_note, sizeof(diag->slow_note), "a look at all sockets "
		 "(%zu here) takes %.3g ms: there is one each %.3g s, so that they "
		 "cost no more than %d %% of a CPU", diag->looks.table.count,
		 (double)diag->look_cost_ns / 1e6,
		 (double)diag->clock.period_ns / 1e9, 100 / DIAG_CLOCK_SHARE);
	diag->slow_told = true;
}

static void end_look(struct diag *diag)
{
	diag_clock_set(&diag->clock, diag->looks.began_ns, diag->look_cost_ns);
	tell_slow(diag);
	if (diag->owners_known) {
		socket_owners_free(diag->owners);
		diag->owners = NULL;
		diag->owners_known = false;
	}
	if (diag->looks.refused)
		deliver_lost(diag);
	diag->stage = STAGE_WAIT;
}

static void read_piece(struct diag *diag)
{
	int ret = diag_dump_read(&diag->dump, diag->room, &diag->piece);

	if (ret > 0) {
		diag->stage = STAGE_TAKE;
		return;
	}
	diag->stage = STAGE_SWEEP;
	if (!ret)
		return;
	diag_looks_abandon(&diag->looks);
	deliver_lost(diag);
	end_look(diag);
}

/* True when the walk over all processes has to come first. */
static bool needs_walk(struct diag *diag, const struct diag_socket *socket)
{
	if (diag->owners_known || !diag_looks_wants_owner(&diag->looks, socket) ||
	    now_ns(CLOCK_MONOTONIC) < diag->walk_again_ns)
		return false;
	diag->owners = socket_owners_new(diag->names.keeper);
	diag->walk_cost_ns = 0;
	return diag->owners;
}

static int32_t owner_of(struct diag *diag, const struct diag_socket *socket)
{
	int32_t tgid;

	if (!diag->owners_known || !diag_looks_wants_owner(&diag->looks, socket))
		return 0;
	tgid = socket_owners_find(diag->owners, socket->inode);
	if (tgid)
		diag_names_tell(&diag->names, &diag->queue, tgid,
				diag->piece.until_ns);
	return tgid;
}

static void take_piece(struct diag *diag)
{
	while (diag_queue_room(&diag->queue) >
	       DIAG_LOOKS_EVENTS + DIAG_NAMES_ANCESTORS) {
		const struct diag_reader here = diag->piece.reader;
		struct diag_message message;

		if (!diag_dump_next(&diag->piece, &message)) {
			diag->stage = STAGE_READ;
			return;
		}
		if (needs_walk(diag, &message.socket)) {
			diag->piece.reader = here;
			diag->stage = STAGE_OWNERS;
			return;
		}
		diag_looks_take(&diag->looks, &(struct diag_look){
			.socket = &message.socket,
			.from_ns = diag->piece.from_ns,
			.until_ns = diag->piece.until_ns,
			.tgid = owner_of(diag, &message.socket),
			.asked = diag->owners_known,
		});
	}
}

static void walk(struct diag *diag)
{
	if (socket_owners_step(diag->owners))
		return;
	diag->owners_known = true;
	diag_names_renew(&diag->names);
	diag->walk_again_ns = now_ns(CLOCK_MONOTONIC) +
			      diag->walk_cost_ns * WALK_SHARE;
	diag->stage = STAGE_TAKE;
}

static bool is_due(const struct diag *diag)
{
	return diag->stopped ? !diag->last_begun :
			       now_ns(CLOCK_MONOTONIC) >= diag->clock.next_ns;
}

/* One piece of work; what it costs is counted where it belongs. False when there
 * is nothing to do. */
static bool step(struct diag *diag)
{
	uint64_t before_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
	bool walks = diag->stage == STAGE_OWNERS;

	switch (diag->stage) {
	case STAGE_WAIT:
		if (!is_due(diag))
			return false;
		begin_look(diag);
		diag->last_begun = diag->stopped;
		break;
	case STAGE_READ:
		read_piece(diag);
		break;
	case STAGE_OWNERS:
		walk(diag);
		break;
	case STAGE_TAKE:
		take_piece(diag);
		break;
	case STAGE_SWEEP:
		if (diag_looks_sweep(&diag->looks, now_ns(CLOCK_MONOTONIC)))
			end_look(diag);
		break;
	}
	*(walks ? &diag->walk_cost_ns : &diag->look_cost_ns) +=
		now_ns(CLOCK_THREAD_CPUTIME_ID) - before_ns;
	return true;
}

static void set_timer(const struct diag *diag, bool busy, bool ticks)
{
	const uint64_t now = now_ns(CLOCK_MONOTONIC);
	uint64_t next = diag->clock.next_ns;
	struct itimerspec timer = { 0 };

	if (ticks && next > now + diag->latency_ns)
		next = now + diag->latency_ns;
	if (busy || next <= now)
		next = now + 1;
	timer.it_value.tv_sec = (time_t)(next / NS_PER_S);
	timer.it_value.tv_nsec = (long)(next % NS_PER_S);
	timerfd_settime(diag->timer_fd, TFD_TIMER_ABSTIME, &timer, NULL);
}

/* All that is at hand is with the sink. */
static enum backend_answer rest(struct diag *diag, bool busy,
				const struct event_sink *sink)
{
	struct event tick = { .kind = EVENT_TICK };

	if (diag->stopped && !busy) {
		diag->ended = true;
		return BACKEND_END;
	}
	/* What is still to be read of a piece is given this time at least. */
	if (diag->queue.newest_ns < now_ns(CLOCK_MONOTONIC))
		diag->queue.newest_ns = now_ns(CLOCK_MONOTONIC);
	tick.time_ns = diag->queue.newest_ns;
	sink->take(sink->context, &tick);
	set_timer(diag, busy, diag->ticks);
	return diag->stopped ? BACKEND_MORE : BACKEND_IDLE;
}

static enum backend_answer diag_read(struct backend *backend, size_t budget,
				     const struct event_sink *sink,
				     struct error *err)
{
	struct diag *diag = (struct diag *)backend;
	const uint64_t until_ns = now_ns(CLOCK_MONOTONIC) +
				  diag->latency_ns / SLICES_PER_LATENCY;
	bool busy;

	(void)err;
	if (diag->ended)
		return BACKEND_END;
	do {
		diag_queue_deliver(&diag->queue, &budget, sink);
		if (!budget)
			return BACKEND_MORE;
		take_ends(diag);
		busy = diag->queue.count || step(diag);
	} while (busy && now_ns(CLOCK_MONOTONIC) < until_ns);
	return diag->queue.count ? BACKEND_MORE : rest(diag, busy, sink);
}

/* One more look: what happened since the last one is told. */
static void diag_stop(struct backend *backend)
{
	struct diag *diag = (struct diag *)backend;

	diag->stopped = true;
	diag->last_begun = diag->stage != STAGE_WAIT;
	set_timer(diag, true, false);
}

static void diag_serve(struct backend *backend,
		       const struct keeper_request *request,
		       struct keeper_answer *answer, int *fd)
{
	lookup_serve(&((struct diag *)backend)->lookup, request, answer, fd);
}

static void diag_confine(struct backend *backend, const struct keeper *keeper)
{
	((struct diag *)backend)->names.keeper = keeper;
}

const struct backend_ops diag_backend = {
	.name = "diag",
	.summary = "sock_diag alone, sampled; needs no rights",
	.promises = BACKEND_LIVE | BACKEND_OWNER | BACKEND_AUTO,
	.probe = diag_probe,
	.open = diag_open,
	.facts = diag_facts,
	.fd = diag_fd,
	.read = diag_read,
	.stop = diag_stop,
	.serve = diag_serve,
	.confine = diag_confine,
	.close = diag_close,
	.survey = diag_survey,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens the diag backend, all or nothing, and takes the first look. */
#include "diag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "clock.h"
#include "diag_filter.h"
#include "registry.h"
#include "tcpwatch/tcp_state.h"

#define DEFAULT_POLL_NS UINT64_C(1000000000)

void diag_close(struct backend *backend)
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
int diag_probe(const struct backend_options *options, struct error *err)
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

/* What is there already is learnt before anything new may begin: whoever waits
 * for us to be ready has no older socket then. */
static int look_first(struct diag *diag)
{
	struct diag_message message;
	int ret;

	diag_step_begin(diag);
	while ((ret = diag_dump_read(&diag->dump, diag->room, &diag->piece)) > 0)
		while (diag_dump_next(&diag->piece, &message))
			diag_looks_take(&diag->looks, &(struct diag_look){
				.socket = &message.socket,
				.from_ns = diag->piece.from_ns,
				.until_ns = diag->piece.until_ns,
			});
	diag_looks_sweep(&diag->looks, 0);
	diag->since_ns = clock_monotonic_ns();
	diag->clock.next_ns = diag->since_ns;
	diag->stage = DIAG_STAGE_WAIT;
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

struct backend *diag_open(const struct backend_options *options,
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

/* SPDX-License-Identifier: BSD-2-Clause */
/* One dump of sock_diag, joined with who holds what. */
#include "tcpwatch/socket_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/tcp.h>

#include "diag/diag_dump.h"
#include "diag/diag_filter.h"
#include "diag/diag_info.h"
#include "registry.h"
#include "socket_owners.h"
#include "tcpwatch/tcp_state.h"

struct socket_list {
	int fd;
	struct socket_owners *owners;   /* NULL: nobody can tell */
	const struct socket_list_sink *sink;
	struct diag_dump dump;
	struct diag_query query;
	int32_t tgid;                   /* whose name is at hand */
	char comm[EVENT_COMM_BYTES];
	uint8_t filter[DIAG_QUERY_FILTER_MAX];
	uint8_t room[DIAG_DUMP_ROOM];
};

static void list_free(struct socket_list *list)
{
	if (!list)
		return;
	if (list->fd >= 0)
		close(list->fd);
	socket_owners_free(list->owners);
	free(list);
}

static void read_comm(struct socket_list *list, int32_t tgid)
{
	char path[32];
	ssize_t length;
	int fd;

	if (list->tgid == tgid)
		return;
	list->tgid = tgid;
	memset(list->comm, 0, sizeof(list->comm));
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)tgid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, list->comm, sizeof(list->comm));
	close(fd);
	/* The kernel ends it with one newline. */
	if (length > 0)
		list->comm[length - 1] = '\0';
}

/* A request's timer and a connection's have one number. */
static enum socket_timer timer_of(const struct diag_socket *socket)
{
	switch (socket->timer) {
	case DIAG_TIMER_RETRANSMIT:
		return socket->state == TCP_STATE_SYN_RECV && !socket->info ?
			SOCKET_TIMER_SYNACK : SOCKET_TIMER_RETRANSMIT;
	case DIAG_TIMER_KEEPALIVE:
		return SOCKET_TIMER_KEEPALIVE;
	case DIAG_TIMER_TIME_WAIT:
		return SOCKET_TIMER_TIME_WAIT;
	case DIAG_TIMER_ZERO_WINDOW:
		return SOCKET_TIMER_ZERO_WINDOW;
	case DIAG_TIMER_DELAYED_ACK:
		return SOCKET_TIMER_DELAYED_ACK;
	default:
		return SOCKET_TIMER_NONE;
	}
}

static void set_info(struct socket_status *status,
		     const struct diag_socket *socket)
{
	struct tcp_info info;

	/* A listener's figures say other things. */
	if (socket->state == TCP_STATE_LISTEN ||
	    !diag_info_get(socket, &info))
		return;
	status->has_info = true;
	status->notsent = info.tcpi_notsent_bytes;
	status->srtt_us = info.tcpi_rtt;
	status->cwnd = info.tcpi_snd_cwnd;
	status->resent = info.tcpi_total_retrans;
	status->in_flight = info.tcpi_unacked;
	status->rto_ms = info.tcpi_rto / 1000;
	status->backoff = info.tcpi_backoff;
	status->data_sent_ms = info.tcpi_last_data_sent;
	status->data_received_ms = info.tcpi_last_data_recv;
	status->ack_received_ms = info.tcpi_last_ack_recv;
}

static int take(struct socket_list *list, const struct diag_socket *socket)
{
	struct socket_status status = {
		.local = socket->local,
		.remote = socket->remote,
		.cookie = socket->cookie,
		.timer_ms = socket->expires_ms,
		.received = socket->unread,
		.unacked = socket->unsent,
		.family = socket->family,
		.state = socket->state,
		.timer = (uint8_t)timer_of(socket),
		.retries = socket->retries,
		.drops = socket->drops,
		.held = socket->inode,
	};

	if (list->owners && socket->inode)
		status.tgid = socket_owners_find_file(list->owners, socket->inode,
						      &status.file);
	if (status.tgid) {
		read_comm(list, status.tgid);
		memcpy(status.comm, list->comm, sizeof(status.comm));
	}
	set_info(&status, socket);
	return list->sink->take(list->sink->context, &status);
}

static int take_piece(struct socket_list *list, struct diag_piece piece)
{
	struct diag_message message;
	int ret = 0;

	while (!ret && diag_dump_next(&piece, &message))
		ret = take(list, &message.socket);
	return ret;
}

int socket_list_read(uint32_t states, const struct backend_filter *filter,
		     const struct socket_list_sink *sink, struct error *err)
{
	struct socket_list *list = calloc(1, sizeof(*list));
	struct diag_piece piece;
	int ret;

	if (!list)
		return error_set(err, ENOMEM, "no memory for a list of sockets");
	list->sink = sink;
	list->owners = socket_owners_new(NULL);
	while (list->owners && socket_owners_step(list->owners))
		;
	list->query = (struct diag_query){
		.states = states,
		.info = true,
		.memory = states & (1u << TCP_STATE_LISTEN),
		.filter = list->filter,
		.filter_length = diag_filter_compose(list->filter, filter),
	};
	ret = list->fd = diag_dump_socket();
	if (ret >= 0) {
		diag_dump_init(&list->dump, list->fd, &list->query);
		do {
			ret = diag_dump_read(&list->dump, list->room, &piece);
			if (ret > 0 && take_piece(list, piece))
				ret = -ENOMEM;
		} while (ret > 0);
	}
	list_free(list);
	return ret < 0 ? diag_dump_refuse(err, ret) : 0;
}

int socket_list_check(struct error *err)
{
	return diag_backend.probe(NULL, err);
}

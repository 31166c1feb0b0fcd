/* SPDX-License-Identifier: BSD-2-Clause */
/* One socket that is a member of both groups; a datagram is one notification. */
#include "diag_gone.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "diag_dump.h"
#include "diag_info.h"
#include "diag_message.h"

enum {
	BATCH = 32,
	DATAGRAM_BYTES = 1024,          /* 420 on 6.18 */
	EVENTS_MAX = 1024,
	BUFFER_BYTES = 16 << 20         /* in the kernel, when there is a burst: 20000
					 * sockets or so */
};

struct diag_gone {
	int fd;
	bool incomplete, lost;
	size_t next, count;             /* of events */
	struct event events[EVENTS_MAX];
	uint8_t room[BATCH][DATAGRAM_BYTES];
};

static int join(int fd, int group)
{
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			  sizeof(group));
}

/* The kernel's own port is 0, and what has its sender's port gets nothing: so a
 * port is needed as well. */
static int listen_for_ends(int fd)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };

	return bind(fd, (const struct sockaddr *)&any, sizeof(any)) ||
	       join(fd, SKNLGRP_INET_TCP_DESTROY) ||
	       join(fd, SKNLGRP_INET6_TCP_DESTROY) ? -errno : 0;
}

struct diag_gone *diag_gone_open(void)
{
	struct diag_gone *gone = malloc(sizeof(*gone));
	const int bytes = BUFFER_BYTES;
	int failed;

	if (!gone)
		return NULL;
	gone->incomplete = gone->lost = false;
	gone->next = gone->count = 0;
	gone->fd = diag_dump_socket();
	if (gone->fd < 0) {
		failed = -gone->fd;
	} else {
		failed = -listen_for_ends(gone->fd);
		/* Without the right to, the default has to do. */
		setsockopt(gone->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes,
			   sizeof(bytes));
	}
	if (!failed)
		return gone;
	diag_gone_close(gone);
	errno = failed;
	return NULL;
}

void diag_gone_close(struct diag_gone *gone)
{
	if (!gone)
		return;
	if (gone->fd >= 0)
		close(gone->fd);
	free(gone);
}

int diag_gone_fd(const struct diag_gone *gone)
{
	return gone->fd;
}

static void take(struct diag_gone *gone, const uint8_t *datagram, size_t length,
		 uint64_t time_ns)
{
	struct diag_reader reader = { datagram, length };
	struct diag_message message;

	if (diag_message_next(&reader, &message) != DIAG_MESSAGE_SOCKET)
		return;
	gone->events[gone->count] = diag_info_gone(&message.socket);
	gone->events[gone->count++].time_ns = time_ns;
}

/* How many datagrams there were; 0 when there are no more. */
static size_t read_batch(struct diag_gone *gone)
{
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec rooms[BATCH];
	struct timespec now;
	int count;

	for (size_t i = 0; i < BATCH; i++) {
		rooms[i] = (struct iovec){ gone->room[i], DATAGRAM_BYTES };
		messages[i].msg_hdr.msg_iov = &rooms[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	count = recvmmsg(gone->fd, messages, BATCH, 0, NULL);
	if (count < 0) {
		/* It stands for datagrams that found no room: others follow. */
		gone->lost |= errno == ENOBUFS;
		gone->incomplete |= gone->lost;
		return errno == ENOBUFS ? 1 : 0;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	for (int i = 0; i < count; i++)
		take(gone, gone->room[i], messages[i].msg_len,
		     (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
	return (size_t)count;
}

void diag_gone_read(struct diag_gone *gone)
{
	if (gone->next == gone->count)
		gone->next = gone->count = 0;
	while (EVENTS_MAX - gone->count >= BATCH && read_batch(gone))
		;
}

const struct event *diag_gone_peek(const struct diag_gone *gone)
{
	return gone->next < gone->count ? &gone->events[gone->next] : NULL;
}

void diag_gone_drop(struct diag_gone *gone)
{
	gone->next++;
}

bool diag_gone_is_incomplete(const struct diag_gone *gone)
{
	return gone->incomplete;
}

bool diag_gone_take_loss(struct diag_gone *gone)
{
	bool lost = gone->lost;

	gone->lost = false;
	return lost;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* One request and its answer, which the kernel gives while it is asked: the read
 * does not wait. The cookie keeps sockets of other namespaces apart that have
 * the same endpoints. */
#include "socket_mss.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <sys/socket.h>

#include "diag/diag_dump.h"
#include "diag/diag_info.h"
#include "diag/diag_message.h"
#include "diag/diag_query.h"

enum { ANSWER_BYTES = 4096 };

void socket_mss_open(struct socket_mss *mss)
{
	*mss = (struct socket_mss){
		.fd = diag_dump_socket(),
		.places = calloc(SOCKET_MSS_PLACES, sizeof(*mss->places)),
	};
	if (mss->fd >= 0 && mss->places)
		return;
	if (mss->fd >= 0)
		close(mss->fd);
	mss->fd = -1;
}

void socket_mss_close(struct socket_mss *mss)
{
	if (mss->places && mss->fd >= 0)
		close(mss->fd);
	free(mss->places);
	*mss = (struct socket_mss){ .fd = -1 };
}

/* 0 where the answer to an earlier request is still in the way, too. */
static uint16_t read_answer(struct socket_mss *mss)
{
	uint8_t bytes[ANSWER_BYTES];
	ssize_t length;

	while ((length = recv(mss->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		struct diag_reader reader = { bytes, (size_t)length };
		struct diag_message message;
		enum diag_message_kind kind = diag_message_next(&reader, &message);

		if (message.sequence != mss->sequence)
			continue;
		return kind == DIAG_MESSAGE_SOCKET ?
			diag_info_mss(&message.socket) : 0;
	}
	return 0;
}

static uint16_t ask(struct socket_mss *mss, const struct event *sample)
{
	const struct diag_socket socket = {
		.cookie = sample->sample.cookie,
		.local = sample->local,
		.remote = sample->remote,
		.family = sample->family,
	};
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	uint8_t request[DIAG_QUERY_BYTES];

	diag_query_compose_one(request, &socket, ++mss->sequence);
	if (sendto(mss->fd, request, sizeof(request), 0,
		   (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return 0;
	return read_answer(mss);
}

uint16_t socket_mss_get(struct socket_mss *mss, const struct event *sample)
{
	const unsigned int known = EVENT_HAS_COOKIE | EVENT_HAS_ENDPOINTS;
	struct socket_mss_place *place;

	if (mss->fd < 0 || (sample->has & known) != known)
		return 0;
	place = &mss->places[sample->sample.cookie % SOCKET_MSS_PLACES];
	if (place->cookie != sample->sample.cookie) {
		place->cookie = sample->sample.cookie;
		place->mss = ask(mss, sample);
	}
	return place->mss;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request a family. The kernel fills the first piece of an answer while it
 * is asked, and every later one at the end of the read before it, so a piece
 * may be as old as the call before the one that returns it.
 */
#include "diag_dump.h"

#include <errno.h>
#include <string.h>

#include <linux/netlink.h>
#include <sys/socket.h>

#include "clock.h"

enum { FAMILY_COUNT = 2, TRIES = 3 };

static const uint8_t families[FAMILY_COUNT] = { AF_INET, AF_INET6 };

int diag_dump_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_SOCK_DIAG);

	return fd < 0 ? -errno : fd;
}

void diag_dump_init(struct diag_dump *dump, int fd,
		    const struct diag_query *query)
{
	*dump = (struct diag_dump){ .fd = fd, .query = *query };
}

static int ask(struct diag_dump *dump)
{
	uint8_t request[DIAG_QUERY_MAX];
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	uint64_t before_ns = clock_monotonic_ns();
	size_t length = diag_query_compose(request, families[dump->family],
					   &dump->query, ++dump->sequence);

	if (sendto(dump->fd, request, length, 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	dump->previous_ns = before_ns;
	dump->asked = true;
	return 0;
}

/* Whether the answer ends in these bytes. 1: it goes on; 0: it is complete;
 * -errno. */
static int look_for_end(struct diag_dump *dump, struct diag_reader reader)
{
	struct diag_message message;

	for (;;) {
		switch (diag_message_next(&reader, &message)) {
		case DIAG_MESSAGE_END:
			return 1;
		case DIAG_MESSAGE_BROKEN:
			return -EBADMSG;
		case DIAG_MESSAGE_ERROR:
			return -message.error;
		case DIAG_MESSAGE_DONE:
			dump->interrupted |= message.interrupted;
			return 0;
		case DIAG_MESSAGE_SOCKET:
		case DIAG_MESSAGE_OTHER:
			dump->interrupted |= message.interrupted;
		}
	}
}

/* The kernel is not asked again before an answer is complete: it would refuse. */
static void end_family(struct diag_dump *dump)
{
	dump->asked = false;
	if (!dump->interrupted || ++dump->tries == TRIES) {
		dump->family++;
		dump->tries = 0;
	}
	dump->interrupted = false;
}

int diag_dump_read(struct diag_dump *dump, uint8_t *room,
		   struct diag_piece *piece)
{
	uint64_t before_ns;
	ssize_t length;
	int ret;

	if (!dump->asked) {
		if (dump->family == FAMILY_COUNT)
			return 0;
		ret = ask(dump);
		if (ret)
			return ret;
	}
	before_ns = clock_monotonic_ns();
	length = recv(dump->fd, room, DIAG_DUMP_ROOM, MSG_TRUNC);
	if (length < 0)
		return -errno;
	if (length > DIAG_DUMP_ROOM)
		return -EMSGSIZE;
	*piece = (struct diag_piece){
		.from_ns = dump->previous_ns,
		.until_ns = clock_monotonic_ns(),
		.reader = { room, (size_t)length },
	};
	dump->previous_ns = before_ns;
	ret = look_for_end(dump, piece->reader);
	if (ret < 0)
		return ret;
	if (!ret)
		end_family(dump);
	return 1;
}

bool diag_dump_next(struct diag_piece *piece, struct diag_message *message)
{
	enum diag_message_kind kind;

	do {
		kind = diag_message_next(&piece->reader, message);
	} while (kind != DIAG_MESSAGE_SOCKET && kind != DIAG_MESSAGE_END &&
		 kind != DIAG_MESSAGE_BROKEN);
	return kind == DIAG_MESSAGE_SOCKET;
}

int diag_dump_refuse(struct error *err, int ret)
{
	if (ret == -ENOENT)
		return error_set(err, ENOENT, "the kernel has no sock_diag for TCP: "
				 "load the module tcp_diag (modprobe tcp_diag)");
	return error_set(err, -ret, "sock_diag does not list sockets: %s",
			 strerror(-ret));
}

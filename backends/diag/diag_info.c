/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads tcp_info as far as this kernel has it; see diag_info.h. */
#include "diag_info.h"

#include <stddef.h>
#include <string.h>

#include <linux/tcp.h>

/* A number of tcp_info that this kernel may be too old to have: then 0. */
static uint64_t info_number(const struct diag_socket *socket, size_t offset,
			    size_t size)
{
	uint64_t wide;
	uint32_t narrow;

	if (!socket->info || offset + size > socket->info_length)
		return 0;
	if (size == sizeof(narrow)) {
		memcpy(&narrow, socket->info + offset, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, socket->info + offset, sizeof(wide));
	return wide;
}

#define INFO(socket, member) \
	info_number(socket, offsetof(struct tcp_info, member), \
		    sizeof(((struct tcp_info *)0)->member))

/*
 * bytes_acked counts our SYN and FIN. bytes_sent does not (4.19 on), and with
 * all of it acknowledged, without what was sent twice, it is the figure; FIN
 * follows the last byte, so that it is not in a figure that is lower.
 */
static uint64_t acked_of(const struct diag_socket *socket)
{
	uint64_t acked = INFO(socket, tcpi_bytes_acked);
	uint64_t sent = INFO(socket, tcpi_bytes_sent);
	uint64_t again = INFO(socket, tcpi_bytes_retrans);

	if (socket->info_length < offsetof(struct tcp_info, tcpi_bytes_retrans) +
				  sizeof(again) || again > sent)
		return acked;
	return acked < sent - again ? acked : sent - again;
}

static void set_bytes(struct event *event, const struct diag_socket *socket)
{
	const size_t end = offsetof(struct tcp_info, tcpi_bytes_received) +
			   sizeof(uint64_t);

	if (!socket->info || socket->info_length < end)
		return;
	event->has |= EVENT_HAS_BYTES;
	event->gone.bytes_acked = acked_of(socket);
	event->gone.bytes_received = INFO(socket, tcpi_bytes_received);
	event->gone.retrans = (uint32_t)INFO(socket, tcpi_total_retrans);
	event->gone.segs_out = (uint32_t)INFO(socket, tcpi_segs_out);
	event->gone.segs_in = (uint32_t)INFO(socket, tcpi_segs_in);
	event->gone.unread = socket->unread;
}

static void set_rtt(struct event *event, const struct diag_socket *socket)
{
	uint32_t least_us = (uint32_t)INFO(socket, tcpi_min_rtt);

	event->gone.srtt_us = (uint32_t)INFO(socket, tcpi_rtt);
	if (!event->gone.srtt_us)
		return;
	event->has |= EVENT_HAS_RTT;
	event->gone.min_rtt_us = least_us == UINT32_MAX ? 0 : least_us;
}

bool diag_info_get(const struct diag_socket *socket, struct tcp_info *info)
{
	size_t length = socket->info_length;

	memset(info, 0, sizeof(*info));
	if (!socket->info)
		return false;
	memcpy(info, socket->info, length < sizeof(*info) ? length : sizeof(*info));
	return true;
}

uint16_t diag_info_mss(const struct diag_socket *socket)
{
	uint64_t mss = INFO(socket, tcpi_snd_mss);

	return mss <= UINT16_MAX ? (uint16_t)mss : 0;
}

struct event diag_info_gone(const struct diag_socket *socket)
{
	struct event event = {
		.kind = EVENT_GONE,
		.cookie = socket->cookie,
		.family = socket->family,
		.has = EVENT_HAS_ENDPOINTS |
		       (socket->cookie ? EVENT_HAS_COOKIE : 0),
		.local = socket->local,
		.remote = socket->remote,
	};

	/* tcp_disconnect() takes the remote port away, and all figures. */
	if (!socket->remote.port)
		return event;
	set_bytes(&event, socket);
	set_rtt(&event, socket);
	return event;
}

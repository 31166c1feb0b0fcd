/* SPDX-License-Identifier: BSD-2-Clause */
/* Composes requests and takes answers apart. Answers are copied piece by piece:
 * nothing says how the bytes are aligned. */
#include "diag_message.h"

#include <stddef.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include "tcpwatch/tcp_state.h"

struct attribute {
	uint16_t length, type;
};

size_t diag_message_request(uint8_t request[DIAG_MESSAGE_REQUEST_MAX],
			    uint8_t address_family,
			    const struct diag_query *query, uint32_t sequence)
{
	const struct attribute filter = {
		.length = (uint16_t)(sizeof(filter) + query->filter_length),
		.type = INET_DIAG_REQ_BYTECODE,
	};
	const size_t fixed = sizeof(struct nlmsghdr) +
			     sizeof(struct inet_diag_req_v2);
	const size_t length = fixed + (query->filter_length ? filter.length : 0);
	const struct nlmsghdr header = {
		.nlmsg_len = (uint32_t)length,
		.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.nlmsg_seq = sequence,
	};
	const struct inet_diag_req_v2 body = {
		.sdiag_family = address_family,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_ext = (uint8_t)((query->info << (INET_DIAG_INFO - 1)) |
				       (query->memory << (INET_DIAG_SKMEMINFO - 1))),
		.idiag_states = query->states,
	};

	_Static_assert(sizeof(header) + sizeof(body) + sizeof(filter) +
		       DIAG_MESSAGE_FILTER_MAX == DIAG_MESSAGE_REQUEST_MAX,
		       "request has another size");
	memcpy(request, &header, sizeof(header));
	memcpy(request + sizeof(header), &body, sizeof(body));
	if (query->filter_length) {
		memcpy(request + fixed, &filter, sizeof(filter));
		memcpy(request + fixed + sizeof(filter), query->filter,
		       query->filter_length);
	}
	return length;
}

static void put_address(__be32 address[4], bool ipv4,
			const struct endpoint *endpoint)
{
	if (ipv4)
		memcpy(address, endpoint->address + 12, 4);
	else
		memcpy(address, endpoint->address, 16);
}

void diag_message_request_one(uint8_t request[DIAG_MESSAGE_REQUEST_BYTES],
			      const struct diag_socket *socket,
			      uint32_t sequence)
{
	const struct nlmsghdr header = {
		.nlmsg_len = DIAG_MESSAGE_REQUEST_BYTES,
		.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = sequence,
	};
	bool ipv4 = socket->family == EVENT_FAMILY_IPV4;
	struct inet_diag_req_v2 body = {
		.sdiag_family = ipv4 ? AF_INET : AF_INET6,
		.sdiag_protocol = IPPROTO_TCP,
		.idiag_ext = 1 << (INET_DIAG_INFO - 1),
		.idiag_states = UINT32_MAX,
		.id = {
			.idiag_sport = htons(socket->local.port),
			.idiag_dport = htons(socket->remote.port),
			.idiag_cookie = { (uint32_t)socket->cookie,
					  (uint32_t)(socket->cookie >> 32) },
		},
	};

	put_address(body.id.idiag_src, ipv4, &socket->local);
	put_address(body.id.idiag_dst, ipv4, &socket->remote);
	memcpy(request, &header, sizeof(header));
	memcpy(request + sizeof(header), &body, sizeof(body));
}

uint16_t diag_message_mss(const struct diag_socket *socket)
{
	const size_t offset = offsetof(struct tcp_info, tcpi_snd_mss);
	uint32_t mss;

	if (!socket->info || socket->info_length < offset + sizeof(mss))
		return 0;
	memcpy(&mss, socket->info + offset, sizeof(mss));
	return mss <= UINT16_MAX ? (uint16_t)mss : 0;
}

static void set_endpoint(struct endpoint *endpoint, uint8_t address_family,
			 const __be32 address[4], __be16 port)
{
	memset(endpoint, 0, sizeof(*endpoint));
	if (address_family == AF_INET) {
		endpoint->address[10] = endpoint->address[11] = 0xff;
		memcpy(endpoint->address + 12, address, 4);
	} else {
		memcpy(endpoint->address, address, 16);
	}
	endpoint->port = ntohs(port);
}

static void set_socket(struct diag_socket *socket,
		       const struct inet_diag_msg *answer)
{
	const struct inet_diag_sockid *id = &answer->id;

	*socket = (struct diag_socket){
		.cookie = (uint64_t)id->idiag_cookie[1] << 32 |
			  id->idiag_cookie[0],
		.inode = answer->idiag_inode,
		.uid = answer->idiag_uid,
		.unread = answer->idiag_rqueue,
		.unsent = answer->idiag_wqueue,
		.expires_ms = answer->idiag_expires,
		.timer = answer->idiag_timer,
		.retries = answer->idiag_retrans,
		.family = EVENT_FAMILY_IPV6,
		.state = answer->idiag_state,
		.mini = answer->idiag_timer == DIAG_TIMER_TIME_WAIT,
	};
	set_endpoint(&socket->local, answer->idiag_family, id->idiag_src,
		     id->idiag_sport);
	set_endpoint(&socket->remote, answer->idiag_family, id->idiag_dst,
		     id->idiag_dport);
	if (endpoint_is_ipv4(&socket->local) && endpoint_is_ipv4(&socket->remote))
		socket->family = EVENT_FAMILY_IPV4;
}

/* 4.7 on, which counts what it dropped last of all. */
static uint32_t drops_of(const uint8_t *at, size_t length)
{
	const size_t offset = SK_MEMINFO_DROPS * sizeof(uint32_t);
	uint32_t drops = 0;

	if (length >= offset + sizeof(drops))
		memcpy(&drops, at + offset, sizeof(drops));
	return drops;
}

/* False when the attributes do not fill their room. */
static bool find_attributes(const uint8_t *at, size_t left, bool *is_tcp,
			    struct diag_socket *socket)
{
	struct attribute attribute;

	while (left) {
		size_t step;

		if (left < sizeof(attribute))
			return false;
		memcpy(&attribute, at, sizeof(attribute));
		if (attribute.length < sizeof(attribute) ||
		    attribute.length > left)
			return false;
		if (attribute.type == INET_DIAG_INFO) {
			socket->info = at + sizeof(attribute);
			socket->info_length = attribute.length - sizeof(attribute);
		} else if (attribute.type == INET_DIAG_SKMEMINFO) {
			socket->drops = drops_of(at + sizeof(attribute),
						 attribute.length - sizeof(attribute));
		} else if (attribute.type == INET_DIAG_PROTOCOL &&
			   attribute.length > sizeof(attribute)) {
			*is_tcp = at[sizeof(attribute)] == IPPROTO_TCP;
		}
		step = NLMSG_ALIGN(attribute.length);
		if (step > left)
			step = left;
		at += step;
		left -= step;
	}
	return true;
}

static enum diag_message_kind take_socket(const uint8_t *body, size_t length,
					  struct diag_message *message)
{
	struct inet_diag_msg answer;
	bool is_tcp = true;

	if (length < sizeof(answer))
		return DIAG_MESSAGE_BROKEN;
	memcpy(&answer, body, sizeof(answer));
	if (answer.idiag_family != AF_INET && answer.idiag_family != AF_INET6)
		return DIAG_MESSAGE_OTHER;
	set_socket(&message->socket, &answer);
	/* Its size is a multiple of the alignment. */
	if (!find_attributes(body + sizeof(answer), length - sizeof(answer),
			     &is_tcp, &message->socket))
		return DIAG_MESSAGE_BROKEN;
	return is_tcp ? DIAG_MESSAGE_SOCKET : DIAG_MESSAGE_OTHER;
}

/* NLMSG_ERROR and NLMSG_DONE both begin with 0 or -errno; DONE was empty once. */
static int error_of(const uint8_t *body, size_t length)
{
	int32_t code = 0;

	if (length >= sizeof(code))
		memcpy(&code, body, sizeof(code));
	return code < 0 && code > INT32_MIN ? -code : 0;
}

static enum diag_message_kind take_body(const struct nlmsghdr *header,
					const uint8_t *body, size_t length,
					struct diag_message *message)
{
	switch (header->nlmsg_type) {
	case SOCK_DIAG_BY_FAMILY:
		return take_socket(body, length, message);
	case NLMSG_DONE:
		message->error = error_of(body, length);
		return message->error ? DIAG_MESSAGE_ERROR : DIAG_MESSAGE_DONE;
	case NLMSG_ERROR:
		if (length < sizeof(int32_t))
			return DIAG_MESSAGE_BROKEN;
		message->error = error_of(body, length);
		return message->error ? DIAG_MESSAGE_ERROR : DIAG_MESSAGE_OTHER;
	default:
		return DIAG_MESSAGE_OTHER;
	}
}

enum diag_message_kind diag_message_next(struct diag_reader *reader,
					 struct diag_message *message)
{
	const uint8_t *start = reader->at;
	enum diag_message_kind kind;
	struct nlmsghdr header;
	size_t step;

	*message = (struct diag_message){ 0 };
	if (!reader->left)
		return DIAG_MESSAGE_END;
	if (reader->left < sizeof(header))
		goto broken;
	memcpy(&header, start, sizeof(header));
	if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > reader->left)
		goto broken;
	step = NLMSG_ALIGN((size_t)header.nlmsg_len);
	if (step > reader->left)
		step = reader->left;
	reader->at += step;
	reader->left -= step;
	message->sequence = header.nlmsg_seq;
	message->interrupted = header.nlmsg_flags & NLM_F_DUMP_INTR;
	kind = take_body(&header, start + sizeof(header),
			 header.nlmsg_len - sizeof(header), message);
	if (kind != DIAG_MESSAGE_BROKEN)
		return kind;
broken:
	reader->left = 0;
	return DIAG_MESSAGE_BROKEN;
}

bool diag_message_info(const struct diag_socket *socket, struct tcp_info *info)
{
	size_t length = socket->info_length;

	memset(info, 0, sizeof(*info));
	if (!socket->info)
		return false;
	memcpy(info, socket->info, length < sizeof(*info) ? length : sizeof(*info));
	return true;
}

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

struct event diag_message_gone(const struct diag_socket *socket)
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

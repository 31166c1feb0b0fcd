/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes answers apart. They are copied piece by piece: nothing says how the bytes
 * are aligned. */
#include "diag_message.h"

#include <string.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

struct attribute {
	uint16_t length, type;
};

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

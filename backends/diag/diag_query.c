/* SPDX-License-Identifier: BSD-2-Clause */
/* Composes requests; see diag_query.h. */
#include "diag_query.h"

#include <string.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

struct attribute {
	uint16_t length, type;
};

size_t diag_query_compose(uint8_t request[DIAG_QUERY_MAX],
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
		       DIAG_QUERY_FILTER_MAX == DIAG_QUERY_MAX,
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

void diag_query_compose_one(uint8_t request[DIAG_QUERY_BYTES],
			    const struct diag_socket *socket,
			    uint32_t sequence)
{
	const struct nlmsghdr header = {
		.nlmsg_len = DIAG_QUERY_BYTES,
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

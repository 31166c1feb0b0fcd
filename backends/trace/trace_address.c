/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses and ports of raw records; see trace_address.h. */
#include "trace_address.h"

#include <string.h>

static uint16_t field_remote_port(const struct trace_raw *raw)
{
	const uint8_t *port;

	if (trace_raw_has(raw, TRACE_FIELD_DPORT))
		return trace_raw_u16(raw, TRACE_FIELD_DPORT);
	port = trace_raw_bytes(raw, TRACE_FIELD_DPORT_BE);
	return (uint16_t)(port[0] << 8 | port[1]);
}

static void map_ipv4(uint8_t address[16], const uint8_t ipv4[4])
{
	memset(address, 0, 10);
	memset(address + 10, 0xff, 2);
	memcpy(address + 12, ipv4, 4);
}

/* True when the address is IPv4. */
static bool decode_address(const struct trace_raw *raw, enum trace_field_id v6,
			   enum trace_field_id v4, struct endpoint *endpoint)
{
	if (!trace_raw_has(raw, v6)) {
		map_ipv4(endpoint->address, trace_raw_bytes(raw, v4));
		return true;
	}
	memcpy(endpoint->address, trace_raw_bytes(raw, v6), 16);
	return endpoint_is_ipv4(endpoint);
}

static bool is_unspecified(const uint8_t address[16])
{
	static const uint8_t zero[16];

	return !memcmp(address, zero, sizeof(zero));
}

/*
 * The family goes by the addresses: an IPv4 client of a [::] listener is
 * AF_INET6 to the kernel, and several events had no family before 5.13. Where
 * one end is IPv4, an end that is still :: is 0.0.0.0.
 */
static inline void settle_family(struct event *event, bool local_ipv4,
				 bool remote_ipv4)
{
	static const uint8_t any[4];

	event->has |= EVENT_HAS_ENDPOINTS;
	event->family = local_ipv4 || remote_ipv4 ? EVENT_FAMILY_IPV4 :
						    EVENT_FAMILY_IPV6;
	if (local_ipv4 == remote_ipv4)
		return;
	if (is_unspecified(event->local.address))
		map_ipv4(event->local.address, any);
	if (is_unspecified(event->remote.address))
		map_ipv4(event->remote.address, any);
}

void trace_address_decode(const struct trace_raw *raw, struct event *event)
{
	bool local_ipv4 = decode_address(raw, TRACE_FIELD_SADDR_V6,
					 TRACE_FIELD_SADDR, &event->local);
	bool remote_ipv4 = decode_address(raw, TRACE_FIELD_DADDR_V6,
					  TRACE_FIELD_DADDR, &event->remote);

	event->local.port = trace_raw_u16(raw, TRACE_FIELD_SPORT);
	event->remote.port = field_remote_port(raw);
	settle_family(event, local_ipv4, remote_ipv4);
}

/* Linux's numbers, whatever host reads the recording. */
enum { SOCKADDR_IPV4 = 2, SOCKADDR_IPV6 = 10 };

/* False when it holds no address: a family other than the two. */
static bool decode_sockaddr(const struct trace_raw *raw, enum trace_field_id id,
			    struct endpoint *endpoint)
{
	const uint8_t *bytes = trace_raw_bytes(raw, id);
	uint16_t family = trace_raw_u16(raw, id);

	endpoint->port = (uint16_t)(bytes[2] << 8 | bytes[3]);
	if (family == SOCKADDR_IPV4)
		map_ipv4(endpoint->address, bytes + 4);
	else if (family == SOCKADDR_IPV6)
		memcpy(endpoint->address, bytes + 8, 16);
	else
		return false;
	return true;
}

void trace_address_decode_sockaddrs(const struct trace_raw *raw, struct event *event)
{
	if (decode_sockaddr(raw, TRACE_FIELD_SOURCE, &event->local) &&
	    decode_sockaddr(raw, TRACE_FIELD_DESTINATION, &event->remote))
		settle_family(event, endpoint_is_ipv4(&event->local),
			      endpoint_is_ipv4(&event->remote));
}

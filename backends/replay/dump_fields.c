/* SPDX-License-Identifier: BSD-2-Clause */
/* "key=value key=value ..."; see dump_fields.h. */
#include "dump_fields.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "tcpwatch/tcp_state.h"

bool dump_fields_find(const char *fields, const char *key,
		      char value[DUMP_FIELDS_VALUE_BYTES])
{
	size_t length = strlen(key);
	const char *at = fields;

	while ((at = strstr(at, key))) {
		if (at[length] == '=' && (at == fields || at[-1] == ' ')) {
			size_t bytes = strcspn(at + length + 1, " \n");

			if (bytes >= DUMP_FIELDS_VALUE_BYTES)
				return false;
			memcpy(value, at + length + 1, bytes);
			value[bytes] = '\0';
			return true;
		}
		at += length;
	}
	return false;
}

long dump_fields_number(const char *fields, const char *key)
{
	char value[DUMP_FIELDS_VALUE_BYTES];

	return dump_fields_find(fields, key, value) ? strtol(value, NULL, 0) : 0;
}

uint8_t dump_fields_state(const char *fields, const char *key)
{
	char value[DUMP_FIELDS_VALUE_BYTES];
	int state;

	if (!dump_fields_find(fields, key, value))
		return TCP_STATE_UNKNOWN;
	if (value[0] >= '0' && value[0] <= '9')
		return (uint8_t)strtoul(value, NULL, 0);
	state = tcp_state_parse(strncmp(value, "TCP_", 4) ? value : value + 4);
	return state < 0 ? TCP_STATE_UNKNOWN : (uint8_t)state;
}

static bool take_end(const char *fields, const char *v4, const char *v6,
		     const char *port, struct endpoint *endpoint)
{
	char value[DUMP_FIELDS_VALUE_BYTES];

	endpoint->port = (uint16_t)dump_fields_number(fields, port);
	if (dump_fields_find(fields, v6, value) &&
	    inet_pton(AF_INET6, value, endpoint->address) == 1)
		return true;
	memset(endpoint->address, 0, 10);
	memset(endpoint->address + 10, 0xff, 2);
	return dump_fields_find(fields, v4, value) &&
	       inet_pton(AF_INET, value, endpoint->address + 12) == 1;
}

/* FNV-1a over both ends. */
static uint64_t id_of(const struct event *event)
{
	const struct endpoint *ends[2] = { &event->local, &event->remote };
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(ends[i]->address); j++)
			hash = (hash ^ ends[i]->address[j]) * UINT64_C(1099511628211);
		hash = (hash ^ ends[i]->port) * UINT64_C(1099511628211);
	}
	return hash | 1;
}

/* "10.0.0.1:443" or "[::1]:443", as tcp_send_reset has them since 6.10. */
static bool take_pair(const char *fields, const char *key,
		      struct endpoint *endpoint)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char value[DUMP_FIELDS_VALUE_BYTES];
	char *colon = dump_fields_find(fields, key, value) ?
		      strrchr(value, ':') : NULL;

	if (!colon || colon == value)
		return false;
	endpoint->port = (uint16_t)strtoul(colon + 1, NULL, 10);
	*colon = '\0';
	if (value[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		return inet_pton(AF_INET6, value + 1, endpoint->address) == 1;
	}
	memcpy(endpoint->address, mapped, sizeof(mapped));
	return inet_pton(AF_INET, value, endpoint->address + 12) == 1;
}

bool dump_fields_socket(const char *fields, struct event *event)
{
	if ((!take_end(fields, "saddr", "saddrv6", "sport", &event->local) ||
	     !take_end(fields, "daddr", "daddrv6", "dport", &event->remote)) &&
	    (!take_pair(fields, "src", &event->local) ||
	     !take_pair(fields, "dest", &event->remote)))
		return false;
	event->family = endpoint_is_ipv4(&event->local) ||
			endpoint_is_ipv4(&event->remote) ? EVENT_FAMILY_IPV4 :
							   EVENT_FAMILY_IPV6;
	event->has |= EVENT_HAS_ENDPOINTS | EVENT_HAS_SOCKET;
	event->socket_id = id_of(event);
	return true;
}

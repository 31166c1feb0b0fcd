/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of groups of round trips; see rtt_key.h. */
#include "rtt_key.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/number_text.h"
#include "common/safe_text.h"

enum { IPV4_BITS = 96, END_TEXT = NUMBER_TEXT_ADDRESS + 10 };

/* As in --by, and as bcc's tcprtt calls the groups that it has. */
static const struct {
	const char *name, *title;
} bys[RTT_BY_COUNT] = {
	[RTT_BY_ALL] = { "all", "All Addresses" },
	[RTT_BY_LADDR] = { "laddr", "Local Address" },
	[RTT_BY_RADDR] = { "raddr", "Remote Address" },
	[RTT_BY_LPORT] = { "lport", "Local Port" },
	[RTT_BY_RPORT] = { "rport", "Remote Port" },
	[RTT_BY_COMM] = { "comm", "Command" },
	[RTT_BY_SOCK] = { "sock", "Socket" },
};

static unsigned int bits_of(const struct view_rtt_options *options,
			    uint8_t family)
{
	if (!options->prefix)
		return 128;
	return family == EVENT_FAMILY_IPV4 ? IPV4_BITS + options->prefix
					   : RTT_IPV6_PREFIX;
}

static void set_address(struct rtt_key *key,
			const struct view_rtt_options *options,
			const struct endpoint *endpoint, uint8_t family)
{
	unsigned int bits = bits_of(options, family);

	key->family = family;
	memcpy(key->bytes, endpoint->address, bits / 8);
	if (bits % 8)
		key->bytes[bits / 8] = (uint8_t)(endpoint->address[bits / 8] &
						 (0xff00 >> bits % 8));
}

struct rtt_key rtt_key_of(const struct view_rtt_options *options,
			  const struct observation *observation)
{
	const struct event *event = &observation->event;
	struct rtt_key key;

	memset(&key, 0, sizeof(key));
	if (event->kind == EVENT_BUCKET) {
		key.number = event->bucket.key;
		key.by_kernel = true;
		return key;
	}
	switch ((enum rtt_by)options->by) {
	case RTT_BY_LADDR:
		set_address(&key, options, &event->local, event->family);
		break;
	case RTT_BY_RADDR:
		set_address(&key, options, &event->remote, event->family);
		break;
	case RTT_BY_LPORT:
		key.number = event->local.port;
		break;
	case RTT_BY_RPORT:
		key.number = event->remote.port;
		break;
	case RTT_BY_COMM:
		memcpy(key.bytes, observation->owner.comm, sizeof(key.bytes));
		break;
	case RTT_BY_SOCK:
		key.number = observation->sock;
		break;
	case RTT_BY_ALL:
	case RTT_BY_COUNT:
		break;
	}
	return key;
}

void rtt_key_by_text(const struct view_rtt_options *options,
		     char text[RTT_KEY_TEXT])
{
	if (options->prefix)
		snprintf(text, RTT_KEY_TEXT, "%s/%u", bys[options->by].name,
			 options->prefix);
	else
		snprintf(text, RTT_KEY_TEXT, "%s", bys[options->by].name);
}

static void address_text(const struct view_rtt_options *options,
			 const struct rtt_key *key, char text[RTT_KEY_TEXT])
{
	bool ipv4 = key->family == EVENT_FAMILY_IPV4;
	size_t length = number_text_address(text, key->bytes, key->family);

	text[length] = '\0';
	if (options->prefix)
		snprintf(text + length, RTT_KEY_TEXT - length, "/%u",
			 bits_of(options, key->family) - (ipv4 ? IPV4_BITS : 0));
}

static void end_text(char text[END_TEXT], const struct endpoint *endpoint,
		     uint8_t family)
{
	bool ipv4 = family == EVENT_FAMILY_IPV4;
	char address[NUMBER_TEXT_ADDRESS + 1];

	address[number_text_address(address, endpoint->address, family)] = '\0';
	snprintf(text, END_TEXT, ipv4 ? "%s:%u" : "[%s]:%u", address,
		 endpoint->port);
}

/* The group has endpoints. */
static void sock_text(const struct rtt_group *group, char text[RTT_KEY_TEXT])
{
	char local[END_TEXT], remote[END_TEXT];

	end_text(local, &group->local, group->family);
	end_text(remote, &group->remote, group->family);
	snprintf(text, RTT_KEY_TEXT, "s%" PRIu64 " %s > %s", group->key.number,
		 local, remote);
}

static void comm_text(const struct rtt_key *key, char text[RTT_KEY_TEXT])
{
	size_t characters;

	if (!key->bytes[0])
		memcpy(text, "-", 2);
	else
		text[safe_text_terminal(text, (const char *)key->bytes,
					sizeof(key->bytes), &characters)] = '\0';
}

void rtt_key_text(const struct view_rtt_options *options,
		  const struct rtt_group *group, char text[RTT_KEY_TEXT])
{
	switch ((enum rtt_by)options->by) {
	case RTT_BY_LADDR:
	case RTT_BY_RADDR:
		address_text(options, &group->key, text);
		break;
	case RTT_BY_LPORT:
	case RTT_BY_RPORT:
		snprintf(text, RTT_KEY_TEXT, "%" PRIu64, group->key.number);
		break;
	case RTT_BY_COMM:
		comm_text(&group->key, text);
		break;
	case RTT_BY_SOCK:
		snprintf(text, RTT_KEY_TEXT, "%c%" PRIu64,
			 group->key.by_kernel ? 'c' : 's', group->key.number);
		break;
	case RTT_BY_ALL:
	case RTT_BY_COUNT:
		memcpy(text, "*******", 8);
	}
}

void rtt_key_title(const struct view_rtt_options *options,
		   const struct rtt_group *group, bool rest,
		   char text[RTT_KEY_TEXT])
{
	char key[RTT_KEY_TEXT];

	if (rest)
		snprintf(key, sizeof(key), "other (%" PRIu64 " at most)",
			 group->members);
	else if (options->by == RTT_BY_SOCK && group->family)
		sock_text(group, key);
	else
		rtt_key_text(options, group, key);
	snprintf(text, RTT_KEY_TEXT, "%s = %.*s", bys[options->by].title,
		 RTT_KEY_TEXT - 24, key);
}

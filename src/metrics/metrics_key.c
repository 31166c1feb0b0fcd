/* SPDX-License-Identifier: BSD-2-Clause */
/* Which group an observation is counted for; see metrics_key.h. */
#include "metrics_key.h"

#include <stdio.h>
#include <string.h>

#include "common/safe_text.h"
#include "view/rtt_key.h"
#include "tcpwatch/tcp_state.h"

static bool is_listening(const struct metrics *metrics, uint64_t port)
{
	return metrics->listening[port / 64] >> port % 64 & 1;
}

/* As it will be shown, so that no two groups look the same. */
static void make_printable(struct rtt_key *key)
{
	char name[sizeof(key->bytes)] = "";

	safe_text_terminal(name, (const char *)key->bytes, sizeof(key->bytes),
			   NULL);
	memcpy(key->bytes, name, sizeof(name));
	if (!name[0])
		key->bytes[0] = '-';
}

static struct rtt_key key_of(const struct metrics *metrics,
			     const struct observation *observation)
{
	struct rtt_key key = rtt_key_of(&metrics->by, observation);

	if (metrics->by.by == RTT_BY_COMM)
		make_printable(&key);
	else if (metrics->by.by == RTT_BY_LPORT &&
		 !is_listening(metrics, key.number))
		key.number = 0;
	return key;
}

/* At the end a socket's addresses may have been wiped. */
static bool is_end(const struct event *event)
{
	return event->kind == EVENT_DESTROY ||
	       (event->kind == EVENT_STATE &&
		event->state.new_state == TCP_STATE_CLOSE);
}

void metrics_key_note_listener(struct metrics *metrics,
			       const struct event *event)
{
	uint8_t state = event->kind == EVENT_SEEN ? event->seen.state :
						    event->state.new_state;
	bool taken_in = event->kind == EVENT_STATE &&
			state == TCP_STATE_SYN_RECV &&
			event->state.old_state == TCP_STATE_LISTEN;

	if (event->has & EVENT_HAS_ENDPOINTS &&
	    (taken_in || state == TCP_STATE_LISTEN))
		metrics->listening[event->local.port / 64] |=
			UINT64_C(1) << event->local.port % 64;
}

bool metrics_key_is_told(const struct metrics *metrics,
			 const struct observation *observation)
{
	if (metrics->by.by == RTT_BY_COMM)
		return observation->owner.comm[0];
	return observation->event.has & EVENT_HAS_ENDPOINTS &&
	       !is_end(&observation->event);
}

void metrics_key_join(const struct metrics *metrics,
		      struct metrics_membership *membership,
		      const struct observation *observation)
{
	struct rtt_key key = key_of(metrics, observation);

	if (memcmp(&membership->key, &key, sizeof(key)))
		*membership = (struct metrics_membership){ .key = key };
}

void metrics_key_text(const struct metrics *metrics,
		      const struct metrics_group *group, char *text, size_t size)
{
	const struct rtt_group named = { .key = group->key };
	char name[RTT_KEY_TEXT];

	if (group == metrics->groups.slots[METRICS_GROUPS_OTHER])
		snprintf(name, sizeof(name), "other");
	else if (metrics->by.by == RTT_BY_LPORT && !group->key.number)
		snprintf(name, sizeof(name), "ephemeral");
	else
		rtt_key_text(&metrics->by, &named, name);
	snprintf(text, size, "%s", name);
}

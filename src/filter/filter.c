/* SPDX-License-Identifier: BSD-2-Clause */
/* Applies the user's filters to events and to what the tracker made of them. */
#include "filter.h"

#include <fnmatch.h>
#include <string.h>

#include "tcpwatch/tcp_state.h"

static bool local_port_passes(const struct match_ranges *ports, uint16_t port)
{
	/* Port 0 is a port not chosen yet: even '!22' cannot tell. */
	return !ports->count || (port && match_ranges_has(ports, port));
}

/* An owner that is not known (0) is none of those that are excluded. */
static bool pid_passes(const struct match_ranges *pids, int32_t pid)
{
	return match_ranges_has(pids, (uint32_t)pid);
}

static bool comm_passes(const char *pattern, const char comm[EVENT_COMM_BYTES])
{
	char name[EVENT_COMM_BYTES + 1];

	if (!pattern[0])
		return true;
	if (!comm[0])
		return false;
	memcpy(name, comm, EVENT_COMM_BYTES);
	name[EVENT_COMM_BYTES] = '\0';
	return !fnmatch(pattern, name, 0);
}

static bool has_state(uint32_t states, unsigned int state)
{
	return state < TCP_STATE_COUNT && (states & (1u << state));
}

static bool state_passes(uint32_t states, const struct observation *observation)
{
	const struct event *event = &observation->event;

	if (!states)
		return true;
	if (event->kind == EVENT_STATE)
		return has_state(states, observation->old_state) ||
		       has_state(states, event->state.new_state);
	if (event->kind == EVENT_STUCK)
		return has_state(states, observation->old_state);
	if (event->kind == EVENT_SAMPLE)
		return has_state(states, TCP_STATE_ESTABLISHED);
	return event->kind == EVENT_RETRANS &&
	       (event->has & EVENT_HAS_TCP_STATE) &&
	       has_state(states, event->retrans.state);
}

static bool endpoints_are_given(const struct filter *filter)
{
	const struct backend_filter *endpoints = &filter->endpoints;

	return endpoints->local_ports.count || endpoints->remote_ports.count ||
	       endpoints->local_addresses.count ||
	       endpoints->remote_addresses.count || filter->endpoints.family;
}

/* ... of what the tracker knows. */
static bool knowledge_is_given(const struct filter *filter)
{
	return filter->endpoints.pids.count || filter->comm[0] || filter->states;
}

bool filter_is_of_place(const struct filter *filter)
{
	return filter->endpoints.netns.count || filter->endpoints.cgroups.count;
}

bool filter_is_given(const struct filter *filter)
{
	return endpoints_are_given(filter) || knowledge_is_given(filter) ||
	       filter_is_of_place(filter);
}

/* Not inlined, nor is observation_passes(): where nothing is filtered, as mostly,
 * the test for that shall be all that an event pays for. */
__attribute__((noinline))
static bool endpoints_pass(const struct filter *filter,
			   const struct event *event)
{
	const struct backend_filter *ends = &filter->endpoints;

	if (!(event->has & EVENT_HAS_ENDPOINTS))
		return false;
	return (!filter->endpoints.family || filter->endpoints.family == event->family) &&
	       local_port_passes(&ends->local_ports, event->local.port) &&
	       match_ranges_has(&ends->remote_ports, event->remote.port) &&
	       (!ends->local_addresses.count ||
		match_prefixes_has(&ends->local_addresses,
				   event->local.address)) &&
	       (!ends->remote_addresses.count ||
		match_prefixes_has(&ends->remote_addresses,
				   event->remote.address));
}

bool filter_event(const struct filter *filter, const struct event *event)
{
	/* What the kernel has counted it has filtered, too. */
	return !endpoints_are_given(filter) || event->kind == EVENT_BUCKET ||
	       endpoints_pass(filter, event);
}

static bool owner_passes(const struct filter *filter, const struct owner *owner)
{
	return pid_passes(&filter->endpoints.pids, owner->pid) &&
	       (!filter->followed_only || owner->followed) &&
	       comm_passes(filter->comm, owner->comm);
}

__attribute__((noinline))
static bool observation_passes(const struct filter *filter,
			       const struct observation *observation)
{
	return owner_passes(filter, &observation->owner) &&
	       state_passes(filter->states, observation);
}

bool filter_observation(const struct filter *filter,
			const struct observation *observation)
{
	return (!knowledge_is_given(filter) && !filter->followed_only) ||
	       observation->event.kind == EVENT_LOST ||
	       observation->event.kind == EVENT_TICK ||
	       observation->event.kind == EVENT_BUCKET ||
	       observation->event.kind == EVENT_FRAME ||
	       observation_passes(filter, observation);
}

bool filter_life(const struct filter *filter, const struct owner *owner,
		 uint32_t states)
{
	return !filter || (owner_passes(filter, owner) &&
			   (!filter->states || filter->states & states));
}

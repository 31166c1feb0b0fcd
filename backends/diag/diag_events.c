/* SPDX-License-Identifier: BSD-2-Clause */
/* Two queues, each in the order of time. */
#include "diag_events.h"

#include <stddef.h>

unsigned int diag_events_open(struct diag_events *diag, unsigned int kinds,
			      bool owners,
			      const struct socket_seed_lister *lister)
{
	*diag = (struct diag_events){ 0 };
	if (kinds & EVENT_BIT(EVENT_SEEN))
		diag->seed = socket_seed_new(owners, lister);
	if (kinds & EVENT_BIT(EVENT_GONE))
		diag->gone = diag_gone_open();
	if (kinds & EVENT_BIT(EVENT_GONE) && !diag->gone)
		diag->note = "sock_diag does not tell of sockets that go away: "
			"bytes and round trips are not known";
	return (diag->seed ? EVENT_BIT(EVENT_SEEN) : 0) |
	       (diag->gone ? EVENT_BIT(EVENT_GONE) : 0);
}

void diag_events_close(struct diag_events *diag)
{
	socket_seed_free(diag->seed);
	diag_gone_close(diag->gone);
	*diag = (struct diag_events){ 0 };
}

void diag_events_confine(struct diag_events *diag, const struct keeper *keeper)
{
	if (diag->seed)
		socket_seed_confine(diag->seed, keeper);
}

static void step_seed(struct diag_events *diag, uint64_t until_ns)
{
	if (socket_seed_step(diag->seed, until_ns) ||
	    socket_seed_peek(diag->seed))
		return;
	if (socket_seed_note(diag->seed))
		diag->note = socket_seed_note(diag->seed);
	socket_seed_free(diag->seed);
	diag->seed = NULL;
}

void diag_events_step(struct diag_events *diag, uint64_t until_ns)
{
	if (diag->gone) {
		diag_gone_read(diag->gone);
		if (diag_gone_is_incomplete(diag->gone))
			diag->note = "sock_diag dropped what it had to tell of "
				"sockets that went away: some bytes and round "
				"trips are not known";
	}
	if (diag->seed)
		step_seed(diag, until_ns);
}

static const struct event *seed_event(const struct diag_events *diag)
{
	return diag->seed ? socket_seed_peek(diag->seed) : NULL;
}

static const struct event *gone_event(const struct diag_events *diag)
{
	return diag->gone ? diag_gone_peek(diag->gone) : NULL;
}

static bool seed_is_next(const struct diag_events *diag)
{
	const struct event *seen = seed_event(diag), *gone = gone_event(diag);

	return seen && (!gone || seen->time_ns <= gone->time_ns);
}

const struct event *diag_events_peek(const struct diag_events *diag)
{
	return seed_is_next(diag) ? seed_event(diag) : gone_event(diag);
}

void diag_events_drop(struct diag_events *diag)
{
	if (seed_is_next(diag))
		socket_seed_drop(diag->seed);
	else
		diag_gone_drop(diag->gone);
}

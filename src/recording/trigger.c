/* SPDX-License-Identifier: BSD-2-Clause */
/* Events that fire a flight recorder, and sockets that are stuck; see trigger.h. */
#include "trigger.h"

#include <errno.h>
#include <stdlib.h>

#include "tracker/tracker.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/tcp_state.h"

enum {
	READ_BUDGET = 2048,
	TASKS_MAX = 1           /* whose sockets they are is of no interest */
};

struct trigger {
	const struct options *options;
	struct backend *backend;
	struct tracker *tracker;        /* NULL: not for sockets that are stuck */
	bool fired;
};

/* Is this what --when waits for? */
static bool meets(unsigned int when, const struct event *event)
{
	switch (event->kind) {
	case EVENT_RETRANS:
		return when & OPTIONS_WHEN_RETRANS;
	case EVENT_RESET:
		return when & OPTIONS_WHEN_RESET;
	case EVENT_STATE:
		return when & OPTIONS_WHEN_FAILED &&
		       event->state.old_state == TCP_STATE_SYN_SENT &&
		       event->state.new_state == TCP_STATE_CLOSE;
	default:
		return false;
	}
}

static void take_event(void *context, const struct event *event)
{
	struct trigger *trigger = context;
	bool wanted = filter_event(&trigger->options->filter, event);

	if (wanted && meets(trigger->options->when, event))
		trigger->fired = true;
	if (trigger->tracker)
		tracker_take(trigger->tracker, event, wanted);
}

static void take_observation(void *context, const struct observation *observation)
{
	struct trigger *trigger = context;

	if (observation->event.kind == EVENT_STUCK)
		trigger->fired = true;
}

static unsigned int wanted_events(unsigned int when)
{
	unsigned int events = EVENT_BIT(EVENT_STATE);

	if (when & OPTIONS_WHEN_RETRANS)
		events |= EVENT_BIT(EVENT_RETRANS);
	if (when & OPTIONS_WHEN_RESET)
		events |= EVENT_BIT(EVENT_RESET);
	/* Time goes on, and sockets that were there before may be stuck, too. */
	if (when & OPTIONS_WHEN_STUCK)
		events |= EVENT_BIT(EVENT_DESTROY) | EVENT_BIT(EVENT_SEEN) |
			  EVENT_BIT(EVENT_TICK);
	return events;
}

static int open_backend(struct trigger *trigger, struct error *err)
{
	const struct options *options = trigger->options;
	const struct backend_options wanted = {
		.events = wanted_events(options->when),
		.latency_ns = options->latency_ns,
		.filter = &options->filter.endpoints,
	};
	char report[BACKEND_REPORT_BYTES];

	trigger->backend = backend_open(NULL, BACKEND_LIVE | BACKEND_EXACT,
					&wanted, report, err);
	return trigger->backend ? 0 : -err->code;
}

static int open_tracker(struct trigger *trigger, struct error *err)
{
	const struct options *options = trigger->options;
	struct tracker_options wanted = {
		.max_sockets = options->max_sockets,
		.max_tasks = TASKS_MAX,
		.stuck = options->stuck,
		.sink = { take_observation, trigger },
	};
	struct backend_facts facts;

	if (!(options->when & OPTIONS_WHEN_STUCK))
		return 0;
	trigger->backend->ops->facts(trigger->backend, &facts);
	wanted.since_ns = facts.since_ns;
	wanted.events = facts.events;
	trigger->tracker = tracker_new(&wanted, err);
	return trigger->tracker ? 0 : -err->code;
}

struct trigger *trigger_open(const struct options *options, struct error *err)
{
	struct trigger *trigger = calloc(1, sizeof(*trigger));

	if (!trigger) {
		error_set(err, ENOMEM, "no memory to wait for --when");
		return NULL;
	}
	trigger->options = options;
	if (!open_backend(trigger, err) && !open_tracker(trigger, err))
		return trigger;
	trigger_close(trigger);
	return NULL;
}

int trigger_fd(const struct trigger *trigger)
{
	return trigger->backend->ops->fd(trigger->backend);
}

int trigger_read(struct trigger *trigger, bool *fired, struct error *err)
{
	const struct event_sink sink = { take_event, trigger };

	if (trigger->backend->ops->read(trigger->backend, READ_BUDGET, &sink,
					err) == BACKEND_FAILED)
		return -EIO;
	*fired |= trigger->fired;
	trigger->fired = false;
	return 0;
}

void trigger_close(struct trigger *trigger)
{
	if (!trigger)
		return;
	tracker_free(trigger->tracker);
	if (trigger->backend)
		trigger->backend->ops->close(trigger->backend);
	free(trigger);
}

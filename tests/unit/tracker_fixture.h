/* SPDX-License-Identifier: BSD-2-Clause */
/* A tracker whose observations are kept, and short ways to feed it. Times are
 * in nanoseconds; the watch begins at WATCH_BEGIN. */
#ifndef TRACKER_FIXTURE_H
#define TRACKER_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "comm_bytes.h"
#include "tracker/tracker.h"
#include "tcpwatch/event.h"
#include "tcpwatch/tcp_state.h"

enum { WATCH_BEGIN = 1000, ROWS_KEPT = 256 };

struct fixture {
	struct tracker *tracker;
	struct observation rows[ROWS_KEPT];
	size_t count;
};

static inline void fixture_keep(void *context,
				const struct observation *observation)
{
	struct fixture *fixture = context;

	assert_true(fixture->count < ROWS_KEPT);
	fixture->rows[fixture->count++] = *observation;
}

static inline void fixture_init(struct fixture *fixture, size_t max_sockets,
				size_t max_tasks, uint64_t wait_ns)
{
	const struct tracker_options options = {
		.max_sockets = max_sockets,
		.max_tasks = max_tasks,
		.since_ns = WATCH_BEGIN,
		.events = ~0u,
		.reason_wait_ns = wait_ns,
		.sink = { fixture_keep, fixture },
	};

	memset(fixture, 0, sizeof(*fixture));
	fixture->tracker = tracker_new(&options, NULL);
	assert_non_null(fixture->tracker);
}

static inline void fixture_done(struct fixture *fixture)
{
	tracker_free(fixture->tracker);
}

static inline const struct observation *fixture_last(
	const struct fixture *fixture)
{
	assert_true(fixture->count > 0);
	return &fixture->rows[fixture->count - 1];
}

static inline void fixture_take(struct fixture *fixture, struct event event)
{
	tracker_take(fixture->tracker, &event, true);
}

static inline struct event event_base(enum event_kind kind, uint64_t time_ns,
				      uint64_t socket_id)
{
	return (struct event){
		.time_ns = time_ns,
		.socket_id = socket_id,
		.has = EVENT_HAS_SOCKET,
		.kind = (uint8_t)kind,
		.family = EVENT_FAMILY_IPV4,
	};
}

static inline struct event event_state(uint64_t time_ns, uint64_t socket_id,
				       enum tcp_state old, enum tcp_state new)
{
	struct event event = event_base(EVENT_STATE, time_ns, socket_id);

	event.state.old_state = (uint8_t)old;
	event.state.new_state = (uint8_t)new;
	return event;
}

static inline struct event event_cong(uint64_t time_ns, uint64_t socket_id,
				      enum cong_state new)
{
	struct event event = event_base(EVENT_CONG, time_ns, socket_id);

	event.cong.new_state = (uint8_t)new;
	return event;
}

static inline struct event event_retrans(uint64_t time_ns, uint64_t socket_id,
					 enum tcp_state state)
{
	struct event event = event_base(EVENT_RETRANS, time_ns, socket_id);

	event.has |= EVENT_HAS_TCP_STATE;
	event.retrans.state = (uint8_t)state;
	return event;
}

static inline struct event event_lost(uint64_t time_ns, uint64_t count)
{
	struct event event = event_base(EVENT_LOST, time_ns, 0);

	event.has = EVENT_HAS_COUNT;
	event.lost.count = count;
	return event;
}

static inline struct event event_task(enum event_task_change change,
				      int32_t maker, int32_t tid,
				      const char *comm)
{
	struct event event = event_base(EVENT_TASK, 0, 0);

	event.has = EVENT_HAS_CONTEXT;
	event.tid = maker;
	event.task.tid = tid;
	event.task.change = (uint8_t)change;
	if (comm) {
		event.has |= EVENT_HAS_COMM;
		comm_bytes(event.task.comm, comm);
	}
	return event;
}

static inline struct event event_listed(int32_t tid, int32_t tgid,
					const char *comm)
{
	struct event event = event_task(EVENT_TASK_LISTED, 0, tid, comm);

	event.has |= EVENT_HAS_TGID;
	event.task.tgid = tgid;
	return event;
}

static inline struct event with_ports(struct event event, uint16_t local,
				      uint16_t remote)
{
	event.has |= EVENT_HAS_ENDPOINTS;
	event.local.port = local;
	event.remote.port = remote;
	return event;
}

/* address: the last four bytes of a mapped one. */
static inline struct event with_ipv4(struct event event, uint8_t a, uint8_t b,
				     uint8_t c, uint8_t d)
{
	const uint8_t address[16] = { [10] = 0xff, 0xff, a, b, c, d };

	event.has |= EVENT_HAS_ENDPOINTS;
	memcpy(event.local.address, address, sizeof(address));
	return event;
}

static inline struct event by_thread(struct event event, int32_t tid)
{
	event.has |= EVENT_HAS_CONTEXT;
	event.tid = tid;
	return event;
}

static inline struct event marked_late(struct event event)
{
	event.late = true;
	return event;
}

static inline void assert_exact(struct span span, uint64_t ns)
{
	assert_int_equal(span.min_ns, ns);
	assert_int_equal(span.max_ns, ns);
}

static inline void assert_at_least(struct span span, uint64_t ns)
{
	assert_int_equal(span.min_ns, ns);
	assert_true(span.max_ns == SPAN_NO_LIMIT);
}

#endif

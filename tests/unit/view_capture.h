/* SPDX-License-Identifier: BSD-2-Clause */
/* A view with its output, and observations to show it, for the tests of
 * views. */
#ifndef VIEW_CAPTURE_H
#define VIEW_CAPTURE_H

#include <string.h>

#include "comm_bytes.h"
#include "output_capture.h"
#include "view/view.h"
#include "tcpwatch/tcp_state.h"

#define WALL_OFFSET_NS INT64_C(1795352646000000000) /* 2026-11-22T13:04:06Z */

struct view_capture {
	const struct view_ops *ops;
	struct view *view;
	struct output_capture output;
};

/* columns: as in --columns; NULL = the view's own. */
static inline void view_capture_open(struct view_capture *capture,
				     const struct view_ops *ops,
				     const struct view_options *options,
				     const char *format, const char *names)
{
	struct output_options output = {
		.format = format, .header = true, .wide = options->wide,
		.utc = true
	};
	struct error err = { 0 };

	if (names)
		assert_int_equal(column_list_parse(&output.columns, names,
						   ops->columns, &err), 0);
	else
		ops->default_columns(options, !strcmp(format, "csv"),
				     &output.columns);
	output_capture_open(&capture->output, &output);
	capture->ops = ops;
	capture->view = ops->new(options, capture->output.output, &err);
	assert_non_null(capture->view);
}

/* Returns how many rows it made. */
static inline unsigned int view_capture_take(struct view_capture *capture,
					     const struct observation *observation)
{
	return capture->ops->take(capture->view, observation,
				  (struct wall_clock){ WALL_OFFSET_NS, true });
}

/* All that was printed. */
static inline const char *view_capture_close(struct view_capture *capture)
{
	capture->ops->free(capture->view);
	return output_capture_close(&capture->output);
}

static inline struct span view_capture_ms(double ms)
{
	uint64_t ns = (uint64_t)(ms * 1000000 + 0.5);

	return (struct span){ ns, ns };
}

/* A socket's event of that kind; the caller says what happened. */
static inline struct observation view_capture_event(enum event_kind kind,
						    int32_t pid,
						    const char *comm,
						    uint16_t local_port,
						    const char *remote,
						    uint16_t remote_port)
{
	struct observation observation = {
		.event = {
			.time_ns = 1000000, .socket_id = 0xffff8881deadbeefu,
			.has = EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS |
			       EVENT_HAS_CONTEXT,
			.kind = (uint8_t)kind
		},
		.sock = 7,
		.owner = { .pid = pid, .source = OWNER_EVENT },
		.span = SPAN_UNKNOWN,
		.cong = CONG_STATE_UNKNOWN
	};
	struct event *event = &observation.event;

	comm_bytes(observation.owner.comm, comm);
	event->family = output_capture_endpoint(&event->remote, remote,
						remote_port);
	output_capture_endpoint(&event->local, event->family == EVENT_FAMILY_IPV4 ?
				"10.0.0.1" : "2001:db8::99", local_port);
	return observation;
}

static inline struct observation view_capture_state(struct observation observation,
						    enum tcp_state old_state,
						    enum tcp_state new_state,
						    struct span span)
{
	observation.event.state.old_state = (uint8_t)old_state;
	observation.event.state.new_state = (uint8_t)new_state;
	observation.old_state = (uint8_t)old_state;
	observation.span = span;
	return observation;
}

static inline struct observation view_capture_why(struct observation observation,
						  enum reason why,
						  enum reason_trigger trigger,
						  bool inferred)
{
	observation.why = (uint8_t)why;
	observation.trigger = (uint8_t)trigger;
	observation.inferred = inferred;
	return observation;
}

static inline struct observation view_capture_class(struct observation observation,
						    enum reason_class class)
{
	observation.class = (uint8_t)class;
	observation.inferred = true;
	return observation;
}

static inline struct observation view_capture_lost(uint64_t count, uint16_t cpu)
{
	struct observation observation = {
		.event = {
			.time_ns = 2000000, .kind = EVENT_LOST, .cpu = cpu,
			.has = count ? EVENT_HAS_COUNT : 0,
			.lost.count = count
		},
		.span = SPAN_UNKNOWN,
		.cong = CONG_STATE_UNKNOWN
	};

	return observation;
}

#endif

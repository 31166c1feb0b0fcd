/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a state has lasted, as far as the events that arrived can tell. */
#include "stay.h"

#include "tcpwatch/tcp_state.h"

struct span stay_span(const struct stay *stay, uint64_t now_ns)
{
	uint64_t lasted_ns = now_ns - stay->since_ns;

	if (stay->certainty == STAY_UNKNOWN || now_ns < stay->since_ns)
		return SPAN_UNKNOWN;
	if (stay->certainty == STAY_EXACT)
		return (struct span){ lasted_ns, lasted_ns };
	if (stay->certainty == STAY_AT_MOST)
		return (struct span){ 0, lasted_ns };
	if (stay->certainty == STAY_BETWEEN)
		return (struct span){ lasted_ns, now_ns - stay->from_ns };
	return (struct span){ lasted_ns, SPAN_NO_LIMIT };
}

/* The event's change happened at some time between two looks, the stay's begin
 * perhaps as well. */
__attribute__((noinline))
static struct span change_sampled_tcp(struct stay *tcp, const struct event *event,
				      const struct stay_losses *losses)
{
	const uint64_t from_ns = event->state.from_ns;
	struct span span = SPAN_UNKNOWN;

	if (tcp->state != TCP_STATE_UNKNOWN && tcp->state == event->state.old_state) {
		span = stay_span(tcp, event->time_ns);
		span.min_ns = from_ns > tcp->since_ns && !span_is_unknown(span) ?
			      from_ns - tcp->since_ns : 0;
	}
	*tcp = (struct stay){
		.since_ns = event->time_ns,
		.from_ns = from_ns,
		.losses = losses->count,
		.state = event->state.new_state,
		.certainty = STAY_BETWEEN,
	};
	return span;
}

/* After a younger event, a state is known but not how long it lasts. */
static void enter(struct stay *stay, const struct event *event, uint8_t state,
		  const struct stay_losses *losses)
{
	bool older = stay_is_older(stay, event);

	*stay = (struct stay){
		.since_ns = event->time_ns,
		.losses = losses->count,
		.state = state,
		.certainty = older ? STAY_UNKNOWN : STAY_EXACT,
	};
}

static void begin_after_loss(struct stay *stay,
			     const struct stay_losses *losses)
{
	if (stay->since_ns < losses->latest_ns)
		stay->since_ns = losses->latest_ns;
	stay->losses = losses->count;
}

/* Congestion states are visited again and again: a loss may hide visits. */
static struct span cong_span(const struct stay *cong, uint64_t now_ns,
			     const struct stay_losses *losses)
{
	struct stay since_loss = *cong;

	if (cong->losses == losses->count)
		return stay_span(cong, now_ns);
	if (now_ns < cong->since_ns)
		return SPAN_UNKNOWN;
	if (cong->certainty == STAY_EXACT || cong->certainty == STAY_AT_MOST)
		return (struct span){ 0, now_ns - cong->since_ns };
	begin_after_loss(&since_loss, losses);
	return stay_span(&since_loss, now_ns);
}

void stay_adopt(struct stay *tcp, uint8_t state,
		const struct stay_losses *losses)
{
	tcp->state = state;
	begin_after_loss(tcp, losses);
}

struct span stay_change_tcp(struct stay *tcp, const struct event *event,
			    const struct stay_losses *losses)
{
	struct span span = SPAN_UNKNOWN;
	bool late;

	if (event->has & EVENT_HAS_BOUNDS)
		return change_sampled_tcp(tcp, event, losses);
	late = event->late || stay_is_older(tcp, event);
	if (tcp->state == TCP_STATE_UNKNOWN)
		stay_adopt(tcp, event->state.old_state, losses);
	/* A TCP state is visited once in a life, so that a loss in between
	 * cannot hide a second visit. */
	if (!late && tcp->state == event->state.old_state)
		span = stay_span(tcp, event->time_ns);
	enter(tcp, event, event->state.new_state, losses);
	return span;
}

/* Between two looks any state may have been visited, and left again. */
__attribute__((noinline))
static struct span change_sampled_cong(struct stay *cong,
				       const struct event *event)
{
	struct span span = { 0, event->time_ns - cong->since_ns };

	if (cong->certainty != STAY_AT_MOST || event->time_ns < cong->since_ns)
		span = SPAN_UNKNOWN;
	*cong = (struct stay){
		.since_ns = event->cong.from_ns,
		.losses = cong->losses,
		.state = event->cong.new_state,
		.certainty = STAY_AT_MOST,
	};
	return span;
}

struct span stay_change_cong(struct stay *cong, const struct event *event,
			     const struct stay_losses *losses)
{
	struct span span = SPAN_UNKNOWN;
	bool gap = cong->state == CONG_STATE_UNKNOWN ||
		   cong->losses != losses->count;

	if (event->has & EVENT_HAS_BOUNDS)
		return change_sampled_cong(cong, event);
	if (!event->late && !stay_is_older(cong, event))
		span = cong_span(cong, event->time_ns, losses);
	if (cong->state == event->cong.new_state) {
		/* This socket's ways back are seen, too. */
		if (cong->certainty == STAY_AT_MOST && !event->cong.entry_only)
			cong->certainty = STAY_EXACT;
		return span;
	}
	enter(cong, event, event->cong.new_state, losses);
	if (event->cong.entry_only && cong->certainty == STAY_EXACT)
		cong->certainty = STAY_AT_MOST;
	/* Every timeout sets LOSS again: this need not be the first one. */
	if (gap && cong->state == CONG_STATE_LOSS &&
	    cong->certainty == STAY_EXACT)
		cong->certainty = STAY_AT_LEAST;
	return span;
}

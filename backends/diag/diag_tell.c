/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes events with the bounds of a look; see diag_tell.h. */
#include "diag_tell.h"

#include <linux/tcp.h>

#include "tcpwatch/tcp_state.h"

static bool is_wanted(const struct diag_looks *looks, enum event_kind kind)
{
	return looks->kinds & EVENT_BIT(kind);
}

static struct event event_of(const struct diag_known *known,
			     enum event_kind kind, uint64_t time_ns)
{
	return (struct event){
		.time_ns = time_ns,
		.kind = (uint8_t)kind,
		.has = EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS | EVENT_HAS_BOUNDS,
		.socket_id = known->cookie,
		.family = known->family,
		.local = known->local,
		.remote = known->remote,
	};
}

static void push(struct diag_looks *looks, const struct event *event)
{
	diag_queue_push(looks->queue, event, 1);
}

void diag_tell_seen(struct diag_looks *looks, const struct diag_known *known,
		    uint64_t time_ns, int32_t tgid)
{
	struct event event = event_of(known, EVENT_SEEN, time_ns);

	event.has &= (uint16_t)~EVENT_HAS_BOUNDS;
	event.has |= EVENT_HAS_COOKIE | (tgid ? EVENT_HAS_TGID : 0);
	event.seen.from_ns = known->seen_ns;
	event.seen.tgid = tgid;
	event.seen.state = known->state;
	event.seen.part = EVENT_SEEN_SOCKET;
	event.seen.cong = known->cong;
	event.seen.cong_known = is_wanted(looks, EVENT_CONG) &&
				known->state != TCP_STATE_LISTEN;
	push(looks, &event);
}

void diag_tell_state(struct diag_looks *looks, const struct diag_known *known,
		     uint8_t old_state, const struct diag_look *look)
{
	struct event event = event_of(known, EVENT_STATE, look->until_ns);

	event.state.from_ns = look->from_ns;
	event.state.old_state = old_state;
	event.state.new_state = known->state;
	event.state.tgid = look->tgid;
	if (look->tgid)
		event.has |= EVENT_HAS_TGID;
	push(looks, &event);
}

void diag_tell_retrans(struct diag_looks *looks, const struct diag_known *known,
		       uint8_t state, uint32_t count,
		       const struct diag_look *look)
{
	struct event event = event_of(known, EVENT_RETRANS, look->until_ns);

	if (!is_wanted(looks, EVENT_RETRANS) || !count)
		return;
	event.retrans.from_ns = look->from_ns;
	event.retrans.state = state;
	if (state != TCP_STATE_UNKNOWN)
		event.has |= EVENT_HAS_TCP_STATE;
	diag_queue_push(looks->queue, &event, count);
}

void diag_tell_cong(struct diag_looks *looks, const struct diag_known *known,
		    const struct diag_look *look)
{
	struct event event = event_of(known, EVENT_CONG, look->until_ns);

	if (!is_wanted(looks, EVENT_CONG))
		return;
	event.cong.from_ns = look->from_ns;
	event.cong.new_state = known->cong;
	push(looks, &event);
}

/* The kernel counts segments in flight: as bytes they are a good guess. */
void diag_tell_sample(struct diag_looks *looks, const struct diag_known *known,
		      const struct tcp_info *info, uint64_t time_ns)
{
	struct event event = event_of(known, EVENT_SAMPLE, time_ns);

	if (!is_wanted(looks, EVENT_SAMPLE) || !info->tcpi_rtt ||
	    known->state != TCP_STATE_ESTABLISHED)
		return;
	event.has |= EVENT_HAS_COOKIE;
	event.sample = (struct event_sample){
		.cookie = known->cookie & ((UINT64_C(1) << 48) - 1),
		.every = 1,
		.srtt_us = info->tcpi_rtt,
		.cwnd = info->tcpi_snd_cwnd,
		.ssthresh = info->tcpi_snd_ssthresh,
		.snd_wnd = info->tcpi_snd_wnd,
		.snd_nxt = info->tcpi_unacked * info->tcpi_snd_mss,
		.mss = (uint16_t)info->tcpi_snd_mss,
	};
	push(looks, &event);
}

void diag_tell_end(struct diag_looks *looks, struct diag_known *known,
		   uint64_t time_ns)
{
	const struct diag_look look = {
		.from_ns = known->seen_ns, .until_ns = time_ns
	};
	const uint8_t old_state = known->state;
	struct event event;

	known->state = TCP_STATE_CLOSE;
	diag_tell_state(looks, known, old_state, &look);
	event = event_of(known, EVENT_DESTROY, time_ns);
	event.has |= EVENT_HAS_COOKIE;
	event.destroy.cookie = known->cookie;
	push(looks, &event);
}

void diag_tell_gone(struct diag_looks *looks, const struct event *gone)
{
	if (is_wanted(looks, EVENT_GONE))
		push(looks, gone);
}

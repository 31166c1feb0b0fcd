/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares each socket with what was known of it, and makes events. */
#include "diag_looks.h"

#include <linux/tcp.h>

#include "diag_info.h"
#include "tcpwatch/tcp_state.h"

enum { MISSED_MAX = 2 };

const uint32_t diag_looks_states =
	1u << TCP_STATE_ESTABLISHED | 1u << TCP_STATE_SYN_SENT |
	1u << TCP_STATE_FIN_WAIT1 | 1u << TCP_STATE_FIN_WAIT2 |
	1u << TCP_STATE_CLOSE_WAIT | 1u << TCP_STATE_LAST_ACK |
	1u << TCP_STATE_LISTEN | 1u << TCP_STATE_CLOSING;

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

/* A socket that is older than the watch, or the owner of one that nobody held. */
static void tell_seen(struct diag_looks *looks, const struct diag_known *known,
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

static void tell_state(struct diag_looks *looks, const struct diag_known *known,
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

/* In which state they were sent is known where it stayed the same. */
static void tell_retrans(struct diag_looks *looks, const struct diag_known *known,
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

static void tell_cong(struct diag_looks *looks, const struct diag_known *known,
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
static void tell_sample(struct diag_looks *looks, const struct diag_known *known,
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

/* Figures, and what has become of them. */
static void take_info(struct diag_looks *looks, struct diag_known *known,
		      const struct diag_look *look, uint8_t state)
{
	const uint32_t retrans = known->retrans, segs_in = known->segs_in;
	const uint8_t cong = known->cong;
	struct tcp_info info;

	/* A listener's say other things. */
	if (known->state == TCP_STATE_LISTEN ||
	    !diag_info_get(look->socket, &info))
		return;
	known->retrans = info.tcpi_total_retrans;
	known->segs_in = info.tcpi_segs_in;
	known->cong = info.tcpi_ca_state;
	if (!known->told)
		return;
	if (known->retrans > retrans)
		tell_retrans(looks, known, state, known->retrans - retrans, look);
	if (known->cong != cong)
		tell_cong(looks, known, look);
	if (known->segs_in != segs_in)
		tell_sample(looks, known, &info, look->until_ns);
}

static void note(struct diag_looks *looks, struct diag_known *known,
		 const struct diag_look *look)
{
	known->look = looks->number;
	known->missed = 0;
	known->seen_ns = look->from_ns;
	known->state = look->socket->state;
	known->asked = known->inode == look->socket->inode && known->asked;
	known->asked |= look->asked;
	known->inode = look->socket->inode;
}

static struct diag_known *add(struct diag_looks *looks,
			      const struct diag_socket *socket)
{
	struct diag_known *known = diag_table_add(&looks->table, socket->cookie);

	if (!known) {
		looks->refused = true;
		return NULL;
	}
	known->family = socket->family;
	known->local = socket->local;
	known->remote = socket->remote;
	return known;
}

/* It was not there when the look before this one began. */
static void take_new(struct diag_looks *looks, const struct diag_look *look)
{
	struct diag_known *known = add(looks, look->socket);
	struct diag_look since = *look;

	if (!known)
		return;
	note(looks, known, look);
	if (looks->number > 1) {
		since.from_ns = looks->before_ns;
		tell_state(looks, known, TCP_STATE_UNKNOWN, &since);
		known->told = true;
	}
	take_info(looks, known, &since, known->state);
}

static void take_known(struct diag_looks *looks, struct diag_known *known,
		       const struct diag_look *look)
{
	const uint8_t state = known->state;
	struct diag_look since = *look;

	since.from_ns = known->seen_ns;
	if (!known->told && looks->number > 1) {
		known->told = true;
		tell_seen(looks, known, look->until_ns, look->tgid);
	} else if (known->told && look->tgid) {
		tell_seen(looks, known, look->until_ns, look->tgid);
	}
	note(looks, known, look);
	if (known->told && known->state != state)
		tell_state(looks, known, state, &since);
	take_info(looks, known, &since,
		  known->state == state ? state : TCP_STATE_UNKNOWN);
}

void diag_looks_begin(struct diag_looks *looks, uint64_t now_ns)
{
	looks->before_ns = looks->began_ns;
	looks->began_ns = now_ns;
	looks->number++;
	looks->swept = 0;
	looks->looking = true;
	looks->refused = false;
}

bool diag_looks_wants_owner(const struct diag_looks *looks,
			    const struct diag_socket *socket)
{
	const struct diag_known *known;

	if (!socket->inode || looks->number < 2 || !is_wanted(looks, EVENT_TASK))
		return false;
	known = diag_table_find(&looks->table, socket->cookie);
	return !known || !known->asked || known->inode != socket->inode;
}

void diag_looks_take(struct diag_looks *looks, const struct diag_look *look)
{
	const struct diag_socket *socket = look->socket;
	struct diag_known *known;

	/* The state is read after a socket was picked by it. */
	if (socket->mini || !socket->cookie ||
	    !(diag_looks_states >> socket->state & 1))
		return;
	known = diag_table_find(&looks->table, socket->cookie);
	if (!known)
		take_new(looks, look);
	else if (!known->ended)
		take_known(looks, known, look);
}

/* Its last change, and that it is no more. */
static void tell_end(struct diag_looks *looks, struct diag_known *known,
		     uint8_t old_state, uint64_t from_ns, uint64_t time_ns)
{
	const struct diag_look look = { .from_ns = from_ns, .until_ns = time_ns };
	struct event event;

	known->state = TCP_STATE_CLOSE;
	tell_state(looks, known, old_state, &look);
	event = event_of(known, EVENT_DESTROY, time_ns);
	event.has |= EVENT_HAS_COOKIE;
	event.destroy.cookie = known->cookie;
	push(looks, &event);
}

/* True when the entry is not needed any more. */
static bool sweep(struct diag_looks *looks, struct diag_known *known,
		  uint64_t now_ns)
{
	if (known->look == looks->number)
		return false;
	if (known->ended)
		return true;
	if (++known->missed < MISSED_MAX)
		return false;
	if (!known->told)
		tell_seen(looks, known, now_ns, 0);
	tell_end(looks, known, known->state, known->seen_ns, now_ns);
	return true;
}

bool diag_looks_sweep(struct diag_looks *looks, uint64_t now_ns)
{
	while (looks->swept < looks->table.count) {
		struct diag_known *known = &looks->table.entries[looks->swept];

		if (diag_queue_room(looks->queue) < DIAG_LOOKS_EVENTS)
			return false;
		if (sweep(looks, known, now_ns))
			diag_table_remove(&looks->table, known);
		else
			looks->swept++;
	}
	looks->looking = false;
	return true;
}

void diag_looks_abandon(struct diag_looks *looks)
{
	/* What was not seen in it may have begun before it, too. */
	looks->began_ns = looks->before_ns;
	looks->looking = false;
}

/* Never connected, or wiped by tcp_disconnect(): nothing to tell. */
static bool was_connected(const struct event *gone)
{
	return gone->remote.port && gone->has & EVENT_HAS_BYTES &&
	       (gone->gone.segs_in || gone->gone.segs_out);
}

/* One that began and ended between two looks; NULL when there is nothing to be
 * told of it. */
static struct diag_known *add_ended(struct diag_looks *looks,
				    const struct event *gone)
{
	struct diag_known *known;

	if (looks->number < 2 && !looks->looking)
		return NULL;
	if (!looks->looking && !was_connected(gone))
		return NULL;
	known = diag_table_add(&looks->table, gone->cookie);
	if (!known)
		return NULL;
	known->family = gone->family;
	known->local = gone->local;
	known->remote = gone->remote;
	known->told = true;
	known->state = TCP_STATE_UNKNOWN;
	known->seen_ns = looks->looking ? looks->before_ns : looks->began_ns;
	return known;
}

static void tell_gone(struct diag_looks *looks, struct diag_known *known,
		      const struct event *gone)
{
	const struct diag_look look = {
		.from_ns = known->seen_ns, .until_ns = gone->time_ns
	};

	if (!known->told)
		tell_seen(looks, known, gone->time_ns, 0);
	if (gone->has & EVENT_HAS_BYTES && gone->gone.retrans > known->retrans)
		tell_retrans(looks, known, TCP_STATE_UNKNOWN,
			     gone->gone.retrans - known->retrans, &look);
	tell_end(looks, known, known->state, known->seen_ns, gone->time_ns);
	if (is_wanted(looks, EVENT_GONE))
		push(looks, gone);
}

void diag_looks_end(struct diag_looks *looks, const struct event *gone)
{
	struct diag_known *known;

	if (!(gone->has & EVENT_HAS_COOKIE))
		return;
	known = diag_table_find(&looks->table, gone->cookie);
	if (known && known->ended)
		return;
	if (!known) {
		known = add_ended(looks, gone);
		if (!known)
			return;
		if (was_connected(gone) && looks->number > 1)
			tell_gone(looks, known, gone);
	} else {
		tell_gone(looks, known, gone);
	}
	known->ended = true;
	known->look = looks->number - 1;
	if (!looks->looking)
		diag_table_remove(&looks->table, known);
}

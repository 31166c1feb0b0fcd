/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares each socket with what was known of it. */
#include "diag_looks.h"

#include <linux/tcp.h>

#include "diag_info.h"
#include "diag_tell.h"
#include "tcpwatch/tcp_state.h"

enum { MISSED_MAX = 2 };

const uint32_t diag_looks_states =
	1u << TCP_STATE_ESTABLISHED | 1u << TCP_STATE_SYN_SENT |
	1u << TCP_STATE_FIN_WAIT1 | 1u << TCP_STATE_FIN_WAIT2 |
	1u << TCP_STATE_CLOSE_WAIT | 1u << TCP_STATE_LAST_ACK |
	1u << TCP_STATE_LISTEN | 1u << TCP_STATE_CLOSING;

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
		diag_tell_retrans(looks, known, state, known->retrans - retrans, look);
	if (known->cong != cong)
		diag_tell_cong(looks, known, look);
	if (known->segs_in != segs_in)
		diag_tell_sample(looks, known, &info, look->until_ns);
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
		diag_tell_state(looks, known, TCP_STATE_UNKNOWN, &since);
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
		diag_tell_seen(looks, known, look->until_ns, look->tgid);
	} else if (known->told && look->tgid) {
		diag_tell_seen(looks, known, look->until_ns, look->tgid);
	}
	note(looks, known, look);
	if (known->told && known->state != state)
		diag_tell_state(looks, known, state, &since);
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

	if (!socket->inode || looks->number < 2 ||
	    !(looks->kinds & EVENT_BIT(EVENT_TASK)))
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
		diag_tell_seen(looks, known, now_ns, 0);
	diag_tell_end(looks, known, now_ns);
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
		diag_tell_seen(looks, known, gone->time_ns, 0);
	if (gone->has & EVENT_HAS_BYTES && gone->gone.retrans > known->retrans)
		diag_tell_retrans(looks, known, TCP_STATE_UNKNOWN,
				  gone->gone.retrans - known->retrans, &look);
	diag_tell_end(looks, known, gone->time_ns);
	diag_tell_gone(looks, gone);
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

/* SPDX-License-Identifier: BSD-2-Clause */
/* What to sort by, from what is known without asking a process. */
#include "socket_order.h"

#include <stdlib.h>

#include "common/ns.h"
#include "give_up.h"
#include "socket_age.h"
#include "tcpwatch/tcp_state.h"

struct order {
	uint8_t column;         /* enum column_id; 0 = by state */
	const struct socket_limits *limits;
};

const enum column_id socket_order_columns[SOCKET_ORDER_COLUMNS] = {
	COLUMN_LPORT, COLUMN_RPORT, COLUMN_TIMER_MS, COLUMN_RETRIES, COLUMN_RECV_Q,
	COLUMN_SEND_Q, COLUMN_NOTSENT, COLUMN_RESENT, COLUMN_SRTT,
	COLUMN_DURATION, COLUMN_IDLE, COLUMN_GIVES_UP, COLUMN_UNACKED,
	COLUMN_DROPS
};

static uint64_t age_of(const struct socket_found *found,
		       const struct socket_limits *limits)
{
	uint64_t told_ns = NS_PER_MS * socket_age_of(&found->status, limits);

	return told_ns > found->past.age.min_ns ? told_ns :
						  found->past.age.min_ns;
}

static uint64_t idle_of(const struct socket_status *status)
{
	return status->data_sent_ms < status->data_received_ms ?
	       status->data_sent_ms : status->data_received_ms;
}

/* Options are asked for only when it is shown: by the namespace's. */
static uint64_t end_of(const struct socket_status *status,
		       const struct socket_limits *limits)
{
	struct give_up end;

	return give_up_of(status, limits, NULL, &end) ? end.left_ms : 0;
}

static uint64_t figure(const struct socket_found *found, const struct order *order)
{
	const struct socket_status *status = &found->status;

	switch (order->column) {
	case COLUMN_LPORT:
		return status->local.port;
	case COLUMN_RPORT:
		return status->remote.port;
	case COLUMN_TIMER_MS:
		return status->timer ? status->timer_ms : 0;
	case COLUMN_RETRIES:
		return status->retries;
	case COLUMN_RECV_Q:
		return status->received;
	case COLUMN_SEND_Q:
		return status->unacked;
	case COLUMN_NOTSENT:
		return status->notsent;
	case COLUMN_RESENT:
		return status->resent;
	case COLUMN_SRTT:
		return status->srtt_us;
	case COLUMN_DURATION:
		return age_of(found, order->limits);
	case COLUMN_IDLE:
		return idle_of(status);
	case COLUMN_GIVES_UP:
		return end_of(status, order->limits);
	case COLUMN_UNACKED:
		return status->in_flight;
	case COLUMN_DROPS:
		return status->drops;
	default:
		return 0;
	}
}

/* Cookies rise with time, more or less: what else is the same stays in order. */
static int by_age(const struct socket_status *one,
		  const struct socket_status *other)
{
	return one->cookie < other->cookie ? -1 : one->cookie > other->cookie;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct order *order = context;
	const struct socket_status *one = &((const struct socket_found *)a)->status;
	const struct socket_status *other = &((const struct socket_found *)b)->status;
	uint64_t first = figure(a, order), second = figure(b, order);

	if (!order->column && one->state != other->state)
		return one->state < other->state ? -1 : 1;
	if (first != second)
		return first > second ? -1 : 1;
	return by_age(one, other);
}

static int compare_ages(const void *a, const void *b)
{
	return by_age(&((const struct socket_found *)a)->status,
		      &((const struct socket_found *)b)->status);
}

size_t socket_order_once(struct socket_found *found, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(found, count, sizeof(*found), compare_ages);
	for (size_t i = 0; i < count; i++)
		if (!kept || !found[i].status.cookie ||
		    found[kept - 1].status.cookie != found[i].status.cookie)
			found[kept++] = found[i];
	return kept;
}

static int compare_owners(const void *a, const void *b)
{
	const struct socket_status *one = &((const struct socket_found *)a)->status;
	const struct socket_status *other = &((const struct socket_found *)b)->status;

	return one->tgid < other->tgid ? -1 : one->tgid > other->tgid;
}

void socket_order_count(struct socket_found *found, size_t count)
{
	struct socket_found *end = found + count;

	if (count)
		qsort(found, count, sizeof(*found), compare_owners);
	while (found < end) {
		struct socket_found *first = found;
		size_t unclosed = 0;

		for (; found < end && found->status.tgid == first->status.tgid; found++)
			unclosed += found->status.state == TCP_STATE_CLOSE_WAIT;
		for (; first < found; first++)
			first->unclosed = unclosed;
	}
}

void socket_order_sort(struct socket_found *found, size_t count, uint8_t column,
		       const struct socket_limits *limits)
{
	struct order order = { .column = column, .limits = limits };

	if (count)
		qsort_r(found, count, sizeof(*found), compare, &order);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells are what is known; what a process has set and nobody tells is unknown. */
#include "socket_rows.h"

#include <string.h>

#include "common/ns.h"
#include "give_up.h"
#include "socket_age.h"
#include "view/cell_set.h"
#include "tcpwatch/tcp_state.h"

static const enum column_id keys[] = {
	COLUMN_TIME, COLUMN_PID, COLUMN_COMM, COLUMN_FAMILY, COLUMN_LADDR,
	COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_STATE, COLUMN_DURATION,
	COLUMN_TIMER, COLUMN_TIMER_MS, COLUMN_RETRIES, COLUMN_GIVES_UP,
	COLUMN_RECV_Q, COLUMN_SEND_Q, COLUMN_UNACKED, COLUMN_NOTSENT,
	COLUMN_RESENT, COLUMN_DROPS, COLUMN_IDLE, COLUMN_SRTT, COLUMN_CWND,
	COLUMN_KEEPALIVE, COLUMN_KEEP_IDLE, COLUMN_KEEP_INTERVAL,
	COLUMN_KEEP_COUNT, COLUMN_USER_TIMEOUT, COLUMN_DEFER_ACCEPT,
	COLUMN_PROBLEM
};

static const struct row_kind kind = {
	.name = "socket", .letter = '.', .json = COLUMN_IDS(keys)
};

static const char *const timer_names[SOCKET_TIMER_COUNT] = {
	[SOCKET_TIMER_RETRANSMIT] = "retransmit",
	[SOCKET_TIMER_KEEPALIVE] = "keepalive",
	[SOCKET_TIMER_SYNACK] = "syn-ack",
	[SOCKET_TIMER_TIME_WAIT] = "time-wait",
	[SOCKET_TIMER_ZERO_WINDOW] = "probe",
	[SOCKET_TIMER_DELAYED_ACK] = "ack",
};

bool socket_rows_show_options(const struct column_list *shown)
{
	/* Before these: TCP_USER_TIMEOUT may be what gives it up. */
	for (int id = COLUMN_GIVES_UP; id <= COLUMN_DEFER_ACCEPT; id++)
		if (column_list_has(shown, (enum column_id)id))
			return true;
	return false;
}

static void set_owner(struct cell *cells, const struct socket_status *status)
{
	if (status->tgid)
		cell_set_number(&cells[COLUMN_PID], (uint64_t)status->tgid);
	if (!status->comm[0])
		return;
	cells[COLUMN_COMM].type = CELL_COMM;
	cells[COLUMN_COMM].comm = status->comm;
}

/* Both are bounds: the higher one of the lower ones holds. */
static void set_age(struct cell *cell, const struct socket_row *from)
{
	uint64_t told_ns = NS_PER_MS * socket_age_of(from->facts.status,
						     from->facts.limits);
	struct span age = from->age;

	if (told_ns > age.min_ns)
		age.min_ns = told_ns;
	if (age.max_ns < age.min_ns)    /* what the kernel tells is older */
		age.max_ns = age.min_ns;
	if (span_is_unknown(age))
		return;
	cell_set_duration(cell, age);
}

static void set_timer(struct cell *cells, const struct problem_facts *facts)
{
	const struct socket_status *status = facts->status;
	struct give_up end;

	cell_set_text(&cells[COLUMN_TIMER], timer_names[status->timer]);
	if (!status->timer)
		return;
	cell_set_number(&cells[COLUMN_TIMER_MS], status->timer_ms);
	cell_set_number(&cells[COLUMN_RETRIES], status->retries);
	if (give_up_of(status, facts->limits, facts->options, &end))
		cell_set_number(&cells[COLUMN_GIVES_UP], end.left_ms);
}

static void set_info(struct cell *cells, const struct socket_status *status)
{
	if (!status->has_info)
		return;
	cell_set_number(&cells[COLUMN_UNACKED], status->in_flight);
	cell_set_number(&cells[COLUMN_NOTSENT], status->notsent);
	cell_set_number(&cells[COLUMN_RESENT], status->resent);
	cell_set_number(&cells[COLUMN_CWND], status->cwnd);
	if (status->srtt_us)
		cell_set_number(&cells[COLUMN_SRTT], status->srtt_us);
	if (status->state != TCP_STATE_SYN_SENT)
		cell_set_number(&cells[COLUMN_IDLE], status->data_sent_ms <
				status->data_received_ms ? status->data_sent_ms :
				status->data_received_ms);
}

static void set_options(struct cell *cells, const struct problem_facts *facts)
{
	const struct socket_options *options = facts->options;
	bool listens = facts->status->state == TCP_STATE_LISTEN;

	/* No process, no options; and of what has none left nothing is told. */
	if (!facts->status->held)
		return;
	if (!options) {
		for (int id = COLUMN_KEEPALIVE; id < COLUMN_DEFER_ACCEPT; id++)
			cells[id].type = CELL_UNKNOWN;
		if (listens)
			cells[COLUMN_DEFER_ACCEPT].type = CELL_UNKNOWN;
		return;
	}
	cell_set_bool(&cells[COLUMN_KEEPALIVE], options->keepalive);
	cell_set_number(&cells[COLUMN_KEEP_IDLE], options->keep_idle_s);
	cell_set_number(&cells[COLUMN_KEEP_INTERVAL], options->keep_interval_s);
	cell_set_number(&cells[COLUMN_KEEP_COUNT], options->keep_count);
	cell_set_number(&cells[COLUMN_USER_TIMEOUT], options->user_timeout_ms);
	if (listens)
		cell_set_number(&cells[COLUMN_DEFER_ACCEPT],
				options->defer_accept_s);
}

void socket_rows_fill(struct row *row, const struct socket_row *from)
{
	const struct socket_status *status = from->facts.status;
	struct cell *cells = row->cells;

	row->kind = &kind;
	memset(cells, 0, COLUMN_COUNT * sizeof(*cells));
	cells[COLUMN_TIME] = (struct cell){ .type = CELL_WALL,
					    .id = from->wall_ns };
	cell_set_ends(cells, status->family, &status->local, &status->remote);
	set_owner(cells, status);
	cell_set_text(&cells[COLUMN_STATE], tcp_state_name(status->state));
	set_age(&cells[COLUMN_DURATION], from);
	set_timer(cells, &from->facts);
	cell_set_number(&cells[COLUMN_RECV_Q], status->received);
	cell_set_number(&cells[COLUMN_SEND_Q], status->unacked);
	if (status->state == TCP_STATE_LISTEN)
		cell_set_number(&cells[COLUMN_DROPS], status->drops);
	set_info(cells, status);
	set_options(cells, &from->facts);
	cell_set_text(&cells[COLUMN_PROBLEM], from->problem);
}

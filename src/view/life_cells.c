/* SPDX-License-Identifier: BSD-2-Clause */
/* A life to cells; see life_cells.h. */
#include "life_cells.h"

#include <stddef.h>
#include <string.h>

#include "cell_set.h"
#include "tracker/reason.h"
#include "tcpwatch/tcp_state.h"

#define BIT(number) (1u << (number))

enum { KB_BYTES = 1024 };

/* Its entries need no clearing. */
static void begin_map(struct cell_map *map, bool durations)
{
	map->durations = durations;
	map->count = 0;
}

static void add_entry(struct cell_map *map, const struct word *name,
		      uint64_t value, bool at_least)
{
	map->entries[map->count++] = (struct cell_entry){
		.name = name, .value = value, .at_least = at_least
	};
}

/* In the order in which they are passed through. */
static const uint8_t state_order[] = {
	TCP_STATE_LISTEN, TCP_STATE_SYN_SENT, TCP_STATE_SYN_RECV,
	TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2,
	TCP_STATE_CLOSING, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK,
	TCP_STATE_NEW_SYN_RECV, TCP_STATE_BOUND_INACTIVE, TCP_STATE_TIME_WAIT
};

static void fill_states(struct cell_map *map, const struct view_row *row,
			const struct life *life, uint64_t now_ns)
{
	begin_map(map, true);
	for (size_t i = 0; i < sizeof(state_order); i++) {
		uint8_t state = state_order[i];

		if (life->states & BIT(state))
			add_entry(map, &row->tcp_words[state],
				  life_state_ns(life, state, now_ns),
				  life->states_at_least & BIT(state));
	}
}

static void fill_congs(struct cell_map *map, const struct view_row *row,
		       const struct life *life, uint64_t now_ns)
{
	begin_map(map, true);
	for (unsigned int i = 0; i < CONG_STATE_COUNT; i++)
		if (life->congs & BIT(i))
			add_entry(map, &row->cong_words[i],
				  life_cong_ns(life, i, now_ns), false);
}

static void fill_retrans(struct cell_map *map, const struct view_row *row,
			 const struct life *life)
{
	begin_map(map, false);
	for (unsigned int i = 0; i < REASON_CLASS_COUNT; i++)
		if (life->retrans[i])
			add_entry(map, &row->class_words[i], life->retrans[i],
				  false);
}

static void fill_figures(struct cell *cells, const struct life *life)
{
	cell_set_number(&cells[COLUMN_TX_BYTES], life->tx_bytes);
	cell_set_number(&cells[COLUMN_RX_BYTES], life->rx_bytes);
	cell_set_number(&cells[COLUMN_TX_KB], life->tx_bytes / KB_BYTES);
	cell_set_number(&cells[COLUMN_RX_KB], life->rx_bytes / KB_BYTES);
}

void life_cells_fill(struct life_cells *own, struct view_row *view_row,
		     const struct life *life, uint64_t now_ns)
{
	struct cell *cells = view_row->row.cells;

	memset(&cells[COLUMN_EVENT_COUNT], 0,
	       (COLUMN_COUNT - COLUMN_EVENT_COUNT) * sizeof(*cells));
	fill_states(&own->states, view_row, life, now_ns);
	fill_congs(&own->congs, view_row, life, now_ns);
	fill_retrans(&own->retrans, view_row, life);
	if (life->how != LIFE_BEFORE_US && life->begin_ns)
		cell_set_wall(&cells[COLUMN_BEGIN], &view_row->wall,
			      life->begin_ns);
	if (life->end_ns)
		cell_set_wall(&cells[COLUMN_END], &view_row->wall, life->end_ns);
	cell_set_text(&cells[COLUMN_HOW], life_how_name(life->how));
	cell_set_text(&cells[COLUMN_ENDED_BY], life_ender_name(life->ended_by));
	cell_set_text(&cells[COLUMN_WHY], reason_name(life->why));
	if (life->why != REASON_UNKNOWN)
		cell_set_bool(&cells[COLUMN_INFERRED], life->inferred);
	cell_set_duration(&cells[COLUMN_DURATION], life_span(life, now_ns));
	cell_set_map(&cells[COLUMN_STATE_MS], &own->states);
	cell_set_map(&cells[COLUMN_CONG_MS], &own->congs);
	cell_set_map(&cells[COLUMN_RETRANS], &own->retrans);
	if (life->figures_known)
		fill_figures(cells, life);
	if (life->srtt_us)
		cell_set_number(&cells[COLUMN_SRTT], life->srtt_us);
	if (life->cwnd)
		cell_set_number(&cells[COLUMN_CWND], life->cwnd);
}

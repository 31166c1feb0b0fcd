/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What metrics count, by group: a bounded number of groups is told apart, all
 * others are one. What has been counted for a group never moves to another, or
 * both would make a jump that no scraper could tell from events.
 */
#ifndef METRICS_GROUPS_H
#define METRICS_GROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "common/histogram.h"
#include "common/id_map.h"
#include "tracker/reason.h"
#include "view/rtt_groups.h"
#include "tcpwatch/tcp_state.h"

enum { METRICS_GROUPS_OTHER = 0 };      /* the slot of all others */

/* Index 0 of the states is that which is not known. */
struct metrics_counts {
	uint64_t transitions[TCP_STATE_COUNT][TCP_STATE_COUNT]; /* from, to */
	uint64_t ends[REASON_COUNT];
	uint64_t retransmissions[REASON_CLASS_COUNT];
	uint64_t cong_ns[CONG_STATE_COUNT];
	uint64_t open[TCP_STATE_COUNT]; /* sockets, when they were last counted */
	struct histogram_log2 srtt;     /* microseconds; its sum nanoseconds */
};

struct metrics_group {
	struct rtt_key key;
	uint32_t generation;    /* of its slot: rises when another takes it */
	uint64_t recent;        /* events in this round */
	struct metrics_counts counts;
};

/* A group that has no slot, and may deserve one. */
struct metrics_candidate {
	struct rtt_key key;
	uint64_t recent;        /* events in this round */
};

struct metrics_groups {
	struct metrics_group **slots;   /* [METRICS_GROUPS_OTHER] to [top] */
	struct metrics_candidate *candidates;
	struct id_map map;      /* hash of the key to slot, or to top + 1 + the
	                         * candidate's index */
	uint32_t top;           /* slots but that of the others */
	uint32_t used;          /* of these */
	uint32_t waiting;       /* candidates */
	uint32_t room;          /* ... that there is memory for */
};

/* A group as whoever belongs to it remembers it. */
struct metrics_membership {
	struct rtt_key key;
	uint32_t slot;
	uint32_t generation;
};

/* top: groups told apart; 0 = all events are one. 0 or -ENOMEM. */
int metrics_groups_init(struct metrics_groups *groups, size_t top);
void metrics_groups_done(struct metrics_groups *groups); /* accepts zeroed */

/* The counts of that group, an event of which is to be counted. Borrowed until
 * the next round. membership->key is set; the rest is kept here and zero at
 * first. */
struct metrics_counts *metrics_groups_count(struct metrics_groups *groups,
					    struct metrics_membership *membership);

/* The same, of what is no event. */
struct metrics_counts *metrics_groups_find(const struct metrics_groups *groups,
					   const struct metrics_membership *membership);

/* A round ends: groups that had far more events in it than some that have a slot
 * take it over. */
void metrics_groups_end_round(struct metrics_groups *groups);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* How long each socket has been in each congestion state within an interval. */
#ifndef CONG_TIMES_H
#define CONG_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/lru.h"
#include "common/pool.h"
#include "common/span.h"
#include "tracker/tracker.h"
#include "tcpwatch/event.h"
#include "tcpwatch/tcp_state.h"

struct cong_time {
	uint64_t sock;          /* this life of a socket */
	struct endpoint local, remote;
	struct owner owner;
	uint64_t counted_ns;    /* time is counted up to here */
	uint64_t state_ns[CONG_STATE_COUNT]; /* within the interval */
	uint64_t changes;       /* likewise */
	struct span stay;       /* in the state up to counted_ns; SPAN_UNKNOWN if
	                         * that is not exactly known */
	uint8_t family;         /* enum event_family; 0 = ends not known */
	uint8_t state;          /* enum cong_state */
	bool closed;            /* goes when the interval ends */
	bool known;             /* some of the interval is counted */
	uint32_t losses;        /* of events, that there had been by then */
};

enum { CONG_TIMES_CLOSED, CONG_TIMES_LIVE, CONG_TIMES_LISTS };

struct cong_times {
	struct pool sockets;    /* of struct cong_time, by sock */
	struct lru lists[CONG_TIMES_LISTS];
	struct cong_time other; /* sums of those that lost their place ... */
	uint64_t others;        /* ... and how many these were */
	uint32_t losses;        /* of events; in a flood, one in forty */
	uint32_t *order;        /* cong_times_sort()'s ... */
	uint32_t order_capacity; /* ... which has room for so many */
};

/* A stay in a congestion state that has ended. */
struct cong_stay {
	uint8_t state;          /* enum cong_state */
	uint64_t ns;
};

/* limit > 0: sockets. 0 or -ENOMEM. */
int cong_times_init(struct cong_times *times, size_t limit);
void cong_times_done(struct cong_times *times); /* accepts a zeroed object */

/*
 * Takes an observation of EVENT_STATE, EVENT_CONG, EVENT_SEEN, EVENT_DESTROY or
 * EVENT_LOST; others change nothing. begin_ns: of the interval that runs. Returns true when
 * a stay has ended whose length is exactly known, which is then in *stay.
 */
bool cong_times_take(struct cong_times *times,
		     const struct observation *observation, uint64_t begin_ns,
		     struct cong_stay *stay);

/* Counts time up to end_ns, for all sockets. */
void cong_times_count(struct cong_times *times, uint64_t end_ns);

/* How many sockets there are; sorts them by local port, then as they came. */
size_t cong_times_sort(struct cong_times *times);

/* The socket in that place, from 0; valid until the next cong_times_take(). */
const struct cong_time *cong_times_at(const struct cong_times *times,
				      size_t place);

/* The next interval begins: nothing is counted, closed sockets go. */
void cong_times_clear(struct cong_times *times);

#endif

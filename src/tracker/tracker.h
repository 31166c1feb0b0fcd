/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Follows sockets through their events and adds what a single event cannot
 * tell: how long the previous state lasted, who owns the socket, which life of
 * a reused address this is. No clock, no I/O: the same events always give the
 * same observations.
 */
#ifndef TRACKER_H
#define TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"
#include "reason.h"
#include "stuck_limits.h"
#include "tcpwatch/error.h"
#include "tcpwatch/event.h"

enum owner_source {
	OWNER_UNKNOWN,
	OWNER_LISTENER,         /* inherited; the child's own event replaces it */
	OWNER_SEED,             /* held the socket open before the watch */
	OWNER_EVENT             /* the socket's own event in task context */
};

struct owner {
	int32_t pid;            /* process, never a thread; 0 = not known */
	uint8_t source;         /* enum owner_source */
	bool followed;          /* the process belongs to tracker_follow() */
	char comm[EVENT_COMM_BYTES]; /* untrusted; all zero = not known */
};

/* One event with all that is known about it: what views see. */
struct observation {
	struct event event;
	uint64_t sock;          /* this life of the socket, 1, 2, ...; 0 = none */
	struct owner owner;
	struct span span;       /* STATE: stay in old_state; CONG: in cong; STUCK:
	                         * in old_state, up to now */
	uint8_t old_state;      /* enum tcp_state; what the event said; STUCK: the
	                         * state it is in */
	uint8_t cong;           /* enum cong_state: STATE, RETRANS: at that moment;
	                         * CONG: the state before. CONG_STATE_UNKNOWN */
	uint8_t why;            /* STATE: enum reason */
	uint8_t trigger;        /* STATE: enum reason_trigger */
	uint8_t class;          /* RETRANS: enum reason_class */
	uint32_t srtt_us, cwnd; /* of the socket's last sample; 0 = none came */
	bool inferred;          /* why, class: concluded, not what the kernel said */
};

/* The observation is borrowed until take() returns. */
struct observation_sink {
	void (*take)(void *context, const struct observation *observation);
	void *context;
};

struct tracker_options {
	size_t max_sockets;     /* > 0; beyond it the least recently seen goes */
	size_t max_tasks;       /* > 0; likewise for threads and their names */
	uint64_t since_ns;      /* all events later than this are delivered */
	unsigned int events;    /* EVENT_BIT set of the kinds that are delivered:
	                         * what nobody reports stays unknown */
	unsigned int shown;     /* EVENT_BIT set of kinds that give observations
	                         * only when they are in it: RESET, ERROR, SAMPLE,
	                         * TICK, SEEN, DESTROY, GONE, FRAME */
	struct stuck_limits stuck;
	uint64_t reason_wait_ns;/* how long, in event time, a row to CLOSE waits
	                         * for its reason, and later rows behind it */
	struct observation_sink sink;
};

struct tracker_counts {
	uint64_t events;        /* without TICK, TASK, SEEN, GONE, FRAME */
	uint64_t late;          /* came after a younger one was delivered */
	uint64_t lost;          /* sum of the known counts */
	bool lost_unknown;      /* ... and at least one loss without a count */
	uint64_t evicted;       /* wanted sockets forgotten for lack of room */
	uint64_t tasks_evicted;
	uint32_t sampled;       /* a sample stood for so many, at most; 0 = none */
	uint64_t hurried;       /* rows to CLOSE that could not wait: too many */
};

struct tracker;

/* NULL when memory is short; *err is set. */
struct tracker *tracker_new(const struct tracker_options *options,
			    struct error *err);

/* Accepts NULL. Rows still waiting are dropped: call tracker_finish() first. */
void tracker_free(struct tracker *tracker);

/*
 * Takes one event and gives the sink every observation that is now complete:
 * one for each STATE (but no-op ones), CONG (repeats included: views hide
 * them), RETRANS and LOST event, in event order, and for each of
 * tracker_options.shown whose socket is known; and a STUCK one, at a TICK, for
 * each socket that has been too long in its state. TASK gives none.
 * wanted: the event passes the user's endpoint filter. A socket none of whose
 * events in this life has passed is provisional: it gives no observations and
 * is the first to be evicted, unless it listens.
 */
void tracker_take(struct tracker *tracker, const struct event *event,
		  bool wanted);

/* The end of the events: whatever waits is given to the sink. */
void tracker_finish(struct tracker *tracker);

/* From now on process pid and all its descendants are followed. */
void tracker_follow(struct tracker *tracker, int32_t pid);

/* Valid until the next call on tracker. */
const struct tracker_counts *tracker_counts(const struct tracker *tracker);

#endif

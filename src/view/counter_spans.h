/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the kernel's counters are read, and which traced events belong between two
 * readings. Events come later than they happened: what an interval has is only
 * known when a tick says that nothing older is to come.
 */
#ifndef COUNTER_SPANS_H
#define COUNTER_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "interval.h"
#include "tracker/reason.h"
#include "tcpwatch/error.h"
#include "tcpwatch/tcp_counters.h"

/* In place of tcp_counters_read(). */
typedef int counter_spans_read_fn(struct tcp_counters *counters,
				  struct error *err);

/* What happened between two readings. */
struct counter_span {
	uint64_t begin_ns, end_ns;      /* CLOCK_MONOTONIC */
	struct tcp_counters grown;
	uint64_t traced[REASON_CLASS_COUNT];
};

struct counter_spans {
	counter_spans_read_fn *read;    /* NULL: the kernel's, from files */
	struct tcp_counters_files files;
	struct interval interval;
	struct tcp_counters first, base; /* of the run, of the interval that runs */
	struct tcp_counters edge;       /* its end, if that was reached */
	struct tcp_counters last;       /* of the run, if that is over */
	bool edge_reached, over;
	uint64_t seen[REASON_CLASS_COUNT];  /* retransmissions since base */
	uint64_t ahead[REASON_CLASS_COUNT]; /* since edge */
	uint64_t before[REASON_CLASS_COUNT]; /* in intervals that were told */
};

/* read: NULL = the kernel's counters. period_ns: of an interval, 0 = none. wanted:
 * intervals, 0 = no limit. */
void counter_spans_init(struct counter_spans *spans, counter_spans_read_fn *read,
			uint64_t period_ns, uint64_t wanted);

/* The run begins, and is over: reads the counters. After the first nothing needs to
 * be opened any more. 0, or -errno and *err. */
int counter_spans_begin(struct counter_spans *spans, struct error *err);
int counter_spans_end(struct counter_spans *spans, struct error *err);

/* A retransmission of that class, an enum reason_class. */
void counter_spans_add(struct counter_spans *spans, uint64_t time_ns,
		       uint8_t class);

/* Nothing older than now_ns is to come: 1 when an interval is complete and in
 * *span, else 0; -errno and *err. */
int counter_spans_tick(struct counter_spans *spans, uint64_t now_ns,
		       struct counter_span *span, struct error *err);

/* The run up to its end, or to now. 0, or -errno and *err. */
int counter_spans_whole(const struct counter_spans *spans,
			struct counter_span *span, struct error *err);

/* Accepts one that has not begun. */
void counter_spans_done(struct counter_spans *spans);

#endif

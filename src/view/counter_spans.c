/* SPDX-License-Identifier: BSD-2-Clause */
/* Readings and what lies between them; see counter_spans.h. */
#include "counter_spans.h"

#include <string.h>

void counter_spans_init(struct counter_spans *spans, counter_spans_read_fn *read,
			uint64_t period_ns, uint64_t wanted)
{
	*spans = (struct counter_spans){
		.read = read,
		.interval = { .period_ns = period_ns, .wanted = wanted },
	};
}

static int read_counters(const struct counter_spans *spans,
			 struct tcp_counters *counters, struct error *err)
{
	return spans->read ? spans->read(counters, err) :
			     tcp_counters_read(&spans->files, counters, err);
}

int counter_spans_begin(struct counter_spans *spans, struct error *err)
{
	int failed = spans->read ? 0 : tcp_counters_open(&spans->files, err);

	if (!failed)
		failed = read_counters(spans, &spans->first, err);
	if (failed)
		return failed;
	spans->base = spans->first;
	spans->interval.begin_ns = spans->first.at_ns;
	return 0;
}

/* Who has all intervals wants no moment more. */
int counter_spans_end(struct counter_spans *spans, struct error *err)
{
	int failed = 0;

	if (spans->over)
		return 0;
	if (interval_is_last(&spans->interval))
		spans->last = spans->base;
	else
		failed = read_counters(spans, &spans->last, err);
	spans->over = !failed;
	return failed;
}

void counter_spans_add(struct counter_spans *spans, uint64_t time_ns,
		       uint8_t class)
{
	if (time_ns < spans->first.at_ns ||
	    (spans->over && time_ns > spans->last.at_ns))
		return;
	if (spans->edge_reached && time_ns > spans->edge.at_ns)
		spans->ahead[class]++;
	else
		spans->seen[class]++;
}

static void end_interval(struct counter_spans *spans, struct counter_span *span)
{
	*span = (struct counter_span){
		.begin_ns = spans->base.at_ns,
		.end_ns = spans->edge.at_ns,
		.grown = tcp_counters_grown(&spans->base, &spans->edge),
	};
	memcpy(span->traced, spans->seen, sizeof(span->traced));
	for (size_t i = 0; i < REASON_CLASS_COUNT; i++)
		spans->before[i] += spans->seen[i];
	memcpy(spans->seen, spans->ahead, sizeof(spans->seen));
	memset(spans->ahead, 0, sizeof(spans->ahead));
	spans->base = spans->edge;
	spans->edge_reached = false;
	interval_next(&spans->interval);
	/* Edges that were slept through make no intervals of their own. */
	while (spans->interval.begin_ns + spans->interval.period_ns <=
	       spans->base.at_ns)
		spans->interval.begin_ns += spans->interval.period_ns;
}

int counter_spans_tick(struct counter_spans *spans, uint64_t now_ns,
		       struct counter_span *span, struct error *err)
{
	uint64_t end_ns;
	int failed;

	if (spans->over)
		return 0;
	if (spans->edge_reached) {
		if (now_ns < spans->edge.at_ns)
			return 0;
		end_interval(spans, span);
		return 1;
	}
	if (!interval_has_ended(&spans->interval, now_ns, &end_ns))
		return 0;
	failed = read_counters(spans, &spans->edge, err);
	spans->edge_reached = !failed;
	return failed;
}

int counter_spans_whole(const struct counter_spans *spans,
			struct counter_span *span, struct error *err)
{
	struct tcp_counters now = spans->last;
	int failed = spans->over ? 0 : read_counters(spans, &now, err);

	if (failed)
		return failed;
	*span = (struct counter_span){
		.begin_ns = spans->first.at_ns,
		.end_ns = now.at_ns,
		.grown = tcp_counters_grown(&spans->first, &now),
	};
	for (size_t i = 0; i < REASON_CLASS_COUNT; i++)
		span->traced[i] = spans->before[i] + spans->seen[i] +
				  spans->ahead[i];
	return 0;
}

void counter_spans_done(struct counter_spans *spans)
{
	tcp_counters_close(&spans->files);
}

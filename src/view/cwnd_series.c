/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps every sample until there is no more room, then every second one, and so
 * on. */
#include "cwnd_series.h"

#include <string.h>

#include "tcpwatch/tcp_state.h"

void cwnd_series_begin(struct cwnd_series *series, uint64_t sock)
{
	memset(series, 0, offsetof(struct cwnd_series, point));
	series->sock = sock;
	series->stride = 1;
}

static void thin_out(struct cwnd_series *series)
{
	for (size_t i = 0; i < CWND_POINTS_MAX / 2; i++)
		series->point[i] = series->point[2 * i];
	series->points = CWND_POINTS_MAX / 2;
	series->stride *= 2;
}

static void note_cong(struct cwnd_series *series, uint64_t time_ns, uint8_t cong)
{
	if (series->changes && series->change[series->changes - 1].cong == cong)
		return;
	if (series->changes == CWND_MARKS_MAX)
		series->unmarked++;
	else
		series->change[series->changes++] =
			(struct cwnd_change){ time_ns, cong };
}

static void take_sample(struct cwnd_series *series,
			const struct observation *observation)
{
	const struct event *event = &observation->event;
	const struct event_sample *sample = &event->sample;

	if (!series->samples++ && event->has & EVENT_HAS_ENDPOINTS) {
		series->local = event->local;
		series->remote = event->remote;
		series->family = event->family;
	}
	if (sample->mss)
		series->mss = sample->mss;
	series->end_ns = event->time_ns;
	note_cong(series, event->time_ns, observation->cong);
	if (series->points && ++series->skipped < series->stride)
		return;
	series->skipped = 0;
	if (series->points == CWND_POINTS_MAX)
		thin_out(series);
	series->point[series->points++] = (struct cwnd_point){
		.time_ns = event->time_ns,
		.cwnd = sample->cwnd,
		.ssthresh = sample->ssthresh,
		.in_flight = sample->snd_nxt - sample->snd_una,
		.srtt_us = sample->srtt_us,
	};
}

/* One that failed sent nothing. */
static void take_retrans(struct cwnd_series *series,
			 const struct observation *observation)
{
	if (observation->class == REASON_CLASS_FAILED)
		return;
	if (series->retransmissions == CWND_MARKS_MAX)
		series->unmarked++;
	else
		series->retransmission[series->retransmissions++] =
			observation->event.time_ns;
}

void cwnd_series_take(struct cwnd_series *series,
		      const struct observation *observation)
{
	switch (observation->event.kind) {
	case EVENT_SAMPLE:
		take_sample(series, observation);
		break;
	case EVENT_CONG:
		note_cong(series, observation->event.time_ns,
			  observation->event.cong.new_state);
		break;
	case EVENT_RETRANS:
		take_retrans(series, observation);
		break;
	}
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened to one socket over time, for a picture: bounded, with fewer
 * points the longer it lasts. */
#ifndef CWND_SERIES_H
#define CWND_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracker/tracker.h"

enum { CWND_POINTS_MAX = 8192, CWND_MARKS_MAX = 4096 };

struct cwnd_point {
	uint64_t time_ns;
	uint32_t cwnd, ssthresh;        /* segments */
	uint32_t in_flight;     /* bytes */
	uint32_t srtt_us;       /* 0 = none */
};

struct cwnd_change {            /* of the congestion state, or a mark */
	uint64_t time_ns;
	uint8_t cong;           /* enum cong_state */
};

struct cwnd_series {
	uint64_t sock;          /* 0 = unused */
	struct endpoint local, remote;
	uint8_t family;
	uint16_t mss;           /* 0 = not known */
	uint64_t samples;       /* that there were */
	uint64_t end_ns;        /* of the last of them */
	uint32_t stride;        /* one of so many became a point */
	uint32_t skipped;       /* since the last one that did */
	size_t points, changes, retransmissions;
	uint64_t unmarked;      /* changes and retransmissions without a place */
	struct cwnd_point point[CWND_POINTS_MAX];
	struct cwnd_change change[CWND_MARKS_MAX];
	uint64_t retransmission[CWND_MARKS_MAX];        /* times */
};

/* Empties it, for that socket. */
void cwnd_series_begin(struct cwnd_series *series, uint64_t sock);

/* A SAMPLE, CONG or RETRANS of its socket. */
void cwnd_series_take(struct cwnd_series *series,
		      const struct observation *observation);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* All CPUs of all instances of a recording, and its records in time order. */
#ifndef REPLAY_LANES_H
#define REPLAY_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dat.h"
#include "dat_lane.h"
#include "merge.h"
#include "tcpwatch/error.h"

struct replay_lanes {
	struct dat_lane *lanes;
	size_t count;
	struct merge merge;             /* one lane each, and one for the owner of
	                                 * this to use, behind them */
	size_t memory;                  /* that the lanes may still take */
	size_t buffers;                 /* instances that have pages */
	const char *clock;              /* of all lanes; dat's */
	bool left_out;                  /* instances with other clocks */
	bool cut;                       /* a lane's file ends before its pages */
	uint64_t first_ns;              /* of the oldest record; 0 = there is none */
};

/* The first instance that has pages says which clock counts; others are left
 * out. dat must live until close. 0 or -errno and *err. */
int replay_lanes_open(struct replay_lanes *lanes, const struct dat *dat,
		      struct error *err);
void replay_lanes_close(struct replay_lanes *lanes); /* accepts a zeroed one */

/* Goes to the next record of that lane. 0 or -errno and *err. */
int replay_lanes_advance(struct replay_lanes *lanes, size_t lane,
			 struct error *err);

#endif

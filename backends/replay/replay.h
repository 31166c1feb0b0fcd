/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording that is being replayed, as replay.c and replay_open.c share it. */
#ifndef REPLAY_H
#define REPLAY_H

#include "recording_ends.h"
#include "replay_lanes.h"
#include "replay_names.h"
#include "twins.h"
#include "sample_gate.h"
#include "tcpwatch/backend.h"

struct replay {
	struct backend base;
	struct dat dat;
	struct replay_lanes lanes;
	struct replay_names names;
	bool named;                     /* all names were given */
	struct event seen;              /* the next socket of the start-up dump */
	struct recording_ends ends;     /* last figures of sockets */
	struct event gone;              /* of the one that was destroyed last */
	bool gone_waits;                /* ... and still to be given */
	struct sample_gate samples;
	struct twins *twins;            /* NULL: there is one instance only */
	unsigned int wanted;            /* EVENT_BIT set to deliver */
	unsigned int events;            /* EVENT_BIT set that the file can give */
	uint64_t since_ns;
	uint64_t tick_ns;               /* of the last TICK */
	size_t drops_given;             /* of dat.drops, at the end */
	size_t ends_given;              /* lanes whose last loss was told */
	bool ended;
	char clock[40];
	char note[512];
};

/* Opens the file and fills in all but base. 0, or -errno with *err and nothing
 * left. */
int replay_open_file(struct replay *replay, const struct backend_options *options,
		     struct error *err);
/* Goes to the next socket of the start-up dump. */
void replay_next_seen(struct replay *replay);

void replay_close_file(struct replay *replay);

#endif

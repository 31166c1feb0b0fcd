/* SPDX-License-Identifier: BSD-2-Clause */
/* The diag backend's own: what opening, looking and reading share. */
#ifndef DIAG_H
#define DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "diag_clock.h"
#include "diag_dump.h"
#include "diag_gone.h"
#include "diag_looks.h"
#include "diag_names.h"
#include "diag_queue.h"
#include "lookup.h"
#include "socket/socket_owners.h"
#include "tcpwatch/backend.h"

enum { DIAG_NOTE_BYTES = 256 };

enum diag_stage {
	DIAG_STAGE_WAIT,
	DIAG_STAGE_READ,                /* the next piece of the list */
	DIAG_STAGE_OWNERS,              /* who holds what, for the piece in hand */
	DIAG_STAGE_TAKE,                /* the sockets of the piece in hand */
	DIAG_STAGE_SWEEP
};

struct diag {
	struct backend base;
	unsigned int events;            /* EVENT_BIT set that is delivered */
	uint64_t latency_ns, since_ns;
	int fd, timer_fd, dump_fd;      /* fd: epoll over the timer and the ends */
	struct diag_gone *gone;         /* NULL: the kernel does not tell */
	struct diag_query query;
	struct diag_dump dump;
	struct diag_piece piece;
	enum diag_stage stage;
	struct diag_clock clock;
	uint64_t look_cost_ns;          /* CPU time of the look so far */
	struct socket_owners *owners;
	bool owners_known;              /* the walk is over */
	uint64_t walk_cost_ns, walk_again_ns;
	struct diag_looks looks;
	struct diag_names names;
	struct lookup lookup;           /* in the keeper's copy */
	bool ticks;                     /* within each latency */
	bool slow_told;
	bool again;                     /* look as soon as that may be */
	bool stopped, last_begun, ended;
	char note[DIAG_NOTE_BYTES], slow_note[DIAG_NOTE_BYTES];
	struct diag_queue queue;
	uint8_t filter[DIAG_QUERY_FILTER_MAX];
	uint8_t room[DIAG_DUMP_ROOM];
};

/* diag_open.c: as their namesakes in struct backend_ops. */
int diag_probe(const struct backend_options *options, struct error *err);
struct backend *diag_open(const struct backend_options *options,
			  struct error *err);
void diag_close(struct backend *backend);

/* diag_step.c: a look begins. */
void diag_step_begin(struct diag *diag);

/* The same: one piece of work of a look; what it costs is counted where it
 * belongs. False when there is nothing to do. */
bool diag_step(struct diag *diag);

/* The same: events were lost, nobody knows how many. */
void diag_step_lost(struct diag *diag);

#endif

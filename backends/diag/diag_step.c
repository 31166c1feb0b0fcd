/* SPDX-License-Identifier: BSD-2-Clause */
/* A look at all sockets, in steps that are short enough for what else there is to
 * do. */
#include "diag.h"

#include <stdio.h>
#include <time.h>

#include "clock.h"

enum { WALK_SHARE = 20 };               /* of a CPU, for who holds what */

static uint64_t cost_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void tell_slow(struct diag *diag)
{
	if (diag->slow_told || diag->clock.period_ns <= diag->clock.wished_ns)
		return;
	snprintf(diag->slow_note, sizeof(diag->slow_note), "a look at all sockets "
		 "(%zu here) takes %.3g ms: there is one each %.3g s, so that they "
		 "cost no more than %d %% of a CPU", diag->looks.table.count,
		 (double)diag->look_cost_ns / 1e6,
		 (double)diag->clock.period_ns / 1e9, 100 / DIAG_CLOCK_SHARE);
	diag->slow_told = true;
}

static void end_look(struct diag *diag)
{
	diag_clock_set(&diag->clock, diag->looks.began_ns, diag->look_cost_ns);
	tell_slow(diag);
	if (diag->owners_known) {
		socket_owners_free(diag->owners);
		diag->owners = NULL;
		diag->owners_known = false;
	}
	if (diag->looks.refused)
		diag_step_lost(diag);
	diag->stage = DIAG_STAGE_WAIT;
}

static void read_piece(struct diag *diag)
{
	int ret = diag_dump_read(&diag->dump, diag->room, &diag->piece);

	if (ret > 0) {
		diag->stage = DIAG_STAGE_TAKE;
		return;
	}
	diag->stage = DIAG_STAGE_SWEEP;
	if (!ret)
		return;
	diag_looks_abandon(&diag->looks);
	diag_step_lost(diag);
	end_look(diag);
}

/* True when the walk over all processes has to come first. */
static bool needs_walk(struct diag *diag, const struct diag_socket *socket)
{
	if (diag->owners_known || !diag_looks_wants_owner(&diag->looks, socket) ||
	    clock_monotonic_ns() < diag->walk_again_ns)
		return false;
	diag->owners = socket_owners_new(diag->names.keeper);
	diag->walk_cost_ns = 0;
	return diag->owners;
}

static int32_t owner_of(struct diag *diag, const struct diag_socket *socket)
{
	int32_t tgid;

	if (!diag->owners_known || !diag_looks_wants_owner(&diag->looks, socket))
		return 0;
	tgid = socket_owners_find(diag->owners, socket->inode);
	if (tgid)
		diag_names_tell(&diag->names, &diag->queue, tgid,
				diag->piece.until_ns);
	return tgid;
}

static void take_piece(struct diag *diag)
{
	while (diag_queue_room(&diag->queue) >
	       DIAG_LOOKS_EVENTS + DIAG_NAMES_ANCESTORS) {
		const struct diag_reader here = diag->piece.reader;
		struct diag_message message;

		if (!diag_dump_next(&diag->piece, &message)) {
			diag->stage = DIAG_STAGE_READ;
			return;
		}
		if (needs_walk(diag, &message.socket)) {
			diag->piece.reader = here;
			diag->stage = DIAG_STAGE_OWNERS;
			return;
		}
		diag_looks_take(&diag->looks, &(struct diag_look){
			.socket = &message.socket,
			.from_ns = diag->piece.from_ns,
			.until_ns = diag->piece.until_ns,
			.tgid = owner_of(diag, &message.socket),
			.asked = diag->owners_known,
		});
	}
}

static void walk(struct diag *diag)
{
	if (socket_owners_step(diag->owners))
		return;
	diag->owners_known = true;
	diag_names_renew(&diag->names);
	diag->walk_again_ns = clock_monotonic_ns() +
			      diag->walk_cost_ns * WALK_SHARE;
	diag->stage = DIAG_STAGE_TAKE;
}

static bool is_due(const struct diag *diag)
{
	return diag->stopped ? !diag->last_begun :
			       clock_monotonic_ns() >= diag->clock.next_ns;
}

void diag_step_lost(struct diag *diag)
{
	diag_queue_push(&diag->queue, &(struct event){
		.time_ns = clock_monotonic_ns(),
		.kind = EVENT_LOST,
		.has = EVENT_HAS_BOUNDS,
	}, 1);
}

void diag_step_begin(struct diag *diag)
{
	diag->look_cost_ns = 0;
	diag_looks_begin(&diag->looks, clock_monotonic_ns());
	diag_dump_init(&diag->dump, diag->dump_fd, &diag->query);
	diag->stage = DIAG_STAGE_READ;
}

bool diag_step(struct diag *diag)
{
	uint64_t before_ns = cost_ns();
	bool walks = diag->stage == DIAG_STAGE_OWNERS;

	switch (diag->stage) {
	case DIAG_STAGE_WAIT:
		if (!is_due(diag))
			return false;
		diag_step_begin(diag);
		diag->last_begun = diag->stopped;
		break;
	case DIAG_STAGE_READ:
		read_piece(diag);
		break;
	case DIAG_STAGE_OWNERS:
		walk(diag);
		break;
	case DIAG_STAGE_TAKE:
		take_piece(diag);
		break;
	case DIAG_STAGE_SWEEP:
		if (diag_looks_sweep(&diag->looks, clock_monotonic_ns()))
			end_look(diag);
		break;
	}
	*(walks ? &diag->walk_cost_ns : &diag->look_cost_ns) +=
		cost_ns() - before_ns;
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of the processes that hold sockets, and whose children they are, as
 * /proc has them: nothing tells of a fork here. */
#ifndef DIAG_NAMES_H
#define DIAG_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "diag_queue.h"
#include "tcpwatch/keeper.h"

enum { DIAG_NAMES_TOLD = 1024, DIAG_NAMES_ANCESTORS = 16 };

struct diag_names {
	const struct keeper *keeper;    /* who reads /proc; NULL: we do */
	uint32_t round;                 /* each process is told once in it */
	struct {
		int32_t tgid;
		uint32_t round;
	} told[DIAG_NAMES_TOLD];        /* by the id's last bits */
};

/* The name and the parent of that process. False when it is gone. */
bool diag_names_read(struct keeper_task *process, int32_t tgid);

/* Names may have changed: all will be told again. */
void diag_names_renew(struct diag_names *names);

/* Puts an EVENT_TASK_FORKED of that process into the queue, behind those of its
 * ancestors; nothing if it is told already, or gone. Room for
 * DIAG_NAMES_ANCESTORS must be there. */
void diag_names_tell(struct diag_names *names, struct diag_queue *queue,
		     int32_t tgid, uint64_t time_ns);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that keeps the rights while this one reads and prints. It does
 * nothing but answer the questions of tcpwatch/keeper.h, and ends with us, however
 * we end: then it undoes what was changed in the kernel.
 */
#ifndef KEEPER_PROCESS_H
#define KEEPER_PROCESS_H

#include <sys/types.h>

#include "output/output.h"
#include "process/command.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/keeper.h"

struct keeper_duty {
	struct backend *backend;        /* opened, has read nothing */
	struct output *output;
	const char *path;               /* of the output; NULL: it has none */
	const char *metrics;            /* their file; NULL: none */
	struct command *command;
};

struct keeper_process {         /* zero-initialise */
	struct keeper keeper;           /* whom to ask; while pid is not 0 */
	pid_t pid;
	int fd;
};

/* Forks it off. Not to be moved afterwards. 0 or -errno and *err. */
int keeper_process_open(struct keeper_process *process,
			const struct keeper_duty *duty, struct error *err);

/* After all that was opened of the backend here is closed: returns when the keeper
 * has closed it, too; tells the user when it was killed. Accepts a zeroed object. */
void keeper_process_close(struct keeper_process *process);

#endif

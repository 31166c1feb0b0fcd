/* SPDX-License-Identifier: BSD-2-Clause */
/* The command behind "--": forked before anything is opened, started once
 * every event is on, so that nothing of it is missed. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>

#include <sys/types.h>

#include "tcpwatch/error.h"
#include "tcpwatch/keeper.h"

struct command {
	pid_t pid;              /* 0 = there is no command */
	int gate_fd;            /* the child waits at its other end */
	bool signalled;         /* a signal was passed on to it */
	bool ended;
	int exit_code;          /* its own, or 128 + signal, once it ended */
};

/* Forks the child, which waits. argv: NULL-terminated. 0 or -errno, *err. */
int command_fork(struct command *command, char **argv, struct error *err);

/* Lets the child run argv; a second call does nothing. */
void command_start(struct command *command);

/* Without blocking: true once the command has ended. */
bool command_reap(struct command *command);

/* Passes a signal on to a command that still runs; 0: it has it already. keeper:
 * who has the right to; NULL: we do. */
void command_signal(struct command *command, int number,
		    const struct keeper *keeper);

/* Ends a child that was never started. Accepts a zeroed object. */
void command_done(struct command *command);

#endif

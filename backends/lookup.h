/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper looks up for a source that gave up its rights: processes, who
 * holds which socket, sock_diag in other network namespaces. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include "process_walk.h"
#include "socket/socket_owners.h"
#include "tcpwatch/keeper.h"

struct lookup {                 /* zero-initialise */
	struct process_walk *walk;
	struct socket_owners *owners;
	int (*open)(void *context);     /* lists sockets; NULL: sock_diag */
	void *context;
};

/* Answers as backend_ops.serve(); -EINVAL to what is none of these questions. */
void lookup_serve(struct lookup *lookup, const struct keeper_request *request,
		  struct keeper_answer *answer, int *fd);

void lookup_done(struct lookup *lookup);        /* accepts zeroed; may go on */

#endif

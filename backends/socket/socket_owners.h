/* SPDX-License-Identifier: BSD-2-Clause */
/* One walk over the open files of all processes, step by step: which of them
 * holds which socket, and which network namespaces there are. */
#ifndef SOCKET_OWNERS_H
#define SOCKET_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/keeper.h"

struct socket_owners;

/* keeper: who walks, until free; NULL: we do. NULL when memory is short or /proc
 * cannot be read. */
struct socket_owners *socket_owners_new(const struct keeper *keeper);
void socket_owners_free(struct socket_owners *owners);  /* accepts NULL */

/* Goes on for some dozen files. False when all have been looked at, from then
 * on owners can be asked for. */
bool socket_owners_step(struct socket_owners *owners);

/* The process that holds the socket with that inode: where several do, the
 * first that is not init, which hands on sockets that it opened for others. 0
 * when none was found. Only after the last step. */
int32_t socket_owners_find(const struct socket_owners *owners, uint32_t inode);

/* The same, and as which of its files; *file is set when there is one. */
int32_t socket_owners_find_file(const struct socket_owners *owners,
				uint32_t inode, int32_t *file);

/* Processes or sockets were passed over for lack of memory or room. */
bool socket_owners_are_incomplete(const struct socket_owners *owners);

/* In how many network namespaces processes live, but for that of this thread. */
size_t socket_owners_namespaces(const struct socket_owners *owners);

/* What open(context) gives with this thread in one of these, 1 to
 * socket_owners_namespaces(): a descriptor or -errno. Not by a keeper. */
int socket_owners_open_in(const struct socket_owners *owners, size_t namespace,
			  int (*open)(void *context), void *context);

/* Hands over what was found so far, and forgets it; returns how many. For the
 * keeper: instead of socket_owners_find(). */
uint32_t socket_owners_take(struct socket_owners *owners,
			    struct keeper_holder *holders, uint32_t room);

#endif

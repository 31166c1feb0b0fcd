/* SPDX-License-Identifier: BSD-2-Clause */
/* Lives of sockets that are known from a list and not by an event. */
#ifndef SOCKET_LIVES_SEEN_H
#define SOCKET_LIVES_SEEN_H

#include <stdbool.h>

#include "socket_lives.h"
#include "socket_table.h"
#include "tcpwatch/event.h"

/*
 * Takes an EVENT_SEEN. The entry of the socket that it shows, which perhaps is
 * new, has its cookie and, if it listens, passes its owner on; NULL when there
 * is none: a mark, a socket that the user does not want, one that may have
 * ended, or one that cannot be told from another.
 */
struct socket_entry *socket_lives_seen(struct socket_lives *lives,
				       const struct event *event, bool wanted);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The last figures of sockets, as sock_diag tells them to whoever listens when
 * a socket's memory goes away: those of this thread's network namespace. */
#ifndef DIAG_GONE_H
#define DIAG_GONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

struct diag_gone;

/* NULL and errno when the kernel does not tell, or memory is short. */
struct diag_gone *diag_gone_open(void);
void diag_gone_close(struct diag_gone *gone);   /* accepts NULL */

/* Readable when there is something to read. */
int diag_gone_fd(const struct diag_gone *gone);

/* Reads what there is, as far as there is room. */
void diag_gone_read(struct diag_gone *gone);

/* As socket_seed_peek() and socket_seed_drop(): the events are EVENT_GONE, of the
 * time at which they were read. */
const struct event *diag_gone_peek(const struct diag_gone *gone);
void diag_gone_drop(struct diag_gone *gone);

/* The kernel has dropped some: we were too slow. */
bool diag_gone_is_incomplete(const struct diag_gone *gone);

/* The same, but of what was dropped since it was asked for last. */
bool diag_gone_take_loss(struct diag_gone *gone);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What this process may do, and giving it up. */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include "tcpwatch/error.h"

/*
 * Gives up everything that descriptors already open do not need: all
 * capabilities, any way to get them back by exec, and root's user and group ids
 * for those of nobody where that is possible. For good; before threads are
 * made. 0 or -errno and *err.
 */
int privileges_drop(struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Where tracefs is on this host; mounted for us alone where it is nowhere. */
#ifndef TRACE_MOUNT_H
#define TRACE_MOUNT_H

#include <stdbool.h>

#include "tcpwatch/error.h"

/*
 * The folder that tracefs is mounted on: static text, or NULL with the reason
 * and the remedy in *err. Changes nothing. With *err untouched and NULL
 * returned it is simply not mounted.
 */
const char *trace_mount_find(struct error *err);

/*
 * As trace_mount_find(), but where tracefs is not mounted it is mounted in a
 * mount namespace of this process's own, which goes away with the process.
 * *mounted says whether that was needed.
 */
const char *trace_mount_get(bool *mounted, struct error *err);

#endif

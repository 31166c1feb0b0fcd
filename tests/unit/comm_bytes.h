/* SPDX-License-Identifier: BSD-2-Clause */
/* A process name as the kernel hands it on: bytes without an end of their own. */
#ifndef COMM_BYTES_H
#define COMM_BYTES_H

#include <stddef.h>

#include "tcpwatch/event.h"

/*
 * Takes name's bytes, EVENT_COMM_BYTES at most, into bytes, which was zeroed. A
 * loop, as gcc 12 warns of strnlen() over a literal shorter than its bound
 * (-Wstringop-overread, at -O1 alone).
 */
static inline void comm_bytes(char bytes[EVENT_COMM_BYTES], const char *name)
{
	for (size_t i = 0; i < EVENT_COMM_BYTES && name[i]; i++)
		bytes[i] = name[i];
}

#endif

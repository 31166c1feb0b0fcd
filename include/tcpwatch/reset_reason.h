/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why the kernel says that it sent a reset (enum sk_rst_reason, since 6.11).
 * Its numbers differ between kernels: an event carries ours, by the name.
 */
#ifndef TCPWATCH_RESET_REASON_H
#define TCPWATCH_RESET_REASON_H

#include <stddef.h>
#include <stdint.h>

enum { RESET_REASON_NONE, RESET_REASON_UNNAMED = UINT8_MAX };

/* Our number of the kernel's name, as its trace format spells it;
 * RESET_REASON_UNNAMED when this build does not know it. */
uint8_t reset_reason_find(const char *name, size_t length);

/* The kernel's name; "UNKNOWN" for RESET_REASON_UNNAMED and beyond, NULL for
 * RESET_REASON_NONE. Static text. */
const char *reset_reason_name(unsigned int reason);

#endif

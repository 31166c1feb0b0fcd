/* SPDX-License-Identifier: BSD-2-Clause */
/* The clocks that backends live by. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

uint64_t clock_monotonic_ns(void);

/* CLOCK_MONOTONIC plus this is wall time; it follows the wall clock's steps. */
int64_t clock_wall_offset_ns(void);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of what happened to one socket. */
#ifndef CWND_DRAWING_H
#define CWND_DRAWING_H

#include <stdio.h>

#include "cwnd_series.h"

/* As SVG, all of it; series has at least one point. Failures are the file's: ask
 * ferror(). */
void cwnd_drawing_write(FILE *file, const struct cwnd_series *series);

#endif

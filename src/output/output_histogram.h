/* SPDX-License-Identifier: BSD-2-Clause */
/* A row's histogram as bcc's tools draw it, for the table. */
#ifndef OUTPUT_HISTOGRAM_H
#define OUTPUT_HISTOGRAM_H

#include "output.h"

/* row->histogram is there. */
void output_histogram_row(struct output *output, const struct row *row);

#endif

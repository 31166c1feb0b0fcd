/* SPDX-License-Identifier: BSD-2-Clause */
/* How samples are to be taken or counted, from all options together. */
#ifndef OPTIONS_SAMPLES_H
#define OPTIONS_SAMPLES_H

#include "options.h"
#include "tcpwatch/error.h"

/* Settles options->samples once all options are known. 0, or -EINVAL and *err
 * when what was asked for cannot be. */
int options_samples_settle(struct options *options, struct error *err);

#endif

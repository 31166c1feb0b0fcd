/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command report does besides showing rows. */
#ifndef REPORT_H
#define REPORT_H

#include "options.h"
#include "tcpwatch/error.h"

/* Prints what is in the recording. 0 or -errno and *err. */
int report_info(const struct options *options, struct error *err);

/* Makes the recording whole if it was cut short, and says so. 0 or -errno and
 * *err. */
int report_recover(const struct options *options, struct error *err);

#endif

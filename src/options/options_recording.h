/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes together in the options of record and report. */
#ifndef OPTIONS_RECORDING_H
#define OPTIONS_RECORDING_H

#include "options.h"
#include "tcpwatch/error.h"

/* Once all is read: fills in what was not given. 0, or -EINVAL and *err. */
int options_recording_settle_record(struct options *options, struct error *err);
int options_recording_settle_report(struct options *options, struct error *err);

#endif

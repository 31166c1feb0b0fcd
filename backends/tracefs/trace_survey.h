/* SPDX-License-Identifier: BSD-2-Clause */
/* What tracefs has for us here: the mount, our rights, events and their fields,
 * hist triggers. */
#ifndef TRACE_SURVEY_H
#define TRACE_SURVEY_H

#include "tcpwatch/survey.h"

/* Of this host. Where tracefs is not mounted it is mounted for this process
 * alone, as a watch would do it. */
void trace_survey(const struct survey_sink *sink);

/* Of the tracefs at that folder: all but the mount. */
void trace_survey_folder(const char *tracing_dir,
			 const struct survey_sink *sink);

#endif

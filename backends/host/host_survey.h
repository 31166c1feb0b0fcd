/* SPDX-License-Identifier: BSD-2-Clause */
/* What the host is, whichever backend works there: kernel, lockdown, our
 * capabilities, a container around us. */
#ifndef HOST_SURVEY_H
#define HOST_SURVEY_H

#include <stdbool.h>

#include "tcpwatch/survey.h"

struct host_survey {
	const char *root;       /* in front of every path; "" = this host */
	bool foreign_pids;      /* we are inside a PID namespace */
};

void host_survey_run(const struct host_survey *host,
		     const struct survey_sink *sink);

#endif

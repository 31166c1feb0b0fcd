/* SPDX-License-Identifier: BSD-2-Clause */
/* What sock_diag tells here: the sockets, the end of each, and whose they are. */
#ifndef DIAG_SURVEY_H
#define DIAG_SURVEY_H

#include "tcpwatch/survey.h"

void diag_survey(const struct survey_sink *sink);

#endif

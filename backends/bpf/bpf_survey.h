/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel lets us do by BPF, by trying it. */
#ifndef BPF_SURVEY_H
#define BPF_SURVEY_H

#include "tcpwatch/survey.h"

void bpf_survey(const struct survey_sink *sink);

#endif

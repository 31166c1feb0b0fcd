/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the text formats a scraper asks for. */
#ifndef METRICS_ACCEPT_H
#define METRICS_ACCEPT_H

#include "metrics_text.h"

/* The format that an Accept header (NULL: there is none) likes best: OpenMetrics
 * only when it is asked for by name. */
enum metrics_format metrics_accept_best(const char *accept);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* HTTP for metrics: what the process that serves them does. */
#ifndef METRICS_HTTP_H
#define METRICS_HTTP_H

#include <stdbool.h>

#include "tcpwatch/error.h"

/* Whether this build can do it. */
extern const bool metrics_http_is_built;

/* Serves what comes to listen_fd, asking by link_fd (metrics_server.h), until
 * that has no other end any more. begun() is called once it serves. 0 or -errno
 * and *err. */
int metrics_http_run(int listen_fd, int link_fd, void (*begun)(int link_fd),
		     struct error *err);

#endif

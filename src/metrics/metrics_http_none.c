/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of metrics_http.c where there is no libmicrohttpd. */
#include "metrics_http.h"

#include <errno.h>

const bool metrics_http_is_built = false;

int metrics_http_run(int listen_fd, int link_fd, void (*begun)(int link_fd),
		     struct error *err)
{
	(void)listen_fd;
	(void)link_fd;
	(void)begun;
	return error_set(err, ENOTSUP, "this build cannot serve HTTP");
}

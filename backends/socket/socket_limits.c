/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/sys/net shows each reader its own network namespace. */
#include "tcpwatch/socket_limits.h"

#include <stdio.h>
#include <stdlib.h>

#include "small_file.h"

enum { RETRIES_MAX = 255 };     /* the kernel counts them in a byte */

static uint32_t number(const char *name, uint32_t otherwise)
{
	char path[64], text[24];
	long value;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/tcp_%s", name);
	if (!small_file_read(path, text, sizeof(text)))
		return otherwise;
	value = strtol(text, NULL, 10);
	return value < 0 || value > INT32_MAX ? otherwise : (uint32_t)value;
}

static uint32_t retries(const char *name, uint32_t otherwise)
{
	uint32_t set = number(name, otherwise);

	return set < RETRIES_MAX ? set : RETRIES_MAX;
}

void socket_limits_read(struct socket_limits *limits)
{
	*limits = (struct socket_limits){
		.retries = retries("retries2", 15),
		.orphan_retries = retries("orphan_retries", 0),
		.syn_retries = retries("syn_retries", 6),
		.syn_linear_timeouts = retries("syn_linear_timeouts", 0),
		.synack_retries = retries("synack_retries", 5),
		.rto_max_ms = number("rto_max_ms", 120000),
		.keepalive_idle_s = number("keepalive_time", 7200),
		.keepalive_interval_s = number("keepalive_intvl", 75),
		.keepalive_count = number("keepalive_probes", 9),
	};
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/sys/net shows each reader its own network namespace. */
#include "tcpwatch/socket_limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RETRIES_MAX = 255 };     /* the kernel counts them in a byte */

static uint32_t number(const char *name, uint32_t otherwise)
{
	char path[64], text[24];
	ssize_t length;
	long value;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/tcp_%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return otherwise;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return otherwise;
	text[length] = '\0';
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process of its own that serves metrics by HTTP and may do nothing else: it
 * has no privileges, and no descriptors but those it serves with. It asks for
 * each exposition by a message of fixed size and gets a file in memory back, so
 * that nothing a scraper sends ever reaches the process that watches.
 */
#ifndef METRICS_SERVER_H
#define METRICS_SERVER_H

#include <stddef.h>

#include <sys/types.h>

#include "metrics_text.h"
#include "tcpwatch/error.h"

struct metrics_server {
	int fd;                 /* readable: it asks, or has ended */
	pid_t pid;
};

/* Listens at that address (metrics_address.h) and forks. 0 once it serves, or
 * -errno and *err. */
int metrics_server_open(struct metrics_server *server, const char *address,
			struct error *err);

/* 1 and *format: it asks; 0: it does not; -errno and *err: it has ended. */
int metrics_server_request(const struct metrics_server *server,
			   enum metrics_format *format, struct error *err);

/* What it asked for. Never blocks; failing, it answers nothing: scrapers get an
 * error, and may ask again. */
void metrics_server_answer(const struct metrics_server *server,
			   const char *bytes, size_t length);

/* Ends it. Accepts one whose fd is negative. */
void metrics_server_close(struct metrics_server *server);

/* The other side: a descriptor of the exposition, or -1. */
int metrics_server_ask(int link_fd, enum metrics_format format);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses to listen at; see metrics_address.h. */
#include "metrics_address.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>

enum { HOST_BYTES = 64, BACKLOG = 16 };

static int wrong(const char *text, struct error *err)
{
	return error_set(err, EINVAL, "'%.60s' is no address to listen at; use "
			 "127.0.0.1:9417, [::1]:9417, or 9417 for loopback",
			 text);
}

/* The digits from there on; 0 when they are no port. */
static in_port_t parse_port(const char *text)
{
	unsigned long port;

	if (!text[0] || strspn(text, "0123456789") != strlen(text) ||
	    strlen(text) > 5)
		return 0;
	port = strtoul(text, NULL, 10);
	return port <= UINT16_MAX ? htons((uint16_t)port) : 0;
}

static bool set_ipv6(struct metrics_address *address, const char *host,
		     in_port_t port)
{
	address->ipv6.sin6_family = AF_INET6;
	address->ipv6.sin6_port = port;
	return inet_pton(AF_INET6, host, &address->ipv6.sin6_addr) == 1;
}

static bool set_ipv4(struct metrics_address *address, const char *host,
		     in_port_t port)
{
	address->ipv4.sin_family = AF_INET;
	address->ipv4.sin_port = port;
	return inet_pton(AF_INET, host[0] ? host : "127.0.0.1",
			 &address->ipv4.sin_addr) == 1;
}

int metrics_address_parse(struct metrics_address *address, const char *text,
			  struct error *err)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	in_port_t port = parse_port(colon ? colon + 1 : text);
	struct metrics_address parsed = { 0 };
	char host[HOST_BYTES];
	bool is_ipv6, right;

	if (!port || length >= sizeof(host))
		return wrong(text, err);
	memcpy(host, text, length);
	host[length] = '\0';
	is_ipv6 = length > 2 && host[0] == '[' && host[length - 1] == ']';
	if (is_ipv6)
		host[length - 1] = '\0';
	right = is_ipv6 ? set_ipv6(&parsed, host + 1, port) :
			  set_ipv4(&parsed, host, port);
	if (!right)
		return wrong(text, err);
	*address = parsed;
	return 0;
}

static int listen_at(int fd, const struct metrics_address *address)
{
	const int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	return bind(fd, &address->any, address->any.sa_family == AF_INET6 ?
		    sizeof(address->ipv6) : sizeof(address->ipv4)) ||
	       listen(fd, BACKLOG) ? errno : 0;
}

int metrics_address_listen(const char *text, struct error *err)
{
	struct metrics_address address;
	int ret = metrics_address_parse(&address, text, err);
	int fd, code;

	if (ret)
		return ret;
	fd = socket(address.any.sa_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	code = fd < 0 ? errno : listen_at(fd, &address);
	if (!code)
		return fd;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "--listen: cannot listen at '%s': %s%s", text,
			 strerror(code), code == EADDRINUSE ?
			 "; use another port" : "");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets for the load generator, without a way to fail quietly. */
#include "load_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static socklen_t address_length(const union load_address *address)
{
	return address->any.sa_family == AF_INET ? sizeof(address->ipv4) :
						   sizeof(address->ipv6);
}

void load_socket_fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	_exit(1);
}

int load_socket_new(const union load_address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		load_socket_fail("socket");
	return fd;
}

int load_socket_listen(union load_address *address)
{
	int fd = load_socket_new(address);
	socklen_t length = sizeof(*address);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &address->any, address_length(address)))
		load_socket_fail("bind");
	if (listen(fd, 4096))
		load_socket_fail("listen");
	if (getsockname(fd, &address->any, &length))
		load_socket_fail("getsockname");
	return fd;
}

void load_socket_bind_source(int fd, unsigned int n)
{
	struct sockaddr_in source = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + n),
	};
	int on = 1;

	if (setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&source, sizeof(source)))
		load_socket_fail("bind to a source address");
}

void load_socket_bind_port(int fd, const union load_address *remote)
{
	union load_address local = { .any.sa_family = remote->any.sa_family };

	if (bind(fd, &local.any, address_length(&local)))
		load_socket_fail("bind to a source port");
}

int load_socket_connect(int fd, const union load_address *remote)
{
	return connect(fd, &remote->any, address_length(remote)) ? errno : 0;
}

int load_socket_accept(int fd)
{
	int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (accepted < 0)
		load_socket_fail("accept");
	return accepted;
}

void load_socket_send(int fd)
{
	static const char message[LOAD_SOCKET_MESSAGE_BYTES] = "tcpwatch";

	if (send(fd, message, sizeof(message), MSG_NOSIGNAL) != sizeof(message))
		load_socket_fail("send");
}

void load_socket_receive(int fd)
{
	char message[LOAD_SOCKET_MESSAGE_BYTES];

	if (recv(fd, message, sizeof(message), MSG_WAITALL) != sizeof(message))
		load_socket_fail("receive");
}

void load_socket_wait_end(int fd, bool reset_allowed)
{
	char byte;
	ssize_t got = recv(fd, &byte, 1, 0);

	if (got == 0 || (got < 0 && errno == ECONNRESET && reset_allowed))
		return;
	load_socket_fail("the other end did not close as it should");
}

void load_socket_wait_stdin(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

void load_socket_describe(const union load_address *address,
			  struct load_socket_text *text)
{
	const void *binary = &address->ipv4.sin_addr;

	if (address->any.sa_family == AF_INET6)
		binary = &address->ipv6.sin6_addr;
	if (!inet_ntop(address->any.sa_family, binary, text->address,
		       sizeof(text->address)))
		load_socket_fail("inet_ntop");
	snprintf(text->port, sizeof(text->port), "%u",
		 ntohs(address->ipv4.sin_port));
}

void load_socket_list(int fd, const union load_address *remote)
{
	struct load_socket_text local_text, remote_text;
	union load_address local;
	socklen_t length = sizeof(local);
	char comm[17] = "";

	if (getsockname(fd, &local.any, &length))
		load_socket_fail("getsockname");
	load_socket_describe(&local, &local_text);
	load_socket_describe(remote, &remote_text);
	prctl(PR_GET_NAME, comm);
	dprintf(STDOUT_FILENO, "%s %s %s %s %d %s\n", local_text.address,
		local_text.port, remote_text.address, remote_text.port,
		getpid(), comm);
}

void load_socket_ready(const union load_address *address)
{
	struct load_socket_text text;

	load_socket_describe(address, &text);
	dprintf(STDOUT_FILENO, "ready %s %s %d\n", text.address, text.port,
		getpid());
}

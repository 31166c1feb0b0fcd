/* SPDX-License-Identifier: BSD-2-Clause */
/* Load with one end in this process: a server, or clients of one elsewhere. */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "load_socket.h"

enum { SERVER_FDS_MAX = 65536 };

struct server {
	const struct load_options *options;
	int listener, epoll;
	unsigned int finished;
	bool answered[SERVER_FDS_MAX];  /* by fd */
};

static void server_watch(struct server *server, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event))
		load_socket_fail("epoll_ctl");
}

static void server_end(struct server *server, int fd)
{
	close(fd);
	server->finished++;
}

/* The first message is answered, whatever follows is thrown away. */
static void server_read(struct server *server, int fd)
{
	static char bytes[65536];
	ssize_t got;

	if (!server->answered[fd]) {
		load_socket_receive(fd);
		load_socket_send(fd);
		server->answered[fd] = true;
		if (server->options->server_closes) {
			shutdown(fd, SHUT_WR);
			load_socket_wait_end(fd, false);
			server_end(server, fd);
		}
		return;
	}
	got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (got == 0 || (got < 0 && errno != EAGAIN))
		server_end(server, fd);
}

static void server_accept(struct server *server)
{
	int fd = load_socket_accept(server->listener);

	if (fd >= SERVER_FDS_MAX) {
		errno = EMFILE;
		load_socket_fail("accept");
	}
	server->answered[fd] = false;
	server_watch(server, fd);
}

int load_remote_server(const struct load_options *options)
{
	static struct server server;
	union load_address address = options->address;
	struct epoll_event events[64];
	int count;

	server.options = options;
	server.listener = load_socket_listen(&address);
	server.epoll = epoll_create1(EPOLL_CLOEXEC);
	server_watch(&server, server.listener);
	load_socket_ready(&address);
	while (server.finished < options->count) {
		count = epoll_wait(server.epoll, events, 64, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.fd == server.listener)
				server_accept(&server);
			else
				server_read(&server, events[i].data.fd);
		}
	}
	return 0;
}

static int connect_or_fail(const struct load_options *options)
{
	int fd = load_socket_new(&options->address);

	errno = load_socket_connect(fd, &options->address);
	if (errno)
		load_socket_fail("connect");
	if (options->list)
		load_socket_list(fd, &options->address);
	load_socket_send(fd);
	load_socket_receive(fd);
	return fd;
}

int load_remote_client(const struct load_options *options)
{
	for (unsigned int n = 0; n < options->count; n++) {
		int fd = connect_or_fail(options);

		if (options->server_closes)
			load_socket_wait_end(fd, false);
		close(fd);
	}
	return 0;
}

/* The port is chosen before connect(): a socket that gave up has none. */
int load_remote_timeout(const struct load_options *options)
{
	for (unsigned int n = 0; n < options->count; n++) {
		int fd = load_socket_new(&options->address);
		struct pollfd wait = { .fd = fd, .events = POLLOUT };

		load_socket_bind_port(fd, &options->address);
		if (options->list)
			load_socket_list(fd, &options->address);
		fcntl(fd, F_SETFL, O_NONBLOCK);
		if (load_socket_connect(fd, &options->address) != EINPROGRESS)
			load_socket_fail("connect did not wait");
		if (poll(&wait, 1, (int)options->timeout_ms))
			load_socket_fail("connect did not time out");
		close(fd);
	}
	return 0;
}

int load_remote_bulk(const struct load_options *options)
{
	static const char bytes[65536];
	unsigned long long left = options->bytes;
	struct timespec start, end;
	int fd = connect_or_fail(options);
	double seconds;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (left) {
		size_t part = left < sizeof(bytes) ? left : sizeof(bytes);
		ssize_t sent = send(fd, bytes, part, MSG_NOSIGNAL);

		if (sent <= 0)
			load_socket_fail("send");
		left -= (unsigned long long)sent;
	}
	if (options->hold)
		load_socket_wait_stdin();
	shutdown(fd, SHUT_WR);
	load_socket_wait_end(fd, false);
	close(fd);
	clock_gettime(CLOCK_MONOTONIC, &end);
	seconds = (double)(end.tv_sec - start.tv_sec) +
		(double)(end.tv_nsec - start.tv_nsec) / 1e9;
	if (!options->list)
		printf("%llu bytes in %.3f s, %.1f MB/s\n", options->bytes,
		       seconds, (double)options->bytes / seconds / 1e6);
	return 0;
}

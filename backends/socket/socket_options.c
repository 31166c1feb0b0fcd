/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a copy of another process's socket for its options (5.6 on). */
#include "tcpwatch/socket_limits.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* The copy, closed on exec, or -errno. */
static int copy(int32_t tgid, int32_t file)
{
	int process = (int)syscall(SYS_pidfd_open, tgid, 0);
	int fd, error;

	if (process < 0)
		return -errno;
	fd = (int)syscall(SYS_pidfd_getfd, process, file, 0);
	error = errno;
	close(process);
	return fd < 0 ? -error : fd;
}

/* The number may be another file's by now. */
static bool is_the_same(int fd, uint64_t cookie)
{
	uint64_t own = 0;
	socklen_t length = sizeof(own);

	return !getsockopt(fd, SOL_SOCKET, SO_COOKIE, &own, &length) &&
	       own == cookie;
}

static uint32_t ask(int fd, int level, int option)
{
	int value = 0;
	socklen_t length = sizeof(value);

	return getsockopt(fd, level, option, &value, &length) || value < 0 ?
		0 : (uint32_t)value;
}

int socket_options_read(const struct socket_status *status,
			struct socket_options *options)
{
	int fd;

	if (!status->tgid)
		return -ESRCH;
	fd = copy(status->tgid, status->file);
	if (fd < 0)
		return fd == -EBADF ? -ESRCH : fd;
	if (!is_the_same(fd, status->cookie)) {
		close(fd);
		return -ESRCH;
	}
	*options = (struct socket_options){
		.keepalive = ask(fd, SOL_SOCKET, SO_KEEPALIVE),
		.keep_idle_s = ask(fd, IPPROTO_TCP, TCP_KEEPIDLE),
		.keep_interval_s = ask(fd, IPPROTO_TCP, TCP_KEEPINTVL),
		.keep_count = ask(fd, IPPROTO_TCP, TCP_KEEPCNT),
		.user_timeout_ms = ask(fd, IPPROTO_TCP, TCP_USER_TIMEOUT),
		.defer_accept_s = ask(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT),
		.syn_retries = ask(fd, IPPROTO_TCP, TCP_SYNCNT),
	};
	close(fd);
	return 0;
}

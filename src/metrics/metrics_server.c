/* SPDX-License-Identifier: BSD-2-Clause */
/* Both ends of the link between who watches and who serves. */
#include "metrics_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "metrics_address.h"
#include "metrics_http.h"
#include "process/privileges.h"
#include "process/signals.h"

enum {
	ANSWER_WAIT_MS = 5000,
	KEPT_LISTEN = STDERR_FILENO + 1,        /* in the process that serves */
	KEPT_LINK,
	KEPT_END,
	DESCRIPTORS_MAX = 1 << 16
};

/* What asks and what answers is one byte; as is the word that it serves. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int metrics_server_ask(int link_fd, enum metrics_format format)
{
	struct pollfd answer = { .fd = link_fd, .events = POLLIN };
	union control control;
	char byte = (char)format;
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	/* An answer that came too late for who asked before. */
	while (recv(link_fd, &byte, 1, MSG_DONTWAIT) > 0)
		;
	byte = (char)format;
	if (send(link_fd, &byte, 1, MSG_NOSIGNAL) != 1 ||
	    poll(&answer, 1, ANSWER_WAIT_MS) != 1 ||
	    recvmsg(link_fd, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static void send_file(int link_fd, int fd)
{
	union control control = {
		.header = {
			.cmsg_len = CMSG_LEN(sizeof(fd)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		},
	};
	char byte = 0;
	struct iovec bytes = { &byte, 1 };
	const struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	sendmsg(link_fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void metrics_server_answer(const struct metrics_server *server,
			   const char *bytes, size_t length)
{
	int fd = memfd_create("metrics", MFD_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, bytes, length) == (ssize_t)length)
		send_file(server->fd, fd);
	close(fd);
}

int metrics_server_request(const struct metrics_server *server,
			   enum metrics_format *format, struct error *err)
{
	char byte;
	ssize_t length = recv(server->fd, &byte, 1, MSG_DONTWAIT);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length != 1)
		return error_set(err, EPIPE, "the process that serves metrics has "
				 "ended; start tcpwatch again");
	*format = byte == METRICS_FORMAT_OPENMETRICS ?
		  METRICS_FORMAT_OPENMETRICS : METRICS_FORMAT_TEXT;
	return 1;
}

static void close_from(int first)
{
	/* Linux 5.9 */
	if (!syscall(SYS_close_range, first, ~0U, 0))
		return;
	for (int fd = first; fd < DESCRIPTORS_MAX; fd++)
		close(fd);
}

/* The two in fixed places, and stderr; whoever reads our output is not to wait
 * for another process. */
static void keep_descriptors(int listen_fd, int link_fd)
{
	int high = fcntl(link_fd, F_DUPFD, KEPT_END);
	int nothing = open("/dev/null", O_RDWR);

	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	dup2(listen_fd, KEPT_LISTEN);
	dup2(high, KEPT_LINK);
	close_from(KEPT_END);
}

/* It ends when the link does; what ends all of a group or a service at once must
 * not end it first. */
static void ignore_signals(void)
{
	static const int ignored[] = {
		SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM,
		SIGPIPE
	};

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
}

static void tell_begun(int link_fd)
{
	if (send(link_fd, "", 1, MSG_NOSIGNAL) != 1)
		_exit(1);
}

/* Whatever fails is said by whoever waits for it to begin. */
__attribute__((noreturn))
static void serve(int listen_fd, int link_fd)
{
	struct error err = { 0 };

	ignore_signals();
	keep_descriptors(listen_fd, link_fd);
	if (!privileges_drop(&err)) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_DUMPABLE, 0);
		metrics_http_run(KEPT_LISTEN, KEPT_LINK, tell_begun, &err);
	}
	if (err.code)
		send(KEPT_LINK, &err, sizeof(err), MSG_NOSIGNAL);
	_exit(err.code ? 1 : 0);
}

/* Its first message is a byte, or why it does not serve. */
static int wait_until_begun(int fd, struct error *err)
{
	struct error failure = { 0 };
	ssize_t length;

	do {
		length = recv(fd, &failure, sizeof(failure), 0);
	} while (length < 0 && errno == EINTR && !signals_stopping());
	if (length == 1)
		return 0;
	if (length == sizeof(failure) && failure.code)
		return error_set(err, failure.code, "--listen: %s", failure.text);
	return error_set(err, EIO, "--listen: the process that is to serve ended "
			 "at once");
}

static int start(struct metrics_server *server, int listen_fd,
		 struct error *err)
{
	int link[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link))
		return error_set(err, errno, "--listen: %s", strerror(errno));
	server->pid = fork();
	if (server->pid == 0) {
		close(link[0]);
		serve(listen_fd, link[1]);
	}
	close(link[1]);
	server->fd = link[0];
	if (server->pid < 0)
		return error_set(err, errno, "--listen: cannot fork: %s",
				 strerror(errno));
	return wait_until_begun(server->fd, err);
}

int metrics_server_open(struct metrics_server *server, const char *address,
			struct error *err)
{
	int listen_fd = metrics_address_listen(address, err), ret;

	*server = (struct metrics_server){ .fd = -1 };
	if (listen_fd < 0)
		return listen_fd;
	ret = start(server, listen_fd, err);
	close(listen_fd);
	if (ret)
		metrics_server_close(server);
	return ret;
}

void metrics_server_close(struct metrics_server *server)
{
	if (server->fd < 0)
		return;
	close(server->fd);
	if (server->pid > 0)
		waitpid(server->pid, NULL, 0);
	server->fd = -1;
}

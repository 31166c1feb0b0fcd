/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays a scene: each word is a step of a socket, "c:connect", or of the whole,
 * "sleep=500". A socket is a letter. Steps with a value that names an error
 * expect that error; all others must succeed.
 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load_socket.h"

enum {
	SLICE_BYTES = 3000, SLICE_MS = 100      /* 30 KB a second */
};

struct act {
	union load_address address;
	int sockets[128];       /* by letter */
	int *fd;                /* of the step at hand */
	const char *value;      /* behind "=", or "" */
};

static const char request[] = "GET / HTTP/1.0\r\n\r\n";
static const char response[] = "HTTP/1.0 200 OK\r\n\r\n";

static int error_of(const char *name)
{
	static const struct {
		const char *name;
		int error;
	} errors[] = {
		{ "", 0 }, { "refused", ECONNREFUSED }, { "reset", ECONNRESET },
		{ "timed-out", ETIMEDOUT }, { "aborted", ECONNABORTED },
		{ "no-host", EHOSTUNREACH }, { "no-net", ENETUNREACH },
		{ "pipe", EPIPE }, { "under-way", EINPROGRESS },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (!strcmp(errors[i].name, name))
			return errors[i].error;
	errno = EINVAL;
	load_socket_fail(name);
}

static void expect(const char *what, const char *name, int error)
{
	if (error == error_of(name))
		return;
	errno = error;
	load_socket_fail(what);
}

static void set(const struct act *act, int level, int option, int value)
{
	if (setsockopt(*act->fd, level, option, &value, sizeof(value)))
		load_socket_fail("setsockopt");
}

static void do_listen(struct act *act)
{
	*act->fd = load_socket_listen(&act->address);
}

static void do_bind(struct act *act)
{
	union load_address source = act->address;

	*act->fd = load_socket_new(&source);
	source.ipv4.sin_port = htons((in_port_t)atoi(act->value));
	set(act, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(*act->fd, &source.any, sizeof(source)))
		load_socket_fail("bind");
}

static void do_connect(struct act *act)
{
	if (*act->fd < 0)
		*act->fd = load_socket_new(&act->address);
	if (!strcmp(act->value, "under-way")) {
		close(*act->fd);
		*act->fd = socket(act->address.any.sa_family,
				  SOCK_STREAM | SOCK_NONBLOCK, 0);
	}
	expect("connect", act->value,
	       load_socket_connect(*act->fd, &act->address));
}

/* The value is the listener's letter. */
static void do_accept(struct act *act)
{
	*act->fd = load_socket_accept(act->sockets[(act->value[0]) & 127]);
}

static void send_all(int fd, const char *bytes, size_t length)
{
	if (send(fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
		load_socket_fail("send");
}

/* As much as a loopback takes at once. */
static void do_send(struct act *act)
{
	static const char bytes[65536];

	send_all(*act->fd, bytes, (size_t)atoi(act->value) % sizeof(bytes));
}

static void do_trickle(struct act *act)
{
	static const char bytes[SLICE_BYTES];

	for (int left = atoi(act->value); left > 0; left -= SLICE_BYTES) {
		send_all(*act->fd, bytes, sizeof(bytes));
		usleep(SLICE_MS * 1000);
	}
}

static void do_get(struct act *act)
{
	send_all(*act->fd, request, sizeof(request) - 1);
}

static void do_answer(struct act *act)
{
	char bytes[sizeof(request) - 1];

	if (recv(*act->fd, bytes, sizeof(bytes), MSG_WAITALL) != sizeof(bytes))
		load_socket_fail("request");
	send_all(*act->fd, response, sizeof(response) - 1);
}

/* Reads to the end, or to the error that the value names. */
static void do_end(struct act *act)
{
	char bytes[4096];
	ssize_t got;

	do {
		got = recv(*act->fd, bytes, sizeof(bytes), 0);
	} while (got > 0);
	expect("receive", act->value, got < 0 ? errno : 0);
}

static void do_readable(struct act *act)
{
	struct pollfd wait = { .fd = *act->fd, .events = POLLIN };

	if (poll(&wait, 1, -1) != 1)
		load_socket_fail("poll");
}

static void do_shutdown(struct act *act)
{
	if (shutdown(*act->fd, SHUT_WR))
		load_socket_fail("shutdown");
}

static void do_close(struct act *act)
{
	close(*act->fd);
	*act->fd = -1;
}

static void do_abort(struct act *act)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(*act->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)))
		load_socket_fail("SO_LINGER");
	do_close(act);
}

static void do_disconnect(struct act *act)
{
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	if (connect(*act->fd, &nowhere, sizeof(nowhere)))
		load_socket_fail("disconnect");
}

static void do_keepalive(struct act *act)
{
	set(act, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set(act, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set(act, IPPROTO_TCP, TCP_KEEPCNT, atoi(act->value));
	set(act, SOL_SOCKET, SO_KEEPALIVE, 1);
}

/* What was announced to the peer still holds. */
static void do_rcvbuf(struct act *act)
{
	set(act, SOL_SOCKET, SO_RCVBUF, atoi(act->value));
}

static void do_user_timeout(struct act *act)
{
	set(act, IPPROTO_TCP, TCP_USER_TIMEOUT, atoi(act->value));
}

static void do_defer_accept(struct act *act)
{
	set(act, IPPROTO_TCP, TCP_DEFER_ACCEPT, atoi(act->value));
}

static void do_linger2(struct act *act)
{
	set(act, IPPROTO_TCP, TCP_LINGER2, atoi(act->value));
}

static void do_sleep(struct act *act)
{
	usleep((useconds_t)atoi(act->value) * 1000);
}

/* Runs a command of the shell: what is to happen between two steps. */
static void do_run(struct act *act)
{
	if (system(act->value)) {
		errno = ECANCELED;
		load_socket_fail(act->value);
	}
}

static void do_say(struct act *act)
{
	dprintf(STDOUT_FILENO, "%s\n", act->value);
}

static const struct step {
	const char *name;
	void (*run)(struct act *act);
} steps[] = {
	{ "listen", do_listen }, { "bind", do_bind }, { "connect", do_connect },
	{ "accept", do_accept }, { "send", do_send }, { "trickle", do_trickle },
	{ "get", do_get }, { "answer", do_answer }, { "end", do_end },
	{ "readable", do_readable }, { "shutdown", do_shutdown },
	{ "close", do_close }, { "abort", do_abort },
	{ "disconnect", do_disconnect }, { "keepalive", do_keepalive },
	{ "user-timeout", do_user_timeout }, { "linger2", do_linger2 },
	{ "defer-accept", do_defer_accept }, { "rcvbuf", do_rcvbuf },
	{ "sleep", do_sleep }, { "run", do_run }, { "say", do_say },
};

static void play(struct act *act, const char *word)
{
	const char *name = word;
	size_t length;

	act->fd = NULL;
	if (word[0] && word[1] == ':') {
		act->fd = &act->sockets[word[0] & 127];
		name += 2;
	}
	length = strcspn(name, "=");
	act->value = name[length] ? name + length + 1 : "";
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (strlen(steps[i].name) != length ||
		    strncmp(steps[i].name, name, length))
			continue;
		steps[i].run(act);
		return;
	}
	errno = EINVAL;
	load_socket_fail(word);
}

int load_act(const struct load_options *options)
{
	struct act act = { .address = options->address };

	memset(act.sockets, -1, sizeof(act.sockets));
	for (char **word = options->words; *word; word++)
		play(&act, *word);
	return 0;
}

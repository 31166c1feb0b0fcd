/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes, a terminal and a folder that is watched; see child.h. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { GIVE_UP_MS = 20000, END_MS = 5000 };

uint64_t child_now_ns(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now))
		return 0;
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void child_fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void take_terminal(const char *terminal)
{
	int fd;

	setsid();
	fd = open(terminal, O_RDWR);
	if (fd < 0)
		child_fail(terminal);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

/* A shell's background jobs ignore SIGINT, which many tools are ended by. */
pid_t child_start(char **command, const char *terminal)
{
	pid_t pid = fork();

	if (pid < 0)
		child_fail("fork");
	if (pid)
		return pid;
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	if (terminal)
		take_terminal(terminal);
	execvp(command[0], command);
	child_fail(command[0]);
}

int child_terminal(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (terminal < 0 || grantpt(terminal) || unlockpt(terminal))
		child_fail("terminal");
	return terminal;
}

bool child_wait_text(int terminal, const char *text)
{
	const uint64_t give_up_ns = child_now_ns() + GIVE_UP_MS * 1000000ull;
	static char seen[65536];
	size_t used = 0;

	while (child_now_ns() < give_up_ns) {
		struct pollfd readable = { .fd = terminal, .events = POLLIN };
		ssize_t got;

		if (poll(&readable, 1, 100) <= 0)
			continue;
		/* Keep a tail in which the text may have begun. */
		if (used > sizeof(seen) / 2) {
			memmove(seen, seen + used - 256, 256);
			used = 256;
		}
		got = read(terminal, seen + used, sizeof(seen) - 1 - used);
		if (got <= 0)
			return false;
		used += (size_t)got;
		if (memmem(seen, used, text, strlen(text)))
			return true;
	}
	return false;
}

int child_expect_file(const char *path)
{
	const char *name = strrchr(path, '/');
	char folder[4096];
	int fd = inotify_init1(IN_CLOEXEC);

	snprintf(folder, sizeof(folder), "%.*s", name ? (int)(name - path) : 1,
		 name ? path : ".");
	if (fd < 0 || inotify_add_watch(fd, folder, IN_MOVED_TO) < 0)
		child_fail(folder);
	return fd;
}

/* Reads what the kernel tells of the folder; true when that file is named. */
static bool is_there(int expected, const char *path)
{
	const char *name = strrchr(path, '/');
	union {
		struct inotify_event event;
		char bytes[4096];
	} told;
	ssize_t length = read(expected, &told, sizeof(told));
	const struct inotify_event *event;

	name = name ? name + 1 : path;
	for (ssize_t at = 0; at < length;
	     at += (ssize_t)(sizeof(*event) + event->len)) {
		event = (const void *)(told.bytes + at);
		if (event->len && !strcmp(event->name, name))
			return true;
	}
	return false;
}

bool child_wait_file(int expected, const char *path, pid_t pid)
{
	const uint64_t give_up_ns = child_now_ns() + GIVE_UP_MS * 1000000ull;
	struct pollfd waited[] = {
		{ .fd = expected, .events = POLLIN },
		{ .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN },
	};
	bool met = false;

	while (!met && child_now_ns() < give_up_ns &&
	       poll(waited, 2, GIVE_UP_MS) > 0) {
		met = waited[0].revents && is_there(expected, path);
		if (waited[1].revents)
			break;
	}
	if (waited[1].fd >= 0)
		close(waited[1].fd);
	return met;
}

pid_t child_parent_of(const char *pid)
{
	char path[64], text[512];
	const char *name_end;
	ssize_t length = -1;
	int fd, parent = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		length = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	if (length <= 0)
		return 0;
	text[length] = '\0';
	name_end = strrchr(text, ')');  /* the name may hold anything */
	if (!name_end || sscanf(name_end + 1, " %*c %d", &parent) != 1)
		return 0;
	return parent;
}

/* It may wait for us to read. */
void child_end(pid_t pid, int terminal)
{
	const uint64_t give_up_ns = child_now_ns() + END_MS * 1000000ull;
	char rest[4096];

	kill(pid, SIGINT);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		struct pollfd readable = { .fd = terminal, .events = POLLIN };

		if (poll(&readable, 1, 1) > 0 &&
		    read(terminal, rest, sizeof(rest)) <= 0)
			poll(NULL, 0, 1);
		if (child_now_ns() > give_up_ns)
			kill(pid, SIGKILL);
	}
}

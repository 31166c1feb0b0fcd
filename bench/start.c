/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How soon tcpwatch watches and what memory it takes then, for bench-start.sh:
 *   start exit CMD...        us from exec until CMD has ended
 *   start watch FILE CMD...  us from exec until FILE, CMD's ready file, is there;
 *                            until it shows a connection that is made then; and in
 *                            KiB VmRSS and VmHWM of CMD, the same of the process
 *                            that it started, and Pss of both
 */
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "child.h"

/* On 127.0.0.1, at a port that the kernel chooses. */
static int listen_here(struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (fd < 0 || bind(fd, (struct sockaddr *)address, length) ||
	    listen(fd, 1) || getsockname(fd, (struct sockaddr *)address, &length))
		child_fail("listen");
	return fd;
}

static void connect_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		child_fail("connect");
	close(fd);
}

/* The figure behind that name in a file of /proc/PID, in KiB; 0 = none. */
static unsigned long figure(pid_t pid, const char *name, const char *label)
{
	char path[64], line[256];
	unsigned long found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, label, strlen(label)))
			found = strtoul(line + strlen(label), NULL, 10);
	if (file)
		fclose(file);
	return found;
}

/* The process that pid has started; 0 = none. */
static pid_t started_by(pid_t pid)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (folder && !found && (entry = readdir(folder)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    child_parent_of(entry->d_name) == pid)
			found = (pid_t)atoi(entry->d_name);
	if (folder)
		closedir(folder);
	return found;
}

static void print_memory(pid_t pid)
{
	const pid_t keeper = started_by(pid);

	printf(" %lu %lu %lu %lu %lu\n", figure(pid, "status", "VmRSS:"),
	       figure(pid, "status", "VmHWM:"),
	       figure(keeper, "status", "VmRSS:"),
	       figure(keeper, "status", "VmHWM:"),
	       figure(pid, "smaps_rollup", "Pss:") +
	       figure(keeper, "smaps_rollup", "Pss:"));
}

static uint64_t since_us(uint64_t start_ns)
{
	return (child_now_ns() - start_ns) / 1000;
}

static int end_of(char **command)
{
	const uint64_t start_ns = child_now_ns();
	const pid_t pid = child_start(command, "/dev/null");
	int status;

	if (waitpid(pid, &status, 0) < 0)
		child_fail("wait");
	printf("%" PRIu64 "\n", since_us(start_ns));
	return status ? 1 : 0;
}

static int watch(const char *path, char **command)
{
	struct sockaddr_in address;
	const int listener = listen_here(&address);
	const int terminal = child_terminal(), expected = child_expect_file(path);
	const uint64_t start_ns = child_now_ns();
	const pid_t pid = child_start(command, ptsname(terminal));
	uint64_t ready_us;
	char row[64];
	bool shown = false;

	snprintf(row, sizeof(row), "127.0.0.1:%u", ntohs(address.sin_port));
	if (child_wait_file(expected, path, pid)) {
		ready_us = since_us(start_ns);
		connect_to(&address);
		shown = child_wait_text(terminal, row);
	}
	if (shown) {
		printf("%" PRIu64 " %" PRIu64, ready_us, since_us(start_ns));
		print_memory(pid);
	}
	child_end(pid, terminal);
	close(listener);
	return shown ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "exit"))
		return end_of(argv + 2);
	if (argc > 3 && !strcmp(argv[1], "watch"))
		return watch(argv[2], argv + 3);
	fputs("start exit CMD... | watch FILE CMD...\n", stderr);
	return 2;
}

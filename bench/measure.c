/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program costs and how soon it is ready, for bench.sh:
 *   measure run FILE CMD...     runs CMD and leaves in FILE its CPU time (us,
 *                               its children's included), its peak RSS (KiB)
 *                               and its exit status
 *   measure cpu PID             CPU time (us) of PID and its descendants so far
 *   measure first TEXT CMD...   ms from exec to the first output with TEXT in it,
 *                               on a terminal, then ends CMD
 *   measure appear FILE CMD...  ms from exec until FILE is renamed to be there, then
 *                               ends CMD
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include "child.h"

static volatile pid_t child;

static void forward(int number)
{
	if (child > 0)
		kill(child, number);
}

static uint64_t microseconds(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

static int run(const char *path, char **command)
{
	const struct sigaction action = { .sa_handler = forward };
	struct rusage usage;
	FILE *file;
	int status;

	/* Before the fork: the child's exec undoes it. */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	child = child_start(command, NULL);
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			child_fail("wait4");
	file = fopen(path, "w");
	if (!file)
		child_fail(path);
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	fprintf(file, "%llu %ld %d\n",
		(unsigned long long)(microseconds(&usage.ru_utime) +
				     microseconds(&usage.ru_stime)),
		usage.ru_maxrss, status);
	return fclose(file) ? 1 : 0;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now))
		return 0;
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* A process's own clock counts its threads, but not its children. */
static uint64_t tree_ns(pid_t pid)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	uint64_t sum = 0;
	clockid_t clock;

	if (!clock_getcpuclockid(pid, &clock))
		sum = clock_ns(clock);
	while (folder && (entry = readdir(folder)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    child_parent_of(entry->d_name) == pid)
			sum += tree_ns((pid_t)atoi(entry->d_name));
	if (folder)
		closedir(folder);
	return sum;
}

static int report(bool met, uint64_t start_ns)
{
	uint64_t end_ns = child_now_ns();

	if (met)
		printf("%.1f\n", (double)(end_ns - start_ns) / 1e6);
	fflush(stdout);
	return met ? 0 : 1;
}

static int first(const char *text, char **command)
{
	int terminal = child_terminal();
	uint64_t start_ns = child_now_ns();
	int status;

	child = child_start(command, ptsname(terminal));
	status = report(child_wait_text(terminal, text), start_ns);
	child_end(child, terminal);
	return status;
}

static int appear(const char *path, char **command)
{
	int expected = child_expect_file(path);
	uint64_t start_ns = child_now_ns();
	int status;

	child = child_start(command, "/dev/null");
	status = report(child_wait_file(expected, path, child), start_ns);
	child_end(child, -1);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "cpu")) {
		printf("%llu\n",
		       (unsigned long long)(tree_ns(atoi(argv[2])) / 1000));
		return 0;
	}
	if (argc > 3 && !strcmp(argv[1], "run"))
		return run(argv[2], argv + 3);
	if (argc > 3 && !strcmp(argv[1], "first"))
		return first(argv[2], argv + 3);
	if (argc > 3 && !strcmp(argv[1], "appear"))
		return appear(argv[2], argv + 3);
	fputs("measure run FILE CMD... | cpu PID | first TEXT CMD... | "
	      "appear FILE CMD...\n", stderr);
	return 2;
}

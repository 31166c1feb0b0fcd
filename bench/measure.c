/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program costs and how soon it is ready, for bench.sh:
 *   measure run FILE CMD...     runs CMD and leaves in FILE its CPU time (us,
 *                               its children's included), its peak RSS (KiB)
 *                               and its exit status
 *   measure cpu PID             CPU time (us) of PID and its descendants so far
 *   measure first TEXT CMD...   ms from exec to the first output with TEXT in it,
 *                               on a terminal, then ends CMD
 *   measure appear FILE CMD...  ms from exec until FILE is there, then ends CMD
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

enum { GIVE_UP_MS = 20000, END_MS = 5000, STEP_NS = 200 * 1000 };

static volatile pid_t child;

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now))
		return 0;
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static void fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void sleep_step(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = STEP_NS }, NULL);
}

/* Starts the command; terminal: what it reads and writes, or NULL for ours. A
 * shell's background jobs ignore SIGINT, which many tools are ended by. */
static void start(char **command, const char *terminal)
{
	child = fork();
	if (child < 0)
		fail("fork");
	if (child)
		return;
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	if (terminal) {
		int fd;

		setsid();
		fd = open(terminal, O_RDWR);
		if (fd < 0)
			fail(terminal);
		dup2(fd, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		close(fd);
	}
	execvp(command[0], command);
	fail(command[0]);
}

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
	start(command, NULL);
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			fail("wait4");
	file = fopen(path, "w");
	if (!file)
		fail(path);
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	fprintf(file, "%llu %ld %d\n",
		(unsigned long long)(microseconds(&usage.ru_utime) +
				     microseconds(&usage.ru_stime)),
		usage.ru_maxrss, status);
	return fclose(file) ? 1 : 0;
}

/* 0 when there is no such process. */
static pid_t parent_of(const char *pid)
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
		    parent_of(entry->d_name) == pid)
			sum += tree_ns((pid_t)atoi(entry->d_name));
	if (folder)
		closedir(folder);
	return sum;
}

/* Reads what comes until text is in it; false when it ends or takes too long. */
static bool wait_for_text(int terminal, const char *text, uint64_t give_up_ns)
{
	static char seen[65536];
	size_t used = 0;

	while (now_ns() < give_up_ns) {
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

/* Ends the command and takes what it still has to say, lest it wait for us. */
static void end(int terminal)
{
	uint64_t give_up_ns = now_ns() + END_MS * 1000000ull;
	char rest[4096];

	kill(child, SIGINT);
	while (waitpid(child, NULL, WNOHANG) == 0) {
		struct pollfd readable = { .fd = terminal, .events = POLLIN };

		if (terminal < 0 || poll(&readable, 1, 1) <= 0 ||
		    read(terminal, rest, sizeof(rest)) <= 0)
			sleep_step();
		if (now_ns() > give_up_ns)
			kill(child, SIGKILL);
	}
}

static int report(bool met, uint64_t start_ns)
{
	uint64_t end_ns = now_ns();

	if (met)
		printf("%.1f\n", (double)(end_ns - start_ns) / 1e6);
	fflush(stdout);
	return met ? 0 : 1;
}

static int first(const char *text, char **command)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	uint64_t start_ns = now_ns();
	int status;
	bool met;

	if (terminal < 0 || grantpt(terminal) || unlockpt(terminal))
		fail("terminal");
	start(command, ptsname(terminal));
	met = wait_for_text(terminal, text, start_ns + GIVE_UP_MS * 1000000ull);
	status = report(met, start_ns);
	end(terminal);
	return status;
}

static int appear(const char *path, char **command)
{
	uint64_t start_ns = now_ns();
	bool met = false;
	int status;

	unlink(path);
	start(command, "/dev/null");
	while (!met && now_ns() < start_ns + GIVE_UP_MS * 1000000ull) {
		sleep_step();
		met = access(path, F_OK) == 0;
	}
	status = report(met, start_ns);
	end(-1);
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

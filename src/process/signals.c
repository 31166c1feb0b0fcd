/* SPDX-License-Identifier: BSD-2-Clause */
/* Signal handlers that note and wake; see signals.h. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/time.h>

static volatile sig_atomic_t came;      /* SIGNALS_*, taken by the loop */
static volatile sig_atomic_t stopping;  /* never reset */
static volatile sig_atomic_t stopped_by;
static volatile sig_atomic_t excepted;  /* a child */
static int wake_fd = -1;

static struct {
	int number;
	unsigned int bit;               /* 0: ignored */
	struct sigaction before;
} handled[] = {
	{ .number = SIGINT, .bit = SIGNALS_STOP },
	{ .number = SIGTERM, .bit = SIGNALS_STOP },
	{ .number = SIGQUIT, .bit = SIGNALS_STOP },
	{ .number = SIGUSR1, .bit = SIGNALS_REPORT },
	{ .number = SIGUSR2, .bit = SIGNALS_STOP },
	{ .number = SIGHUP, .bit = SIGNALS_HANGUP },
	{ .number = SIGCHLD, .bit = SIGNALS_CHILD },
	{ .number = SIGALRM, .bit = SIGNALS_TIME },
	{ .number = SIGPIPE },          /* writes fail with EPIPE, */
	{ .number = SIGXFSZ },          /* or EFBIG */
};

enum { HANDLED = sizeof(handled) / sizeof(handled[0]) };

static unsigned int bit_of(int number)
{
	for (size_t i = 0; i < HANDLED; i++)
		if (handled[i].number == number)
			return handled[i].bit;
	return 0;
}

/*
 * The alarm closes a race: a signal that comes just before a blocking write
 * would not interrupt it. Every second from the first reason to stop on another
 * one does.
 */
static void note(int number, siginfo_t *info, void *context)
{
	const uint64_t one = 1;
	unsigned int bit = bit_of(number);
	int saved = errno;

	(void)context;
	if (bit == SIGNALS_CHILD && info->si_pid == (pid_t)excepted)
		return;
	/* No other of ours runs meanwhile: sa_mask holds them all. */
	if (!(bit == SIGNALS_TIME && stopping))
		came = came | (sig_atomic_t)bit;
	if (bit == SIGNALS_STOP)
		stopped_by = info->si_code == SI_KERNEL ? 0 : number;
	if (bit != SIGNALS_HANGUP && bit != SIGNALS_REPORT) {
		stopping = 1;
		alarm(1);
	}
	if (write(wake_fd, &one, sizeof(one)) < 0)
		errno = saved;          /* its counter is full: it is readable */
	errno = saved;
}

static void fill_mask(sigset_t *mask)
{
	sigemptyset(mask);
	for (size_t i = 0; i < HANDLED; i++)
		sigaddset(mask, handled[i].number);
}

/* Of what we were started with ignored only SIGHUP stays so (nohup): a shell
 * without job control ignores SIGINT and SIGQUIT for all that it starts with &,
 * and a script must be able to end us with kill -INT. */
int signals_open(struct error *err)
{
	/* Without SA_RESTART: a write that waits for its reader returns. */
	struct sigaction action = {
		.sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_NOCLDSTOP
	};
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return error_set(err, errno, "cannot wait for signals: %s",
				 strerror(errno));
	fill_mask(&action.sa_mask);
	for (size_t i = 0; i < HANDLED; i++) {
		int number = handled[i].number;

		sigaction(number, NULL, &handled[i].before);
		if (!handled[i].bit)
			sigaction(number, &ignore, NULL);
		else if (number != SIGHUP ||
			 handled[i].before.sa_handler != SIG_IGN)
			sigaction(number, &action, NULL);
	}
	return wake_fd;
}

void signals_except(pid_t child)
{
	excepted = (sig_atomic_t)child;
}

unsigned int signals_take(void)
{
	sigset_t all, before;
	uint64_t count;
	unsigned int taken;

	if (read(wake_fd, &count, sizeof(count)) < 0)
		return 0;
	fill_mask(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	taken = (unsigned int)came;
	came = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return taken;
}

void signals_set_limit(uint64_t limit_ns)
{
	const struct itimerval limit = {
		.it_value.tv_sec = (time_t)(limit_ns / 1000000000),
		.it_value.tv_usec = (suseconds_t)(limit_ns % 1000000000 / 1000),
	};

	setitimer(ITIMER_REAL, &limit, NULL);
}

bool signals_stopping(void)
{
	return stopping;
}

int signals_stopped_by(void)
{
	return stopped_by;
}

bool signals_stop_by(int number)
{
	return bit_of(number) == SIGNALS_STOP;
}

void signals_ignore_pipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

void signals_ignore(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i].number, &ignore, NULL);
}

void signals_restore(void)
{
	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i].number, &handled[i].before, NULL);
}

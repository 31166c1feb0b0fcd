/* SPDX-License-Identifier: BSD-2-Clause */
/* Signal handlers that note and wake; see signals.h. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <sys/eventfd.h>

static volatile sig_atomic_t came;      /* SIGNALS_* */
static volatile sig_atomic_t stopped_by;
static int wake_fd = -1;

static const struct {
	int number;
	unsigned int bit;
} handled[] = {
	{ SIGINT, SIGNALS_STOP },
	{ SIGTERM, SIGNALS_STOP },
	{ SIGHUP, SIGNALS_HANGUP },
	{ SIGCHLD, SIGNALS_CHILD },
	{ SIGALRM, 0 },
};

enum { HANDLED = sizeof(handled) / sizeof(handled[0]) };

/*
 * The alarm closes a race: a signal that comes just before a blocking write
 * would not interrupt it. Every second after the first stop signal another one
 * does.
 */
static void note(int number)
{
	const uint64_t one = 1;
	int saved = errno;

	for (size_t i = 0; i < HANDLED; i++)
		if (handled[i].number == number)
			came |= (sig_atomic_t)handled[i].bit;
	if (number == SIGINT || number == SIGTERM)
		stopped_by = number;
	if (stopped_by)
		alarm(1);
	if (write(wake_fd, &one, sizeof(one)) < 0)
		came |= 0;      /* the counter is full: it is readable anyway */
	errno = saved;
}

int signals_open(struct error *err)
{
	/* Without SA_RESTART: a write that waits for its reader returns. */
	struct sigaction action = { .sa_handler = note };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return error_set(err, errno, "cannot wait for signals: %s",
				 strerror(errno));
	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i].number, &action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	return wake_fd;
}

unsigned int signals_take(void)
{
	uint64_t count;
	unsigned int taken;

	if (!came)
		return 0;
	/* First the descriptor: a signal in between leaves it readable. */
	if (read(wake_fd, &count, sizeof(count)) < 0)
		count = 0;
	taken = (unsigned int)came;
	came = 0;
	return taken;
}

bool signals_stopping(void)
{
	return stopped_by;
}

int signals_stopped_by(void)
{
	return stopped_by;
}

void signals_reset(void)
{
	for (size_t i = 0; i < HANDLED; i++)
		signal(handled[i].number, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes that a slow reader or a signal holds up; see output_buffer.h. */
#include "output_buffer.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <sys/types.h>

enum { TRIES_IN_VAIN = 2 };

static int wait_writable(int fd)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	return poll(&writable, 1, -1) < 0 ? -errno : 0;
}

/* At least one byte, or -errno. */
static ssize_t write_some(int fd, const char *bytes, size_t length)
{
	for (;;) {
		ssize_t written = write(fd, bytes, length);
		int failed;

		if (written > 0)
			return written;
		if (!written)
			return -EIO;
		if (errno != EAGAIN)
			return -errno;
		/* Whoever shares the descriptor made it non-blocking. */
		failed = wait_writable(fd);
		if (failed)
			return failed;
	}
}

static bool is_stopping(const struct output_buffer *buffer)
{
	return buffer->stopping && buffer->stopping(buffer->stopping_context);
}

/* 0 when the buffer is empty, else -errno with the rest kept at its start. */
static int drain(struct output_buffer *buffer)
{
	size_t done = 0;
	int failed = 0;

	while (done < buffer->used && !failed) {
		ssize_t written = write_some(buffer->fd, buffer->bytes + done,
					     buffer->used - done);

		if (written < 0)
			failed = (int)written;
		else
			done += (size_t)written;
	}
	buffer->used -= done;
	memmove(buffer->bytes, buffer->bytes + done, buffer->used);
	return failed;
}

/*
 * Interrupted when it is time to stop, a write is tried again: the signal may
 * have come at any moment and says nothing about the reader. One that takes
 * nothing until the next signal, a second later, does not read.
 */
static int drain_to_stop(struct output_buffer *buffer)
{
	int failed, in_vain = 0;

	do {
		size_t before = buffer->used;

		failed = drain(buffer);
		in_vain = buffer->used < before ? 0 : in_vain + 1;
	} while (failed == -EINTR && in_vain < TRIES_IN_VAIN);
	return failed;
}

int output_buffer_flush(struct output_buffer *buffer)
{
	int failed = drain(buffer);

	return failed == -EINTR && is_stopping(buffer) ? drain_to_stop(buffer) :
							 failed;
}

int output_buffer_empty(struct output_buffer *buffer)
{
	int failed = drain(buffer);

	while (failed == -EINTR && !is_stopping(buffer))
		failed = drain(buffer);
	return failed == -EINTR ? drain_to_stop(buffer) : failed;
}

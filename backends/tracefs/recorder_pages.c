/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the ring buffers to the pieces of the file. Full pages go without passing
 * through this process (splice); those that are not full have to.
 */
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A CPU that was never online has a file but no buffer behind it. */
static bool means_empty(int code)
{
	return code == EAGAIN || code == EINTR || code == ENODEV;
}

/* Everything in the pipe goes to the piece. */
static int empty_pipe(struct recorder *recorder, unsigned int cpu, int piece,
		      size_t bytes, struct error *err)
{
	while (bytes) {
		ssize_t moved = splice(recorder->pipe[0], NULL, piece, NULL, bytes,
				       SPLICE_F_MOVE);

		if (moved < 0 && errno == EINTR)
			continue;
		if (moved <= 0)
			return recorder_file_failed(&recorder->file, cpu,
						    moved ? errno : EIO, err);
		bytes -= (size_t)moved;
	}
	return 0;
}

/* The full pages of one CPU. What comes meanwhile is for the next time. */
static int copy_cpu(struct recorder *recorder, size_t i, struct error *err)
{
	unsigned int cpu = recorder->numbers[i];
	size_t left = recorder->buffer_bytes;
	size_t most = recorder->pipe_bytes - recorder->pipe_bytes %
		      recorder->layout.page_bytes;

	for (;;) {
		ssize_t moved = splice(recorder->fds[i], NULL, recorder->pipe[1],
				       NULL, most,
				       SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
		int piece, ret;

		if (moved < 0 && !means_empty(errno))
			return error_set(err, errno, "cannot read the trace buffer "
					 "of CPU %u: %s", cpu, strerror(errno));
		if (moved <= 0)
			return 0;
		piece = recorder_file_piece(&recorder->file, cpu, err);
		ret = piece < 0 ? piece : empty_pipe(recorder, cpu, piece,
						     (size_t)moved, err);
		if (ret)
			return ret;
		recorder_file_wrote(&recorder->file, (size_t)moved);
		if ((size_t)moved >= left)
			return 0;
		left -= (size_t)moved;
	}
}

int recorder_pages_copy(struct recorder *recorder, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < recorder->cpu_count && !ret; i++)
		ret = copy_cpu(recorder, i, err);
	return ret;
}

static int write_page(struct recorder *recorder, unsigned int cpu, size_t got,
		      struct error *err)
{
	size_t bytes = recorder->layout.page_bytes;
	int piece = recorder_file_piece(&recorder->file, cpu, err);
	ssize_t put;

	if (piece < 0)
		return piece;
	memset(recorder->page + got, 0, bytes - got);
	put = write(piece, recorder->page, bytes);
	if (put != (ssize_t)bytes)
		return recorder_file_failed(&recorder->file, cpu,
					    put < 0 ? errno : ENOSPC, err);
	recorder_file_wrote(&recorder->file, bytes);
	return 0;
}

int recorder_pages_copy_rest(struct recorder *recorder, struct error *err)
{
	for (size_t i = 0; i < recorder->cpu_count; i++) {
		size_t pages = recorder->buffer_bytes /
			       recorder->layout.page_bytes + 1;
		ssize_t got;

		while (pages-- &&
		       (got = read(recorder->fds[i], recorder->page,
				   recorder->layout.page_bytes)) > 0) {
			int ret = write_page(recorder, recorder->numbers[i],
					     (size_t)got, err);

			if (ret)
				return ret;
		}
	}
	return 0;
}

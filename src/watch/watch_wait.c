/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors in one epoll set; see watch_wait.h. */
#include "watch_wait.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>

/* Told apart by epoll's data. */
enum source { SOURCE_BACKEND, SOURCE_SIGNAL, SOURCE_READER, SOURCE_VIEW,
	      SOURCE_COUNT };

static int add(int wait_fd, int fd, uint32_t events, enum source source)
{
	struct epoll_event event = { .events = events, .data.u32 = source };

	/* EPERM: a regular file, which never makes anybody wait. */
	if (epoll_ctl(wait_fd, EPOLL_CTL_ADD, fd, &event) && errno != EPERM)
		return -errno;
	return 0;
}

static int failed(int code, struct error *err)
{
	return error_set(err, code, "cannot wait for events: %s", strerror(code));
}

/* Waiting for no event on the output still reports that its reader has gone
 * (EPOLLERR), also when there is nothing more to write. */
static int add_output(int wait_fd, int output_fd)
{
	return add(wait_fd, output_fd, 0, SOURCE_READER);
}

static int add_all(int wait_fd, const struct watch_wait_fds *fds)
{
	int ret = add(wait_fd, fds->signals, EPOLLIN, SOURCE_SIGNAL);

	if (!ret)
		ret = add_output(wait_fd, fds->output);
	if (!ret && fds->backend >= 0)
		ret = add(wait_fd, fds->backend, EPOLLIN, SOURCE_BACKEND);
	if (!ret && fds->view >= 0)
		ret = add(wait_fd, fds->view, EPOLLIN, SOURCE_VIEW);
	return ret;
}

int watch_wait_open(const struct watch_wait_fds *fds, struct error *err)
{
	int wait_fd = epoll_create1(EPOLL_CLOEXEC);
	int ret = wait_fd < 0 ? -errno : add_all(wait_fd, fds);

	if (!ret)
		return wait_fd;
	if (wait_fd >= 0)
		close(wait_fd);
	return failed(-ret, err);
}

int watch_wait_add_output(int wait_fd, int output_fd, struct error *err)
{
	int ret = add_output(wait_fd, output_fd);

	return ret ? failed(-ret, err) : 0;
}

unsigned int watch_wait_take(int wait_fd, int timeout_ms)
{
	struct epoll_event events[SOURCE_COUNT];
	int count = epoll_wait(wait_fd, events, SOURCE_COUNT, timeout_ms);
	unsigned int found = 0;

	for (int i = 0; i < count; i++) {
		if (events[i].data.u32 == SOURCE_VIEW)
			found |= WATCH_WAIT_ASKED;
		if (events[i].data.u32 == SOURCE_READER)
			found |= WATCH_WAIT_READER_GONE;
	}
	return found;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the ready file; see ready_file.h. */
#include "ready_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

static int write_id(int fd)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d\n", getpid());

	if (write(fd, text, (size_t)length) == length)
		return 0;
	return errno ? errno : EIO;
}

/* What is there and no file (/dev/fd/3, a FIFO, a link) is written as it is: a
 * rename would put a file in its place. */
static bool is_other(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && !S_ISREG(status.st_mode);
}

/* 0 or an errno. A FIFO that nobody reads is no reason to wait. */
static int write_through(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_NOCTTY |
		      O_CLOEXEC, 0644);
	int code;

	if (fd < 0)
		return errno;
	code = write_id(fd);
	close(fd);
	return code;
}

/* 0 or an errno. By rename, so that whoever sees the file finds it whole. */
static int write_whole(const char *path)
{
	char partial[PATH_MAX];
	int fd, code;

	if (snprintf(partial, sizeof(partial), "%s.%d", path, getpid()) >= PATH_MAX)
		return ENAMETOOLONG;
	fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return errno;
	code = write_id(fd);
	close(fd);
	if (!code && rename(partial, path))
		code = errno;
	if (code)
		unlink(partial);
	return code;
}

int ready_file_write(const char *path, struct error *err)
{
	int code = is_other(path) ? write_through(path) : write_whole(path);

	if (!code)
		return 0;
	return error_set(err, code, "--ready-file: cannot write '%s': %s", path,
			 strerror(code));
}

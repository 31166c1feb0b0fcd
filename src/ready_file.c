/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the ready file; see ready_file.h. */
#include "ready_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *path, int code, struct error *err)
{
	return error_set(err, code, "--ready-file: cannot write '%s': %s", path,
			 strerror(code));
}

static int write_id(int fd)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d\n", getpid());

	if (write(fd, text, (size_t)length) == length)
		return 0;
	return errno ? errno : EIO;
}

/* By rename, so that whoever sees the file finds it whole. */
int ready_file_write(const char *path, struct error *err)
{
	char partial[4096];
	int fd, code;

	if ((size_t)snprintf(partial, sizeof(partial), "%s.%d", path, getpid()) >=
	    sizeof(partial))
		return fail(path, ENAMETOOLONG, err);
	fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(path, errno, err);
	code = write_id(fd);
	close(fd);
	if (!code && rename(partial, path))
		code = errno;
	if (!code)
		return 0;
	unlink(partial);
	return fail(path, code, err);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes beside the file and renames; see metrics_file.h. */
#include "metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "common/link_target.h"

static int fail(const char *path, int code, struct error *err)
{
	const char *hint = code == ENOENT ? "; make its folder first" : "";

	return error_set(err, code, "cannot write '%s': %s%s", path,
			 strerror(code), hint);
}

/* Its name does not end as node_exporter wants it, which reads all of a folder. */
static int name_partial(const char *target, char partial[PATH_MAX])
{
	return snprintf(partial, PATH_MAX, "%s.%d", target, (int)getpid()) <
	       PATH_MAX ? 0 : ENAMETOOLONG;
}

static int open_partial(const char *path, char partial[PATH_MAX],
			struct error *err)
{
	char target[PATH_MAX];
	int fd, code = -link_target(path, target);

	if (!code)
		code = name_partial(target, partial);
	if (code)
		return fail(path, code, err);
	unlink(partial);        /* of an earlier process with our id */
	fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return fd < 0 ? fail(path, errno, err) : fd;
}

/* A rename would put a file in a device's place. */
static bool is_other(const char *path)
{
	struct stat status;

	return !stat(path, &status) && !S_ISREG(status.st_mode);
}

int metrics_file_check(const char *path, struct error *err)
{
	char partial[PATH_MAX];
	int fd;

	if (is_other(path))
		return error_set(err, EINVAL, "cannot write '%s': it is no regular "
				 "file; without -o metrics go to stdout", path);
	fd = open_partial(path, partial, err);
	if (fd < 0)
		return fd;
	close(fd);
	unlink(partial);
	return 0;
}

/* 0 or an errno. */
static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written ? errno : EIO;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

int metrics_file_begin(const char *path, struct error *err)
{
	char partial[PATH_MAX];

	return open_partial(path, partial, err);
}

int metrics_file_end(const char *path, bool whole, struct error *err)
{
	char target[PATH_MAX], partial[PATH_MAX];
	int code = -link_target(path, target);

	if (!code)
		code = name_partial(target, partial);
	if (code)
		return fail(path, code, err);
	if (whole && !rename(partial, target))
		return 0;
	code = errno;
	unlink(partial);
	return whole ? fail(path, code, err) : 0;
}

static int begin(const char *path, const struct keeper *keeper,
		 struct error *err)
{
	int fd;

	if (!keeper)
		return metrics_file_begin(path, err);
	fd = keeper_ask_fd(keeper, KEEPER_METRICS, 0);
	return fd < 0 ? fail(path, -fd, err) : fd;
}

static int end(const char *path, const struct keeper *keeper, bool whole,
	       struct error *err)
{
	struct keeper_answer answer;
	int ret;

	if (!keeper)
		return metrics_file_end(path, whole, err);
	ret = keeper_ask(keeper, KEEPER_METRICS_END, whole, &answer);
	return ret ? fail(path, -ret, err) : 0;
}

int metrics_file_write(const char *path, const struct keeper *keeper,
		       const char *bytes, size_t length, struct error *err)
{
	int fd = begin(path, keeper, err), code, ret;

	if (fd < 0)
		return fd;
	code = write_all(fd, bytes, length);
	if (close(fd) && !code)
		code = errno;
	ret = end(path, keeper, !code, err);
	return code ? fail(path, code, err) : ret;
}

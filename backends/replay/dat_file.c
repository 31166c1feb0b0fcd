/* SPDX-License-Identifier: BSD-2-Clause */
/* Exact reads of a regular file; see dat_file.h. */
#include "dat_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

int dat_file_open(struct dat_file *file, const char *path,
		  const struct held_files *held, struct error *err)
{
	struct stat status;

	*file = (struct dat_file){ .fd = held_files_get(held, path) };
	if (file->fd < 0)
		return error_set(err, -file->fd, "cannot open '%s': %s", path,
				 strerror(-file->fd));
	if (fstat(file->fd, &status) || !S_ISREG(status.st_mode)) {
		dat_file_close(file);
		return error_set(err, EINVAL, "'%s' is not a regular file: a "
				 "recording cannot be read from a pipe", path);
	}
	file->size = (uint64_t)status.st_size;
	return 0;
}

void dat_file_close(struct dat_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

bool dat_file_has(const struct dat_file *file, uint64_t offset, uint64_t bytes)
{
	return offset <= file->size && bytes <= file->size - offset;
}

int dat_file_read(const struct dat_file *file, uint64_t offset, void *bytes,
		  size_t length)
{
	uint8_t *to = bytes;

	if (!dat_file_has(file, offset, length))
		return -EBADMSG;
	while (length) {
		ssize_t got = pread(file->fd, to, length, (off_t)offset);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)           /* it was cut meanwhile */
			return -EBADMSG;
		if (got < 0)
			continue;
		to += got;
		offset += (uint64_t)got;
		length -= (size_t)got;
	}
	return 0;
}

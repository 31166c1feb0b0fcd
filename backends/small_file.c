/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel makes such a file's text when it is read; see small_file.h. */
#include "small_file.h"

#include <fcntl.h>
#include <unistd.h>

bool small_file_read(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, room - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

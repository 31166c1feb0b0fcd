/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the level in brackets; see lockdown.h. */
#include "lockdown.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum lockdown lockdown_read(const char *path)
{
	static const struct {
		const char *word;
		enum lockdown level;
	} levels[] = {
		{ "[none]", LOCKDOWN_NONE },
		{ "[integrity]", LOCKDOWN_INTEGRITY },
		{ "[confidentiality]", LOCKDOWN_CONFIDENTIALITY },
	};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t length;

	if (fd < 0)
		return LOCKDOWN_UNKNOWN;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strstr(text, levels[i].word))
			return levels[i].level;
	return LOCKDOWN_UNKNOWN;
}

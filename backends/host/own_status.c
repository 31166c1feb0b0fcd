/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of "Name:\tfigure"; see own_status.h. */
#include "own_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "small_file.h"

enum { PATH_BYTES = 512, STATUS_BYTES = 8192, LINE_BYTES = 32 };

uint64_t own_status_number(const char *root, const char *name, int base)
{
	char path[PATH_BYTES], text[STATUS_BYTES], line[LINE_BYTES];
	const char *found;

	snprintf(path, sizeof(path), "%s/proc/self/status", root);
	small_file_read(path, text, sizeof(text));
	snprintf(line, sizeof(line), "\n%s:", name);
	found = strstr(text, line);
	return found ? strtoull(found + strlen(line), NULL, base) : 0;
}

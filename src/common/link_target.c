/* SPDX-License-Identifier: BSD-2-Clause */
/* Links, followed to their end; see link_target.h. */
#include "link_target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/stat.h>

int link_target(const char *path, char target[PATH_MAX])
{
	struct stat status;

	if (!lstat(path, &status) && S_ISLNK(status.st_mode))
		return realpath(path, target) ? 0 : -errno;
	if (snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

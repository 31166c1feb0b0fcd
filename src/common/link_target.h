/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a file belongs that is made beside another and renamed into its place: a
 * rename puts it in the place of a link, and not of what the link leads to. */
#ifndef LINK_TARGET_H
#define LINK_TARGET_H

#include <limits.h>

/* Path itself where it is no link. 0 or -errno, and *target is undefined then:
 * -ENAMETOOLONG, or of a link that leads to nothing. */
int link_target(const char *path, char target[PATH_MAX]);

#endif

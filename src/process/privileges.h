/* SPDX-License-Identifier: BSD-2-Clause */
/* What this process may do, and giving it up. */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <sys/types.h>

#include "tcpwatch/error.h"

struct privileges_user {
	const char *name;       /* borrowed; NULL: nobody else than we are */
	uid_t uid;
	gid_t gid;
};

/* Looks a user up. 0, or -EINVAL and *err: there is none of that name. */
int privileges_find_user(struct privileges_user *user, const char *name,
			 struct error *err);

/*
 * Gives up everything that descriptors already open do not need: all
 * capabilities, any way to get them back by exec, and root's user and group ids
 * for those of nobody where that is possible. For good; before threads are
 * made. 0 or -errno and *err.
 */
int privileges_drop(struct error *err);

/* Likewise, but for the ids: they become those of user and of its groups, or stay.
 * That they cannot is a failure. */
int privileges_confine(const struct privileges_user *user, struct error *err);

#endif

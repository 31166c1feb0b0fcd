/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives up privileges by system calls of the kernel; see privileges.h. */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { NOBODY = 65534 };        /* overflowuid: owns nothing on any host */

/* Refused where this root is none: a user namespace that has no such id, or a
 * container without CAP_SETUID. Then capabilities are all there is to lose. */
static int become_nobody(void)
{
	if (geteuid() && getuid())
		return 0;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return errno == EPERM || errno == EINVAL ? 0 : -errno;
	return 0;
}

static int become(const struct privileges_user *user)
{
	if (!user->name)
		return 0;
	return initgroups(user->name, user->gid) ||
	       setresgid(user->gid, user->gid, user->gid) ||
	       setresuid(user->uid, user->uid, user->uid) ? -errno : 0;
}

/* Until there is none of that number. Refused to who has no capabilities. */
static void drop_bounding_set(void)
{
	for (unsigned long which = 0;
	     !prctl(PR_CAPBSET_DROP, which, 0, 0, 0); which++)
		;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ 0 }
	};

	/* Kernels before 4.3 have no ambient ones. */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, none) ? -errno : 0;
}

static int drop(int ret, struct error *err)
{
	if (!ret)
		ret = drop_capabilities();
	return ret ? error_set(err, -ret, "cannot give up privileges: %s",
			       strerror(-ret)) : 0;
}

int privileges_drop(struct error *err)
{
	int ret = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;

	drop_bounding_set();
	return drop(ret ? ret : become_nobody(), err);
}

int privileges_confine(const struct privileges_user *user, struct error *err)
{
	int ret = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;

	drop_bounding_set();
	if (!ret && become(user))
		return error_set(err, errno, "--user: cannot become '%s': %s%s",
				 user->name, strerror(errno),
				 errno == EPERM ? "; run as root" : "");
	return drop(ret, err);
}

int privileges_find_user(struct privileges_user *user, const char *name,
			 struct error *err)
{
	const struct passwd *found = getpwnam(name);

	if (!found)
		return error_set(err, EINVAL, "'%s' is no user of this host", name);
	*user = (struct privileges_user){ name, found->pw_uid, found->pw_gid };
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds or mounts tracefs; says why it cannot be used; see trace_mount.h. */
#include "trace_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "host/lockdown.h"

#define TRACEFS_TYPE 0x74726163         /* TRACEFS_MAGIC, linux/magic.h */
#define HOME "/sys/kernel/tracing"
#define HOME_IN_DEBUGFS "/sys/kernel/debug/tracing"

static bool is_tracefs(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == TRACEFS_TYPE;
}

/* What no watch can do without, by its name of today or of 4.15. A descriptor,
 * or -1 with errno set. */
static int open_state_event(int folder)
{
	int file = openat(folder, "events/sock/inet_sock_set_state/format",
			  O_RDONLY | O_CLOEXEC);

	if (file >= 0 || errno != ENOENT)
		return file;
	return openat(folder, "events/tcp/tcp_set_state/format",
		      O_RDONLY | O_CLOEXEC);
}

/* Lockdown at boot gives no EPERM: tracefs mounts and is empty (seen on 5.10
 * to 7.3). Raised later, every open fails with EPERM instead. */
static int check_usable(const char *path, struct error *err)
{
	int folder, events, saved;

	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		saved = errno;
		return error_set(err, saved, "cannot read %s: %s; run as root",
				 path, strerror(saved));
	}
	events = open_state_event(folder);
	saved = errno;
	close(folder);
	if (events >= 0) {
		close(events);
		return 0;
	}
	if (lockdown_read(LOCKDOWN_PATH) == LOCKDOWN_CONFIDENTIALITY)
		return error_set(err, EPERM,
				 "the kernel's lockdown mode 'confidentiality' forbids tracing; "
				 "boot with lockdown=integrity or without lockdown");
	if (saved == EACCES || saved == EPERM)
		return error_set(err, saved, "no right to read %s/events: run as root",
				 path);
	return error_set(err, saved,
			 "%s has no event sock:inet_sock_set_state: it needs Linux 4.15 "
			 "or later with CONFIG_ENABLE_DEFAULT_TRACERS or CONFIG_FTRACE",
			 path);
}

const char *trace_mount_find(struct error *err)
{
	const char *path;

	if (is_tracefs(HOME))
		path = HOME;
	else if (is_tracefs(HOME_IN_DEBUGFS))
		path = HOME_IN_DEBUGFS;
	else
		return NULL;
	return check_usable(path, err) ? NULL : path;
}

/* Only what lies under /sys must not let our mount out to others; the rest goes
 * on as it was, so that a log file on a mount made later can be opened. */
static int mount_for_us(struct error *err)
{
	struct stat home;

	if (stat(HOME, &home))
		return error_set(err, ENODEV,
				 "this kernel has no tracefs: it needs CONFIG_TRACING");
	if (unshare(CLONE_NEWNS))
		return error_set(err, errno,
				 "tracefs is not mounted and mounting it needs root: run as "
				 "root, or ask root to 'mount -t tracefs nodev " HOME "'");
	if (mount("none", "/sys", NULL, MS_REC | MS_PRIVATE, NULL))
		return error_set(err, errno,
				 "cannot keep a mount under /sys to ourselves: %s; "
				 "ask root to 'mount -t tracefs nodev " HOME "'",
				 strerror(errno));
	if (mount("nodev", HOME, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL))
		return error_set(err, errno,
				 "cannot mount tracefs on " HOME ": %s",
				 errno == ENODEV ? "this kernel has none (CONFIG_TRACING)" :
						   strerror(errno));
	return 0;
}

const char *trace_mount_get(bool *mounted, struct error *err)
{
	struct error found = { 0 };
	const char *path = trace_mount_find(&found);

	*mounted = false;
	if (path)
		return path;
	if (found.code) {
		error_set(err, found.code, "%s", found.text);
		return NULL;
	}
	if (mount_for_us(err) || check_usable(HOME, err))
		return NULL;
	*mounted = true;
	return HOME;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Collects what /proc/PID/fd says into a list, which is sorted at the end. */
#include "socket_owners.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum {
	STEP_FILES = 32,
	FIRST_ROOM = 1024,
	ROOM_MAX = 1 << 19,             /* 6 MiB, for as long as the walk lasts */
	NAMESPACES_MAX = 64,
	INIT = 1                        /* its process id */
};

struct socket_owners {
	DIR *proc;
	DIR *files;             /* of the process in hand; NULL: none is */
	int32_t tgid;
	struct keeper_holder *held;
	size_t count, room;
	const struct keeper *keeper;    /* NULL: we walk ourselves */
	bool asked;
	bool incomplete;
	ino_t namespaces[NAMESPACES_MAX + 1];   /* [0] is ours */
	int namespace_fds[NAMESPACES_MAX];
	size_t namespace_count;                 /* without ours; of the
	                                         * keeper where one is */
};

struct socket_owners *socket_owners_new(const struct keeper *keeper)
{
	struct socket_owners *owners = calloc(1, sizeof(*owners));
	struct stat ours;

	if (!owners)
		return NULL;
	owners->keeper = keeper;
	owners->room = FIRST_ROOM;
	owners->held = malloc(owners->room * sizeof(*owners->held));
	if (owners->held && keeper)
		return owners;
	owners->proc = opendir("/proc");
	if (!owners->held || !owners->proc ||
	    stat("/proc/thread-self/ns/net", &ours)) {
		socket_owners_free(owners);
		return NULL;
	}
	owners->namespaces[0] = ours.st_ino;
	return owners;
}

void socket_owners_free(struct socket_owners *owners)
{
	struct keeper_answer answer;

	if (!owners)
		return;
	if (owners->keeper)
		keeper_ask(owners->keeper, KEEPER_FORGET, 0, &answer);
	for (size_t i = 0; i < owners->namespace_count && !owners->keeper; i++)
		close(owners->namespace_fds[i]);
	if (owners->files)
		closedir(owners->files);
	if (owners->proc)
		closedir(owners->proc);
	free(owners->held);
	free(owners);
}

static void hold(struct socket_owners *owners,
		 const struct keeper_holder *holder)
{
	if (owners->count == owners->room) {
		size_t room = 2 * owners->room;
		struct keeper_holder *held = room > ROOM_MAX ? NULL :
			realloc(owners->held, room * sizeof(*held));

		if (!held) {
			owners->incomplete = true;
			return;
		}
		owners->held = held;
		owners->room = room;
	}
	owners->held[owners->count++] = *holder;
}

static void look_at_file(struct socket_owners *owners, const char *name)
{
	static const char prefix[] = "socket:[";
	char target[64];
	ssize_t length = readlinkat(dirfd(owners->files), name, target,
				    sizeof(target) - 1);

	if (length <= 0 || strncmp(target, prefix, strlen(prefix)))
		return;
	target[length] = '\0';
	hold(owners, &(struct keeper_holder){
		(uint32_t)strtoul(target + strlen(prefix), NULL, 10),
		owners->tgid,
		(int32_t)strtol(name, NULL, 10)
	});
}

static bool namespace_is_known(const struct socket_owners *owners, ino_t inode)
{
	for (size_t i = 0; i <= owners->namespace_count; i++)
		if (owners->namespaces[i] == inode)
			return true;
	return false;
}

static void look_at_namespace(struct socket_owners *owners, const char *process)
{
	struct stat namespace;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%.32s/ns/net", process);
	if (fstatat(dirfd(owners->proc), path, &namespace, 0) ||
	    namespace_is_known(owners, namespace.st_ino))
		return;
	if (owners->namespace_count == NAMESPACES_MAX) {
		owners->incomplete = true;
		return;
	}
	fd = openat(dirfd(owners->proc), path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	owners->namespace_fds[owners->namespace_count++] = fd;
	owners->namespaces[owners->namespace_count] = namespace.st_ino;
}

static void open_files(struct socket_owners *owners, const char *process)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%.32s/fd", process);
	fd = openat(dirfd(owners->proc), path,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	owners->files = fd < 0 ? NULL : fdopendir(fd);
	if (!owners->files && fd >= 0)
		close(fd);
}

/* False when there is none. */
static bool next_process(struct socket_owners *owners)
{
	struct dirent *entry = readdir(owners->proc);
	char *end;
	long id;

	if (!entry)
		return false;
	id = strtol(entry->d_name, &end, 10);
	if (*end || id < 1 || id > INT32_MAX)
		return true;
	owners->tgid = (int32_t)id;
	look_at_namespace(owners, entry->d_name);
	open_files(owners, entry->d_name);
	return true;
}

/* /proc names processes by rising ids: among those that hold a socket the
 * parent mostly stands first. Init is last. */
static int compare(const void *a, const void *b)
{
	const struct keeper_holder *one = a, *other = b;

	if (one->inode != other->inode)
		return one->inode < other->inode ? -1 : 1;
	if ((one->tgid == INIT) != (other->tgid == INIT))
		return one->tgid == INIT ? 1 : -1;
	return one->tgid < other->tgid ? -1 : one->tgid > other->tgid;
}

/* Leaves the best holder of each socket. */
static void sort(struct socket_owners *owners)
{
	size_t kept = 0;

	qsort(owners->held, owners->count, sizeof(*owners->held), compare);
	for (size_t i = 0; i < owners->count; i++)
		if (!kept || owners->held[kept - 1].inode != owners->held[i].inode)
			owners->held[kept++] = owners->held[i];
	owners->count = kept;
}

/* False at the end, also for want of a keeper. */
static bool ask(struct socket_owners *owners)
{
	struct keeper_answer answer;
	int ret = keeper_ask(owners->keeper, KEEPER_HOLDERS, !owners->asked,
			     &answer);

	owners->asked = true;
	if (!ret && answer.count <= KEEPER_HOLDERS_MAX) {
		for (uint32_t i = 0; i < answer.count; i++)
			hold(owners, &answer.holders[i]);
		if (!answer.over)
			return true;
		owners->namespace_count = answer.number;
	}
	owners->incomplete |= ret || answer.incomplete;
	sort(owners);
	return false;
}

bool socket_owners_step(struct socket_owners *owners)
{
	if (owners->keeper)
		return ask(owners);
	for (int i = 0; i < STEP_FILES; i++) {
		struct dirent *entry;

		if (!owners->files) {
			if (next_process(owners))
				continue;
			sort(owners);
			return false;
		}
		entry = readdir(owners->files);
		if (entry) {
			look_at_file(owners, entry->d_name);
			continue;
		}
		closedir(owners->files);
		owners->files = NULL;
	}
	return true;
}

int32_t socket_owners_find_file(const struct socket_owners *owners,
				uint32_t inode, int32_t *file)
{
	size_t low = 0, high = owners->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (owners->held[middle].inode == inode) {
			*file = owners->held[middle].file;
			return owners->held[middle].tgid;
		}
		if (owners->held[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

int32_t socket_owners_find(const struct socket_owners *owners, uint32_t inode)
{
	int32_t file;

	return socket_owners_find_file(owners, inode, &file);
}

bool socket_owners_are_incomplete(const struct socket_owners *owners)
{
	return owners->incomplete;
}

size_t socket_owners_namespaces(const struct socket_owners *owners)
{
	return owners->namespace_count;
}

/* This thread is elsewhere only while it opens a socket there: that stays where
 * it was opened. Nothing else here depends on the network namespace. */
int socket_owners_open_in(const struct socket_owners *owners, size_t namespace,
			  int (*open_here)(void *context), void *context)
{
	int home, fd;

	if (owners->keeper || namespace - 1 >= owners->namespace_count)
		return -EINVAL;
	home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		return -errno;
	if (setns(owners->namespace_fds[namespace - 1], CLONE_NEWNET)) {
		fd = -errno;
	} else {
		fd = open_here(context);
		if (setns(home, CLONE_NEWNET) && fd >= 0) {
			close(fd);
			fd = -EPERM;
		}
	}
	close(home);
	return fd;
}

uint32_t socket_owners_take(struct socket_owners *owners,
			    struct keeper_holder *holders, uint32_t room)
{
	uint32_t count = owners->count < room ? (uint32_t)owners->count : room;

	owners->count -= count;
	memcpy(holders, owners->held + owners->count, count * sizeof(*holders));
	return count;
}

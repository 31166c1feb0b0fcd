/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps descriptors by the paths that they were opened by; see held_files.h. */
#include "tcpwatch/held_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECES_MAX = 8192 };     /* NR_CPUS of the largest kernels */

struct held_file {
	struct held_file *next;
	int fd;                 /* -errno: it could not be opened */
	char path[];
};

struct held_files {
	struct held_file *first;
	size_t count;
};

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

/* One that cannot be opened is kept, too: whoever asks for it is told why. */
static int hold(struct held_files *held, const char *path)
{
	struct held_file *file = malloc(sizeof(*file) + strlen(path) + 1);

	if (!file)
		return -ENOMEM;
	file->fd = open_file(path);
	strcpy(file->path, path);
	file->next = held->first;
	held->first = file;
	held->count++;
	return 0;
}

/* "NAME.cpu7" or "NAME.ends" of NAME */
static bool is_piece(const char *entry, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(entry, name, length))
		return false;
	entry += length;
	if (strncmp(entry, ".cpu", 4))
		return !strcmp(entry, ".ends");
	entry += 4;
	return *entry && strspn(entry, "0123456789") == strlen(entry);
}

static void hold_pieces(struct held_files *held, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
	char *name = malloc(strlen(path) + 300);
	struct dirent *entry;
	DIR *directory;

	if (!name)
		return;
	snprintf(name, folder + 2, "%.*s", (int)folder, folder ? path : "");
	directory = opendir(folder ? name : ".");
	while (directory && held->count < PIECES_MAX &&
	       (entry = readdir(directory))) {
		if (!is_piece(entry->d_name, path + folder))
			continue;
		sprintf(name, "%.*s%s", (int)folder, path, entry->d_name);
		hold(held, name);
	}
	if (directory)
		closedir(directory);
	free(name);
}

struct held_files *held_files_open(const char *path, struct error *err)
{
	struct held_files *held = calloc(1, sizeof(*held));
	int ret = held ? hold(held, path) : -ENOMEM;

	if (!ret && held->first->fd < 0)
		ret = held->first->fd;
	if (!ret) {
		hold_pieces(held, path);
		return held;
	}
	error_set(err, -ret, "cannot open '%s': %s", path, strerror(-ret));
	held_files_close(held);
	return NULL;
}

int held_files_get(const struct held_files *held, const char *path)
{
	const struct held_file *file = held ? held->first : NULL;
	int fd;

	if (!held)
		return open_file(path);
	while (file && strcmp(file->path, path))
		file = file->next;
	if (!file)
		return -ENOENT;
	if (file->fd < 0)
		return file->fd;
	fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_SET);         /* a FIFO has none, and is refused later */
	return fd;
}

void held_files_close(struct held_files *held)
{
	struct held_file *next;

	for (struct held_file *file = held ? held->first : NULL; file; file = next) {
		next = file->next;
		if (file->fd >= 0)
			close(file->fd);
		free(file);
	}
	free(held);
}

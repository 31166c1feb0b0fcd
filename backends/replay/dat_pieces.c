/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, opens and removes the pieces of a recording; see dat_pieces.h. */
#include "dat_pieces.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recording_ends.h"

int dat_pieces_path(char path[DAT_PIECES_PATH_BYTES], const char *file,
		    unsigned int cpu)
{
	int length = snprintf(path, DAT_PIECES_PATH_BYTES, "%s.cpu%u", file, cpu);

	return length < DAT_PIECES_PATH_BYTES ? 0 : -ENAMETOOLONG;
}

int dat_pieces_ends_path(char path[DAT_PIECES_PATH_BYTES], const char *file)
{
	int length = snprintf(path, DAT_PIECES_PATH_BYTES, "%s.ends", file);

	return length < DAT_PIECES_PATH_BYTES ? 0 : -ENAMETOOLONG;
}

static int read_ends(struct dat *dat, const struct dat_file *piece)
{
	size_t length = piece->size < RECORDING_ENDS_BYTES_MAX ?
			(size_t)piece->size : RECORDING_ENDS_BYTES_MAX;
	int ret;

	free(dat->ends);                /* no head of ours has any */
	dat->ends_length = 0;
	dat->ends = malloc(length + 1);
	if (!dat->ends)
		return -ENOMEM;
	ret = dat_file_read(piece, 0, dat->ends, length);
	if (!ret)
		dat->ends_length = length;
	return ret;
}

static int open_ends(struct dat *dat, const char *file,
		     const struct held_files *held, struct error *err)
{
	char path[DAT_PIECES_PATH_BYTES];
	struct error failed = { 0 };
	struct dat_file piece;
	int ret;

	if (dat_pieces_ends_path(path, file))
		return error_set(err, ENAMETOOLONG, "%s: its name is too long", file);
	if (dat_file_open(&piece, path, held, &failed))
		return failed.code == ENOENT ? 0 :
		       error_set(err, failed.code, "%s", failed.text);
	ret = read_ends(dat, &piece);
	dat_file_close(&piece);
	return ret ? error_set(err, -ret, "cannot read '%s': %s", path,
			       strerror(-ret)) : 0;
}

int dat_pieces_open(struct dat *dat, const char *file,
		    const struct held_files *held, struct error *err)
{
	char path[DAT_PIECES_PATH_BYTES];
	struct dat_buffer *buffer;

	if (!dat->unfinished)           /* and maybe without any buffer */
		return 0;
	buffer = &dat->buffers[0];
	dat_set_clock(buffer->clock, dat->clock[0] ? dat->clock :
						    DAT_PIECES_CLOCK);
	for (size_t i = 0; i < buffer->cpu_count; i++) {
		struct dat_cpu *cpu = &buffer->cpus[i];
		struct error failed = { 0 };

		cpu->cpu = (unsigned int)i;
		if (dat_pieces_path(path, file, cpu->cpu))
			return error_set(err, ENAMETOOLONG,
					 "%s: its name is too long", file);
		if (!dat_file_open(&cpu->piece, path, held, &failed))
			cpu->size = cpu->piece.size;
		else if (failed.code != ENOENT)
			return error_set(err, failed.code, "%s", failed.text);
	}
	return open_ends(dat, file, held, err);
}

int dat_pieces_open_file(struct dat *dat, const char *path,
			 const struct held_files *held, struct error *err)
{
	struct dat_file file;
	int ret = dat_file_open(&file, path, held, err);

	dat->file.fd = -1;
	if (ret)
		return ret;
	ret = dat_open(dat, &file, err);
	if (ret) {
		error_prefix(err, path);
		return ret;
	}
	ret = dat_pieces_open(dat, path, held, err);
	if (ret)
		dat_close(dat);
	return ret;
}

void dat_pieces_remove(const char *file, size_t cpus)
{
	char path[DAT_PIECES_PATH_BYTES];

	for (size_t cpu = 0; cpu < cpus; cpu++)
		if (!dat_pieces_path(path, file, (unsigned int)cpu))
			unlink(path);
	if (!dat_pieces_ends_path(path, file))
		unlink(path);
}

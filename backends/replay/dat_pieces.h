/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording in the making: FILE holds all but the pages, FILE.cpu0 and so on
 * the pages of a CPU, one behind the other, and FILE.ends what sock_diag told of
 * sockets that went away (recording_ends.h). So whatever ends the recording, all
 * that was written is there and in order. dat_join() makes one file of them.
 */
#ifndef DAT_PIECES_H
#define DAT_PIECES_H

#include <stddef.h>

#include "dat.h"
#include "tcpwatch/error.h"

enum { DAT_PIECES_PATH_BYTES = 4096 };

/* What clock their times are of, as a trace.dat says it. */
#define DAT_PIECES_CLOCK "[mono]"

/* "FILE.cpu7", or -ENAMETOOLONG. */
int dat_pieces_path(char path[DAT_PIECES_PATH_BYTES], const char *file,
		    unsigned int cpu);

/* "FILE.ends", likewise. */
int dat_pieces_ends_path(char path[DAT_PIECES_PATH_BYTES], const char *file);

/* Opens those of an unfinished recording that are there, or that are held. */
int dat_pieces_open(struct dat *dat, const char *file,
		    const struct held_files *held, struct error *err);

/* dat_open() by its path, with pieces if there are any. 0 or -errno with *err, which
 * names the file: -EBADMSG for one that is no recording. */
int dat_pieces_open_file(struct dat *dat, const char *path,
			 const struct held_files *held, struct error *err);

/* Removes the pieces of CPUs below that, and that of the ends. */
void dat_pieces_remove(const char *file, size_t cpus);

#endif

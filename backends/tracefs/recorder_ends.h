/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Collects what sock_diag tells of sockets that go away while a recording is
 * made, in a piece beside those of the CPUs (recording_ends.h). A flight recorder
 * keeps the last of them in memory until it is written.
 */
#ifndef RECORDER_ENDS_H
#define RECORDER_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag/diag_gone.h"
#include "tcpwatch/error.h"
#include "tcpwatch/recording.h"

struct recorder_ends {
	struct diag_gone *gone;         /* NULL: not wanted, or not told */
	const struct backend_filter *filter;
	char *path;                     /* of the piece */
	int fd;                         /* -1: not begun */
	bool flight;
	uint8_t *records;               /* those that are not written yet ... */
	size_t room, first, count;      /* ... as a ring */
	uint64_t bytes;                 /* of the piece */
	bool full;                      /* ... which has no room for more */
	bool missing;                   /* to be told in the piece */
	bool incomplete;                /* it was, in any recording */
};

/* Whatever sockets do from now on is collected, if options->events has GONE and
 * the kernel tells. options: borrowed until done(). 0 or -errno and *err. */
int recorder_ends_init(struct recorder_ends *ends,
		       const struct recorder_options *options, struct error *err);
void recorder_ends_done(struct recorder_ends *ends); /* accepts zeroed, fd -1 */

/* Reads what there is; unless this is a flight recorder it goes to the disk. The
 * recording must have begun. 0 or -errno and *err. */
int recorder_ends_copy(struct recorder_ends *ends, struct error *err);

/* What is at hand goes to the disk in any case, and the piece is whole. waits:
 * what the kernel has still to tell is waited for, a quarter of a second at most. */
int recorder_ends_write(struct recorder_ends *ends, bool waits,
			struct error *err);

#endif

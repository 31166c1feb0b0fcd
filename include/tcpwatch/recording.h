/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recordings: making one from this host's events, making one whole that was cut
 * short, and saying what is in one. To read the events of one is a backend's
 * work.
 */
#ifndef TCPWATCH_RECORDING_H
#define TCPWATCH_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"
#include "tcpwatch/held_files.h"

/* What is pointed to is borrowed until close(). */
struct recorder_options {
	const char *path;               /* of the recording */
	unsigned int events;            /* EVENT_BIT set; with GONE what sock_diag
	                                 * tells when a socket goes away is kept */
	size_t buffer_bytes;            /* per CPU; 0 = the recorder decides */
	uint64_t flight_bytes;          /* of all CPUs: keep that much and copy
	                                 * nothing until write(); 0 = copy always */
	const struct backend_filter *filter;
};

struct recorder_counts {
	uint64_t bytes;                 /* of pages, in whole files */
	uint64_t files;                 /* that are whole */
	uint64_t lost;                  /* events that the kernel dropped or
	                                 * overwrote; a flight recorder's do not
	                                 * count */
	bool ends_missing;              /* of some sockets that went away sock_diag
	                                 * could not tell, or no room was left */
};

struct recorder;

struct recorder_ops {
	const char *name;               /* of the backend that watches so */

	/* Acquires everything or nothing; from then on events are kept. NULL:
	 * *err is set. */
	struct recorder *(*open)(const struct recorder_options *options,
				 struct error *err);

	/* Readable when copy() has something to do. Valid until close(). */
	int (*fd)(const struct recorder *recorder);

	/* Begins the file, unless it has begun or this is a flight recorder, and
	 * copies what is at hand in whole pages. To be called at once, so that
	 * what is there at the start is told as it was then. 0 or -errno and
	 * *err. */
	int (*copy)(struct recorder *recorder, struct error *err);

	/* Copies the rest, whole pages or not, and makes the recording whole;
	 * last: no events are kept from now on, else another recording begins at
	 * the next copy(). It takes as long as the disk does, and waits up to a
	 * quarter of a second for what sock_diag has still to tell. 0, or -errno
	 * and *err with the pieces left for recording_recover(). */
	int (*write)(struct recorder *recorder, bool last, struct error *err);

	/* Of pages and ends, in the recording at hand so far. */
	uint64_t (*bytes)(const struct recorder *recorder);

	void (*counts)(const struct recorder *recorder,
		       struct recorder_counts *counts);

	/* What the user should know, or NULL; lives until close(). */
	const char *(*note)(const struct recorder *recorder);

	/* Accepts NULL. */
	void (*close)(struct recorder *recorder);
};

/* registry.c: NULL in a build that cannot record. */
extern const struct recorder_ops *const recording_recorder;

/* Joins the pieces that an interrupted recording left. *joined says whether
 * there was anything to do. 0 or -errno and *err. */
int recording_recover(const char *path, bool *joined, struct error *err);

/* One thing that is known about a recording. */
struct recording_fact_sink {
	void (*take)(void *context, const char *what, const char *value);
	void *context;
};

/* Says what is in the recording, one of those held unless NULL, reading all of
 * it. 0 or -errno and *err. */
int recording_describe(const char *path, const struct held_files *held,
		       const struct recording_fact_sink *sink, struct error *err);

#endif

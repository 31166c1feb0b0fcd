/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a recording of ours knows beyond a trace.dat, in an option of its own
 * that other readers skip: when its events were on, the wall clock, and who was
 * running then. Text, a line each, "word value...", after a first line with a
 * version:
 *
 *	tcpwatch-start 1
 *	since NS                  every event later than this is in the recording
 *	wall NS                   wall time less event time
 *	foreign                   process ids are not those of the recorder
 *	task TID TGID COMM        a thread that was there; TGID 0 = not known,
 *	                          COMM in hexadecimal digits, maybe none
 *	seen PART TIME FROM COOKIE STATE TGID FAMILY LADDR LPORT RADDR RPORT
 *	                          a socket that was there (EVENT_SEEN): PART 0 begins
 *	                          the list, 1 is a socket, 2 ends it; addresses in
 *	                          hexadecimal digits, IPv4 mapped; TGID 0 = not known
 *
 * Lines of other words are for later versions and are skipped.
 */
#ifndef RECORDING_START_H
#define RECORDING_START_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

struct recording_start {
	const char *text, *end;         /* borrowed; end is the NUL */
	const char *next;               /* where tasks are looked for next */
	const char *next_seen;          /* where sockets are */
	uint64_t since_ns;              /* 0 = not told */
	bool wall_known;
	int64_t wall_ns;
	bool foreign;
};

/* Reads what is told once; text has a NUL at length. False: not such a text. */
bool recording_start_open(struct recording_start *start, const char *text,
			  size_t length);

/* The next thread, as EVENT_TASK_LISTED of that time; false at the end. */
bool recording_start_next_task(struct recording_start *start, uint64_t time_ns,
			       struct event *event);

/* The next EVENT_SEEN; false at the end. */
bool recording_start_next_seen(struct recording_start *start,
			       struct event *event);

enum { RECORDING_START_LINE_BYTES = 288 };

/* For the writer; each gives the length of a line in text, which has
 * RECORDING_START_LINE_BYTES. */
size_t recording_start_head(char *text);
size_t recording_start_number(char *text, const char *word, int64_t value);
size_t recording_start_task(char *text, const struct event *event);
size_t recording_start_seen(char *text, const struct event *event);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sock_diag told a recorder of sockets when they went away (EVENT_GONE). A
 * recording of ours keeps it in an option of its own that other readers skip:
 * numbers in the recording's byte order, two of 32 bits with the version (1) and
 * the length of a record, then a record a socket. Behind what we know of a record
 * later versions may have more.
 */
#ifndef RECORDING_ENDS_H
#define RECORDING_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/event.h"

enum {
	RECORDING_ENDS_HEAD_BYTES = 8,
	RECORDING_ENDS_RECORD_BYTES = 56,
	RECORDING_ENDS_BYTES_MAX = 64 << 20     /* more are not kept */
};

/* For the writer. gone NULL: from here on some are missing. */
void recording_ends_head(uint8_t bytes[RECORDING_ENDS_HEAD_BYTES]);
void recording_ends_record(uint8_t bytes[RECORDING_ENDS_RECORD_BYTES],
			   const struct event *gone);

struct recording_ends {
	struct recording_end *list;     /* by cookie */
	size_t count;
	bool incomplete;                /* some are missing, as the writer knew */
};

/* Reads what a recording says, to a record that is cut short; nothing, where it
 * is of another version. 0 or -ENOMEM. */
int recording_ends_open(struct recording_ends *ends, const void *bytes,
			size_t length, bool big_endian);
void recording_ends_close(struct recording_ends *ends); /* accepts zeroed */

/* The last figures of the socket, as EVENT_GONE without a time; false: there
 * are none. */
bool recording_ends_find(const struct recording_ends *ends, uint64_t cookie,
			 struct event *gone);

#endif

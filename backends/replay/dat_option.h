/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of a trace.dat: numbered pieces, of which a reader skips those
 * that it does not know. */
#ifndef DAT_OPTION_H
#define DAT_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "dat.h"

enum dat_option_id {
	DAT_OPTION_DONE = 0,
	DAT_OPTION_DATE = 1,
	DAT_OPTION_CPUSTAT = 2,
	DAT_OPTION_BUFFER = 3,
	DAT_OPTION_CLOCK = 4,
	DAT_OPTION_UNAME = 5,
	DAT_OPTION_OFFSET = 7,
	DAT_OPTION_CPUCOUNT = 8,
	DAT_OPTION_VERSION = 9,
	DAT_OPTION_TSC2NSEC = 14,
	DAT_OPTION_HEADER_INFO = 16,    /* from here on in version 7 only */
	DAT_OPTION_FORMATS = 18,
	DAT_OPTION_NAMES = 21,
	DAT_OPTION_START = 0x7477,      /* ours: recording_start.h */
	DAT_OPTION_ENDS = 0x7478        /* ours: recording_ends.h */
};

/* Reads option after option up to DONE and gives each that is of use to take(),
 * its bytes terminated by a NUL that length does not count. Those with one
 * meaning in both versions are settled without take(). 0, or what take()
 * returned, or -EBADMSG with *err. */
struct dat_option {
	uint16_t id;
	const char *bytes;              /* borrowed until take() returns */
	size_t length;
};

typedef int dat_option_take_fn(struct dat *dat, const struct dat_option *option,
			       void *context, struct error *err);

int dat_option_read(struct dat *dat, struct dat_reader *reader,
		    dat_option_take_fn *take, void *context, struct error *err);

#endif

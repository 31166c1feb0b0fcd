/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to undo the compression of version 7 files; each a file of its own that
 * is there when its library is. */
#ifndef INFLATE_H
#define INFLATE_H

#include <stddef.h>

struct inflate {
	const char *name;       /* as the file's header spells it */

	/* All of in to exactly out_length bytes. 0, or -EBADMSG when it is not
	 * that, or -ENOMEM. */
	int (*inflate)(void *out, size_t out_length, const void *in,
		       size_t in_length);
};

extern const struct inflate inflate_zlib;
extern const struct inflate inflate_zstd;

/* registry.c: those of this build; NULL-terminated. */
extern const struct inflate *const inflates[];

#endif

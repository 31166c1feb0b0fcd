/* SPDX-License-Identifier: BSD-2-Clause */
/* zlib, as trace-cmd writes it. */
#include "inflate.h"

#include <errno.h>

#include <zlib.h>

static int inflate_all(void *out, size_t out_length, const void *in,
		       size_t in_length)
{
	uLongf length = out_length;

	switch (uncompress(out, &length, in, in_length)) {
	case Z_OK:
		return length == out_length ? 0 : -EBADMSG;
	case Z_MEM_ERROR:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}

const struct inflate inflate_zlib = { "zlib", inflate_all };

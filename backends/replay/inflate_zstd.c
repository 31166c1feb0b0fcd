/* SPDX-License-Identifier: BSD-2-Clause */
/* Zstandard, as trace-cmd writes it. */
#include "inflate.h"

#include <errno.h>

#include <zstd.h>

static int inflate_all(void *out, size_t out_length, const void *in,
		       size_t in_length)
{
	size_t length = ZSTD_decompress(out, out_length, in, in_length);

	return !ZSTD_isError(length) && length == out_length ? 0 : -EBADMSG;
}

const struct inflate inflate_zstd = { "zstd", inflate_all };

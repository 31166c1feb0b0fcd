/* SPDX-License-Identifier: BSD-2-Clause */
/* The other direction of backends/replay/inflate*; see dat_pack.h. */
#include "dat_pack.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#if WITH_ZLIB
#include <zlib.h>
#endif
#if WITH_ZSTD
#include <zstd.h>
#endif

struct packer {
	const char *name;
	size_t (*bound)(size_t length);
	size_t (*pack)(uint8_t *out, size_t room, const uint8_t *in,
		       size_t length);          /* 0: it failed */
};

#if WITH_ZLIB
static size_t zlib_bound(size_t length)
{
	return compressBound(length);
}

static size_t zlib_pack(uint8_t *out, size_t room, const uint8_t *in,
			size_t length)
{
	uLongf packed = room;

	return compress(out, &packed, in, length) == Z_OK ? packed : 0;
}
#endif

#if WITH_ZSTD
static size_t zstd_bound(size_t length)
{
	return ZSTD_compressBound(length);
}

static size_t zstd_pack(uint8_t *out, size_t room, const uint8_t *in,
			size_t length)
{
	size_t packed = ZSTD_compress(out, room, in, length, 1);

	return ZSTD_isError(packed) ? 0 : packed;
}
#endif

static const struct packer packers[] = {
#if WITH_ZLIB
	{ "zlib", zlib_bound, zlib_pack },
#endif
#if WITH_ZSTD
	{ "zstd", zstd_bound, zstd_pack },
#endif
	{ NULL, NULL, NULL }
};

static const struct packer *find(const char *name)
{
	const struct packer *packer = packers;

	while (packer->name && strcmp(packer->name, name))
		packer++;
	return packer->name ? packer : NULL;
}

bool dat_pack_can(const char *name)
{
	return find(name);
}

uint8_t *dat_pack(const char *name, const uint8_t *bytes, size_t length,
		  size_t *packed_length)
{
	const struct packer *packer = find(name);
	uint8_t *packed;

	assert_non_null(packer);
	packed = malloc(packer->bound(length));
	assert_non_null(packed);
	*packed_length = packer->pack(packed, packer->bound(length), bytes,
				      length);
	assert_true(*packed_length > 0);
	return packed;
}

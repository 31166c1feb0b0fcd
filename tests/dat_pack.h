/* SPDX-License-Identifier: BSD-2-Clause */
/* Compresses what the builder of recordings makes, with the libraries of this
 * build. */
#ifndef DAT_PACK_H
#define DAT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is the library of that name ("zlib", "zstd") there? */
bool dat_pack_can(const char *name);

/* Returns the compressed bytes, to be freed, with their count in *packed_length;
 * fails the test when that is not possible. */
uint8_t *dat_pack(const char *name, const uint8_t *bytes, size_t length,
		  size_t *packed_length);

#endif

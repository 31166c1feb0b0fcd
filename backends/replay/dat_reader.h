/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads numbers and strings one after another, from a stretch of a file or of
 * memory. What lies beyond the end reads as zero and marks the reader as failed:
 * so a parser may ask once, behind several reads, and must do so before it
 * believes a length.
 */
#ifndef DAT_READER_H
#define DAT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dat_file.h"

enum { DAT_READER_WINDOW_BYTES = 4096 };

struct dat_reader {
	const struct dat_file *file;    /* NULL: memory is read */
	const uint8_t *memory;
	uint64_t position, end;         /* offsets in the file, or the memory */
	bool big_endian;
	bool failed;                    /* the end was overrun, or a read failed */
	uint64_t window_at;             /* what of the file is at hand */
	size_t window_bytes;
	uint8_t window[DAT_READER_WINDOW_BYTES];
};

/* Over a file from that offset to its end. What is pointed to is borrowed. */
void dat_reader_init_file(struct dat_reader *reader, const struct dat_file *file,
			  uint64_t offset, bool big_endian);

void dat_reader_init_memory(struct dat_reader *reader, const void *memory,
			    size_t length, bool big_endian);

/* How many bytes are left; 0 once it failed. */
uint64_t dat_reader_left(const struct dat_reader *reader);

/* Copies the next bytes; all zero when there are not so many. */
void dat_reader_take(struct dat_reader *reader, void *bytes, size_t length);
void dat_reader_skip(struct dat_reader *reader, uint64_t bytes);

uint8_t dat_reader_u8(struct dat_reader *reader);
uint16_t dat_reader_u16(struct dat_reader *reader);
uint32_t dat_reader_u32(struct dat_reader *reader);
uint64_t dat_reader_u64(struct dat_reader *reader);

/* A string up to its NUL, which is stepped over; what does not fit is cut. */
void dat_reader_text(struct dat_reader *reader, char *text, size_t size);

/*
 * The next bytes in memory of their own, with a NUL behind; NULL when there are
 * not so many, they are more than most, or memory is short.
 */
char *dat_reader_copy(struct dat_reader *reader, uint64_t length, size_t most);

/* Steps over the bytes if they come next; false, and nothing done, otherwise. */
bool dat_reader_expect(struct dat_reader *reader, const void *bytes,
		       size_t length);

#endif

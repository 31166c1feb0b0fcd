/* SPDX-License-Identifier: BSD-2-Clause */
/* A cursor that cannot leave its stretch; see dat_reader.h. */
#include "dat_reader.h"

#include <stdlib.h>
#include <string.h>

void dat_reader_init_file(struct dat_reader *reader, const struct dat_file *file,
			  uint64_t offset, bool big_endian)
{
	reader->file = file;
	reader->memory = NULL;
	reader->position = offset;
	reader->end = file->size;
	reader->big_endian = big_endian;
	reader->failed = offset > file->size;
	reader->window_at = 0;
	reader->window_bytes = 0;
}

void dat_reader_init_memory(struct dat_reader *reader, const void *memory,
			    size_t length, bool big_endian)
{
	reader->file = NULL;
	reader->memory = memory;
	reader->position = 0;
	reader->end = length;
	reader->big_endian = big_endian;
	reader->failed = false;
	reader->window_at = 0;
	reader->window_bytes = 0;
}

uint64_t dat_reader_left(const struct dat_reader *reader)
{
	return reader->failed ? 0 : reader->end - reader->position;
}

/* Moves the window to the position. */
static bool fill(struct dat_reader *reader)
{
	uint64_t left = reader->end - reader->position;
	size_t bytes = left < sizeof(reader->window) ? (size_t)left :
						       sizeof(reader->window);

	reader->window_at = reader->position;
	reader->window_bytes = bytes;
	if (!dat_file_read(reader->file, reader->position, reader->window, bytes))
		return true;
	reader->window_bytes = 0;
	return false;
}

static bool is_at_hand(const struct dat_reader *reader, size_t length)
{
	return reader->position >= reader->window_at &&
	       reader->position - reader->window_at <= reader->window_bytes &&
	       length <= reader->window_bytes -
			 (size_t)(reader->position - reader->window_at);
}

/* The bytes at the position, of which there are so many, go to *bytes. */
static bool copy(struct dat_reader *reader, void *bytes, size_t length)
{
	if (!reader->file)
		memcpy(bytes, reader->memory + reader->position, length);
	else if (length > sizeof(reader->window))
		return !dat_file_read(reader->file, reader->position, bytes,
				      length);
	else if (!is_at_hand(reader, length) && !fill(reader))
		return false;
	else
		memcpy(bytes, reader->window +
			      (reader->position - reader->window_at), length);
	return true;
}

void dat_reader_take(struct dat_reader *reader, void *bytes, size_t length)
{
	if (length <= dat_reader_left(reader) && copy(reader, bytes, length)) {
		reader->position += length;
		return;
	}
	reader->failed = true;
	memset(bytes, 0, length);
}

void dat_reader_skip(struct dat_reader *reader, uint64_t bytes)
{
	if (bytes <= dat_reader_left(reader))
		reader->position += bytes;
	else
		reader->failed = true;
}

static bool is_foreign(const struct dat_reader *reader)
{
	return reader->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

uint8_t dat_reader_u8(struct dat_reader *reader)
{
	uint8_t value;

	dat_reader_take(reader, &value, sizeof(value));
	return value;
}

uint16_t dat_reader_u16(struct dat_reader *reader)
{
	uint16_t value;

	dat_reader_take(reader, &value, sizeof(value));
	return is_foreign(reader) ? __builtin_bswap16(value) : value;
}

uint32_t dat_reader_u32(struct dat_reader *reader)
{
	uint32_t value;

	dat_reader_take(reader, &value, sizeof(value));
	return is_foreign(reader) ? __builtin_bswap32(value) : value;
}

uint64_t dat_reader_u64(struct dat_reader *reader)
{
	uint64_t value;

	dat_reader_take(reader, &value, sizeof(value));
	return is_foreign(reader) ? __builtin_bswap64(value) : value;
}

void dat_reader_text(struct dat_reader *reader, char *text, size_t size)
{
	size_t length = 0;
	char next;

	while ((next = (char)dat_reader_u8(reader)))
		if (length < size - 1)
			text[length++] = next;
	text[length] = '\0';
}

char *dat_reader_copy(struct dat_reader *reader, uint64_t length, size_t most)
{
	char *bytes;

	if (length > most || length > dat_reader_left(reader)) {
		reader->failed = true;
		return NULL;
	}
	bytes = malloc((size_t)length + 1);
	if (!bytes) {
		reader->failed = true;
		return NULL;
	}
	dat_reader_take(reader, bytes, (size_t)length);
	bytes[length] = '\0';
	if (!reader->failed)
		return bytes;
	free(bytes);
	return NULL;
}

bool dat_reader_expect(struct dat_reader *reader, const void *bytes,
		       size_t length)
{
	uint8_t next[64];

	if (length > sizeof(next) || length > dat_reader_left(reader) ||
	    !copy(reader, next, length) || memcmp(next, bytes, length))
		return false;
	reader->position += length;
	return true;
}

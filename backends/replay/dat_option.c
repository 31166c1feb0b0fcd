/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads options; see dat_option.h. */
#include "dat_option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_BYTES = 64 << 20 };       /* a start-up dump of a busy host */

static const char what[] = "options";

static void copy_text(char *text, size_t size, const struct dat_option *option)
{
	size_t length = strcspn(option->bytes, "\n");

	if (length >= size)
		length = size - 1;
	memcpy(text, option->bytes, length);
	text[length] = '\0';
}

/* Microseconds, in any notation of C. */
static void take_date(struct dat *dat, const struct dat_option *option)
{
	int64_t date_us = strtoll(option->bytes, NULL, 0);

	dat->date_known = !__builtin_mul_overflow(date_us, 1000, &dat->date_ns);
}

static uint64_t number_behind(const char *text, const char *word)
{
	const char *found = strstr(text, word);

	return found ? strtoull(found + strlen(word), NULL, 10) : 0;
}

/* Of an instance's CPUs, behind a heading "Buffer: name". */
static int take_statistics(struct dat *dat, const struct dat_option *option)
{
	const char *heading = strstr(option->bytes, "Buffer: ");
	struct dat_drop *drops;
	struct dat_drop drop = {
		.cpu = (unsigned int)number_behind(option->bytes, "CPU: "),
		.count = number_behind(option->bytes, "commit overrun: ") +
			 number_behind(option->bytes, "dropped events: "),
	};

	if (dat->drop_count)
		memcpy(drop.buffer, dat->drops[dat->drop_count - 1].buffer,
		       sizeof(drop.buffer));
	if (heading) {
		heading += strlen("Buffer: ");
		memset(drop.buffer, 0, sizeof(drop.buffer));
		memcpy(drop.buffer, heading,
		       strnlen(heading, strcspn(heading, "\n") <
			       sizeof(drop.buffer) ? strcspn(heading, "\n") :
						     sizeof(drop.buffer) - 1));
	}
	drops = realloc(dat->drops, (dat->drop_count + 1) * sizeof(*drops));
	if (!drops)
		return -ENOMEM;
	dat->drops = drops;
	drops[dat->drop_count++] = drop;
	return 0;
}

static void take_tsc(struct dat *dat, const struct dat_option *option)
{
	struct dat_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return;
	dat_reader_init_memory(reader, option->bytes, option->length,
			       dat->big_endian);
	dat->tsc_mult = dat_reader_u32(reader);
	dat->tsc_shift = dat_reader_u32(reader);
	dat->tsc_offset = (int64_t)dat_reader_u64(reader);
	if (reader->failed || dat->tsc_shift > 63)
		dat->tsc_mult = 0;
	free(reader);
}

/* The first of its kind. */
static int keep(char **bytes, size_t *length, struct dat_option *option)
{
	if (*bytes)
		return 0;
	*bytes = (char *)option->bytes;
	*length = option->length;
	option->bytes = NULL;
	return 0;
}

/* option->bytes becomes NULL when they are kept. */
static int take(struct dat *dat, struct dat_option *option)
{
	switch (option->id) {
	case DAT_OPTION_DATE:
		take_date(dat, option);
		return 0;
	case DAT_OPTION_CPUSTAT:
		return take_statistics(dat, option);
	case DAT_OPTION_CLOCK:
		dat_set_clock(dat->clock, option->bytes);
		dat->clock_follows = true;
		return 0;
	case DAT_OPTION_UNAME:
		copy_text(dat->uname, sizeof(dat->uname), option);
		return 0;
	case DAT_OPTION_OFFSET:
		dat->offset_ns = strtoll(option->bytes, NULL, 0);
		return 0;
	case DAT_OPTION_VERSION:
		copy_text(dat->writer, sizeof(dat->writer), option);
		return 0;
	case DAT_OPTION_TSC2NSEC:
		take_tsc(dat, option);
		return 0;
	case DAT_OPTION_START:
		return keep(&dat->start, &dat->start_length, option);
	case DAT_OPTION_ENDS:
		return keep(&dat->ends, &dat->ends_length, option);
	}
	return 0;
}

static bool is_of_use(uint16_t id)
{
	switch (id) {
	case DAT_OPTION_DONE:
	case DAT_OPTION_DATE:
	case DAT_OPTION_CPUSTAT:
	case DAT_OPTION_BUFFER:
	case DAT_OPTION_CLOCK:
	case DAT_OPTION_UNAME:
	case DAT_OPTION_OFFSET:
	case DAT_OPTION_CPUCOUNT:
	case DAT_OPTION_VERSION:
	case DAT_OPTION_TSC2NSEC:
	case DAT_OPTION_HEADER_INFO:
	case DAT_OPTION_FORMATS:
	case DAT_OPTION_NAMES:
	case DAT_OPTION_START:
	case DAT_OPTION_ENDS:
		return true;
	}
	return false;
}

/* Version 6 has no length behind the last one. */
static uint32_t length_of(const struct dat *dat, uint16_t id,
			  struct dat_reader *reader)
{
	return id == DAT_OPTION_DONE && dat->version == 6 ?
	       0 : dat_reader_u32(reader);
}

int dat_option_read(struct dat *dat, struct dat_reader *reader,
		    dat_option_take_fn *take_own, void *context,
		    struct error *err)
{
	struct dat_option option = { .id = UINT16_MAX };
	int ret = 0;

	while (option.id != DAT_OPTION_DONE && !ret) {
		option.id = dat_reader_u16(reader);
		option.length = length_of(dat, option.id, reader);
		if (!reader->failed && !is_of_use(option.id)) {
			dat_reader_skip(reader, option.length);
			continue;
		}
		option.bytes = reader->failed ? NULL :
			dat_reader_copy(reader, option.length, OPTION_BYTES);
		if (!option.bytes)
			return dat_broken(err, what);
		ret = take(dat, &option);
		if (!ret && option.bytes)
			ret = take_own(dat, &option, context, err);
		free((char *)option.bytes);
	}
	return ret ? error_set(err, -ret, "its options: %s", strerror(-ret)) : 0;
}

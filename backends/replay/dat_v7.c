/* SPDX-License-Identifier: BSD-2-Clause */
/* Version 7: options that point to sections, any of which may be compressed. */
#include "dat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dat_option.h"

enum {
	SECTION_BYTES = 64 << 20,       /* uncompressed; of those that we read */
	RATIO_MAX = 2000,               /* of the two lengths; zlib has 1032 */
	OPTION_SECTIONS_MAX = 64,
	FLAG_COMPRESSED = 1,
	SECTION_OPTIONS = 0, SECTION_PAGES = 3, SECTION_HEADER_INFO = 16,
	SECTION_FORMATS = 18, SECTION_NAMES = 21
};

struct section {
	struct dat_reader reader;       /* at its first byte */
	void *memory;                   /* what it reads from, if that is ours */
};

/* What the options of one section said. */
struct v7 {
	uint64_t header_info, formats, names;   /* offsets of sections; 0 = none */
	uint64_t next;                          /* of more options */
};

static uint64_t u64_of(const struct dat *dat, const char *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return dat->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ?
	       __builtin_bswap64(value) : value;
}

/* Stands at the section's two lengths; goes to its content. */
static int unpack(struct dat *dat, struct section *section)
{
	uint32_t packed_bytes = dat_reader_u32(&section->reader);
	uint32_t bytes = dat_reader_u32(&section->reader);
	char *packed;
	int ret;

	if (section->reader.failed || bytes > SECTION_BYTES || !dat->inflate ||
	    bytes / RATIO_MAX > packed_bytes)
		return -EBADMSG;
	packed = dat_reader_copy(&section->reader, packed_bytes, SECTION_BYTES);
	section->memory = malloc(bytes ? bytes : 1);
	if (!packed || !section->memory) {
		free(packed);
		return -EBADMSG;
	}
	ret = dat->inflate->inflate(section->memory, bytes, packed, packed_bytes);
	free(packed);
	dat_reader_init_memory(&section->reader, section->memory, bytes,
			       dat->big_endian);
	return ret;
}

/* NULL with *err when there is no such section at that offset. */
static struct section *open_section(struct dat *dat, uint64_t offset,
				    unsigned int id, struct error *err)
{
	struct section *section = malloc(sizeof(*section));
	uint16_t found, flags;

	if (!section) {
		error_set(err, ENOMEM, "no memory to read a recording");
		return NULL;
	}
	section->memory = NULL;
	dat_reader_init_file(&section->reader, &dat->file, offset,
			     dat->big_endian);
	found = dat_reader_u16(&section->reader);
	flags = dat_reader_u16(&section->reader);
	/* A description and a length, which each section knows better. */
	dat_reader_skip(&section->reader, sizeof(uint32_t) + sizeof(uint64_t));
	if (!section->reader.failed && found == id &&
	    (!(flags & FLAG_COMPRESSED) || !unpack(dat, section)))
		return section;
	dat_broken(err, "sections");
	free(section->memory);
	free(section);
	return NULL;
}

static void close_section(struct section *section)
{
	free(section->memory);
	free(section);
}

/* Its pages are compressed or not as a whole. */
static int take_pages_section(struct dat *dat, struct dat_buffer *buffer,
			      uint64_t offset)
{
	struct dat_reader *reader = malloc(sizeof(*reader));
	uint16_t id, flags;
	int ret;

	if (!reader)
		return -ENOMEM;
	dat_reader_init_file(reader, &dat->file, offset, dat->big_endian);
	id = dat_reader_u16(reader);
	flags = dat_reader_u16(reader);
	ret = reader->failed || id != SECTION_PAGES ? -EBADMSG : 0;
	buffer->compressed = flags & FLAG_COMPRESSED;
	free(reader);
	return ret;
}

static int take_cpus(struct dat_buffer *buffer, struct dat_reader *reader)
{
	for (size_t i = 0; i < buffer->cpu_count; i++) {
		struct dat_cpu *cpu = &buffer->cpus[i];

		cpu->cpu = dat_reader_u32(reader);
		cpu->offset = dat_reader_u64(reader);
		cpu->size = dat_reader_u64(reader);
		if (cpu->cpu >= DAT_CPUS_MAX)
			return -EBADMSG;
	}
	return reader->failed ? -EBADMSG : 0;
}

static bool is_page_size(uint32_t bytes)
{
	return bytes >= 512 && bytes <= 1 << 20 && !(bytes & (bytes - 1));
}

static int take_buffer(struct dat *dat, struct dat_reader *reader)
{
	char name[DAT_NAME_BYTES], clock[256];
	struct dat_buffer *buffer;
	uint32_t page_bytes;
	uint64_t offset;
	int ret;

	offset = dat_reader_u64(reader);
	dat_reader_text(reader, name, sizeof(name));
	dat_reader_text(reader, clock, sizeof(clock));
	page_bytes = dat_reader_u32(reader);
	buffer = dat_add_buffer(dat, dat_reader_u32(reader));
	if (!buffer || reader->failed || !is_page_size(page_bytes))
		return -EBADMSG;
	memcpy(buffer->name, name, sizeof(name));
	dat_set_clock(buffer->clock, clock);
	buffer->page_bytes = page_bytes;
	ret = take_cpus(buffer, reader);
	return ret ? ret : take_pages_section(dat, buffer, offset);
}

static int take_buffer_option(struct dat *dat, const struct dat_option *option)
{
	struct dat_reader *reader = malloc(sizeof(*reader));
	int ret;

	if (!reader)
		return -ENOMEM;
	dat_reader_init_memory(reader, option->bytes, option->length,
			       dat->big_endian);
	ret = take_buffer(dat, reader);
	free(reader);
	return ret;
}

static int take_option(struct dat *dat, const struct dat_option *option,
		       void *context, struct error *err)
{
	struct v7 *v7 = context;
	uint64_t *offset;

	(void)err;
	switch (option->id) {
	case DAT_OPTION_BUFFER:
		return take_buffer_option(dat, option);
	case DAT_OPTION_DONE:
		offset = &v7->next;
		break;
	case DAT_OPTION_HEADER_INFO:
		offset = &v7->header_info;
		break;
	case DAT_OPTION_FORMATS:
		offset = &v7->formats;
		break;
	case DAT_OPTION_NAMES:
		offset = &v7->names;
		break;
	default:
		return 0;
	}
	if (option->length < sizeof(*offset))
		return -EBADMSG;
	*offset = u64_of(dat, option->bytes);
	return 0;
}

static int read_section(struct dat *dat, uint64_t offset, unsigned int id,
			int (*take)(struct dat *, struct dat_reader *,
				    struct error *),
			struct error *err)
{
	struct section *section;
	int ret;

	if (!offset)
		return 0;
	section = open_section(dat, offset, id, err);
	if (!section)
		return -EBADMSG;
	ret = take(dat, &section->reader, err);
	close_section(section);
	return ret;
}

static int read_options(struct dat *dat, struct v7 *v7, struct error *err)
{
	for (size_t i = 0; v7->next && i < OPTION_SECTIONS_MAX; i++) {
		struct section *section = open_section(dat, v7->next,
						       SECTION_OPTIONS, err);
		int ret;

		if (!section)
			return -EBADMSG;
		v7->next = 0;
		ret = dat_option_read(dat, &section->reader, take_option, v7,
				      err);
		close_section(section);
		if (ret)
			return ret;
	}
	return v7->next ? dat_broken(err, "chain of options") : 0;
}

static int take_compression(struct dat *dat, struct dat_reader *reader,
			    struct error *err)
{
	char version[32];

	dat_reader_text(reader, dat->compression, sizeof(dat->compression));
	dat_reader_text(reader, version, sizeof(version));
	if (!strcmp(dat->compression, "none"))
		dat->compression[0] = '\0';
	if (reader->failed || !dat->compression[0])
		return 0;
	for (size_t i = 0; inflates[i]; i++)
		if (!strcmp(inflates[i]->name, dat->compression))
			dat->inflate = inflates[i];
	return dat->inflate ? 0 :
	       error_set(err, ENOTSUP, "it is compressed with '%.15s', which this "
			 "build lacks; 'trace-cmd convert --compression none' "
			 "makes one that is not", dat->compression);
}

int dat_v7_read(struct dat *dat, struct dat_reader *reader, struct error *err)
{
	struct v7 v7 = { 0 };
	int ret = take_compression(dat, reader, err);

	v7.next = dat_reader_u64(reader);
	if (!ret && (reader->failed || !v7.next))
		ret = dat_broken(err, "first bytes");
	if (!ret)
		ret = read_options(dat, &v7, err);
	if (!ret && !v7.header_info)
		ret = dat_broken(err, "description of pages");
	if (!ret)
		ret = read_section(dat, v7.header_info, SECTION_HEADER_INFO,
				   dat_take_header_info, err);
	if (!ret)
		ret = read_section(dat, v7.formats, SECTION_FORMATS,
				   dat_take_formats, err);
	if (!ret)
		ret = read_section(dat, v7.names, SECTION_NAMES, dat_take_names,
				   err);
	return ret;
}

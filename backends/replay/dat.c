/* SPDX-License-Identifier: BSD-2-Clause */
/* The head of a trace.dat and what its versions share; see dat.h. */
#include "dat.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/trace_format_text.h"

static const uint8_t magic[] = {
	0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'
};

enum {
	HEADER_PAGE_BYTES = 4096,       /* the text has about 200 */
	FORMAT_BYTES = 256 * 1024,      /* the longest has some 50 KB */
	NAMES_BYTES = 64 << 20,
	PAGE_BYTES_LEAST = 512, PAGE_BYTES_MOST = 1 << 20
};

int dat_broken(struct error *err, const char *what)
{
	return error_set(err, EBADMSG, "its %s: broken or cut short", what);
}

bool dat_is(const struct dat_file *file)
{
	uint8_t first[sizeof(magic)];

	return !dat_file_read(file, 0, first, sizeof(first)) &&
	       !memcmp(first, magic, sizeof(magic));
}

void dat_set_clock(char clock[DAT_CLOCK_BYTES], const char *text)
{
	const char *open = strchr(text, '[');
	const char *from = open ? open + 1 : text;
	size_t length = strcspn(from, "] \n");

	if (length >= DAT_CLOCK_BYTES)
		length = DAT_CLOCK_BYTES - 1;
	memcpy(clock, from, length);
	clock[length] = '\0';
}

static bool is_power_of_two(uint32_t number)
{
	return number && !(number & (number - 1));
}

int dat_take_header_info(struct dat *dat, struct dat_reader *reader,
			 struct error *err)
{
	static const char what[] = "description of pages";
	char *text;
	int ret;

	if (!dat_reader_expect(reader, "header_page", sizeof("header_page")))
		return dat_broken(err, what);
	text = dat_reader_copy(reader, dat_reader_u64(reader), HEADER_PAGE_BYTES);
	if (!text)
		return dat_broken(err, what);
	ret = trace_page_layout_parse(&dat->page_layout, text, err);
	dat->page_layout.big_endian = dat->big_endian;
	free(text);
	if (ret)
		return ret;
	if (!dat_reader_expect(reader, "header_event", sizeof("header_event")))
		return dat_broken(err, what);
	dat_reader_skip(reader, dat_reader_u64(reader));
	return reader->failed ? dat_broken(err, what) : 0;
}

/* Probes of ours are in a system of their own, called after their instance. */
static bool is_system(const char *name, const char *system)
{
	return system ? !strcmp(name, system) : !strncmp(name, "tcpwatch_", 9);
}

/* The event of ours that this is, or TRACE_EVENT_COUNT. */
static enum trace_event find_event(const char *system, const char *name)
{
	unsigned int which = 0;

	for (; which < TRACE_EVENT_COUNT; which++) {
		const struct trace_event_info *info = &trace_events[which];

		if (is_system(system, info->system) && !strcmp(name, info->name))
			break;
		if (info->old_name && !strcmp(system, info->old_system) &&
		    !strcmp(name, info->old_name))
			break;
	}
	return which;
}

static void take_format(struct dat *dat, const char *system, const char *text,
			size_t length)
{
	const struct trace_format_text format = { text, length };
	char name[TRACE_FORMAT_NAME_BYTES];
	struct error failed = { 0 };
	enum trace_event which;

	if (!trace_format_text_name(&format, name))
		return;
	which = find_event(system, name);
	if (which == TRACE_EVENT_COUNT || dat->format.layouts[which].present)
		return;
	if (trace_format_add(&dat->format, which, text, length, &failed) &&
	    !dat->bad_format[0])
		snprintf(dat->bad_format, sizeof(dat->bad_format), "%.*s",
			 DAT_TEXT_BYTES - 1, failed.text);
}

static bool may_be_ours(const char *system)
{
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++) {
		const struct trace_event_info *info = &trace_events[which];

		if (is_system(system, info->system) ||
		    (info->old_name && !strcmp(system, info->old_system)))
			return true;
	}
	return false;
}

static int take_system(struct dat *dat, struct dat_reader *reader)
{
	char system[DAT_NAME_BYTES];
	uint32_t count;

	dat_reader_text(reader, system, sizeof(system));
	count = dat_reader_u32(reader);
	for (uint32_t i = 0; i < count && !reader->failed; i++) {
		uint64_t length = dat_reader_u64(reader);
		char *text;

		dat->formats++;
		if (!may_be_ours(system) || length > FORMAT_BYTES) {
			dat_reader_skip(reader, length);
			continue;
		}
		text = dat_reader_copy(reader, length, FORMAT_BYTES);
		if (!text)
			break;
		take_format(dat, system, text, (size_t)length);
		free(text);
	}
	return reader->failed ? -EBADMSG : 0;
}

int dat_take_formats(struct dat *dat, struct dat_reader *reader,
		     struct error *err)
{
	uint32_t systems = dat_reader_u32(reader);

	for (uint32_t i = 0; i < systems; i++)
		if (take_system(dat, reader))
			return dat_broken(err, "event formats");
	return reader->failed ? dat_broken(err, "event formats") : 0;
}

int dat_take_names(struct dat *dat, struct dat_reader *reader,
		   struct error *err)
{
	uint64_t length;

	if (dat->names)
		return 0;
	dat->names_at = reader->position;
	length = dat_reader_u64(reader);
	dat->names = dat_reader_copy(reader, length, NAMES_BYTES);
	dat->names_end = reader->position;
	return dat->names ? 0 : dat_broken(err, "names of processes");
}

/* An entry of each CPU is in the file, with at least its offset and size. */
static bool has_room(const struct dat *dat, uint64_t cpu_count)
{
	return cpu_count <= DAT_CPUS_MAX &&
	       dat->cpus + cpu_count <= dat->file.size / (2 * sizeof(uint64_t));
}

struct dat_buffer *dat_add_buffer(struct dat *dat, uint64_t cpu_count)
{
	struct dat_buffer *buffers, *buffer;
	struct dat_cpu *cpus;

	/* The count says it is one CPU at least, which bounds their number. */
	dat->cpus++;
	if (!has_room(dat, cpu_count))
		return NULL;
	buffers = realloc(dat->buffers,
			  (dat->buffer_count + 1) * sizeof(*buffers));
	if (!buffers)
		return NULL;
	dat->buffers = buffers;
	cpus = calloc(cpu_count ? (size_t)cpu_count : 1, sizeof(*cpus));
	if (!cpus)
		return NULL;
	for (size_t i = 0; i < cpu_count; i++)
		cpus[i].piece.fd = -1;
	buffer = &buffers[dat->buffer_count++];
	*buffer = (struct dat_buffer){
		.page_bytes = dat->page_bytes,
		.cpu_count = (size_t)cpu_count,
		.cpus = cpus,
	};
	dat->cpus += cpu_count;
	return buffer;
}

static int take_page_bytes(struct dat *dat, struct dat_reader *reader,
			   struct error *err)
{
	dat->page_bytes = dat_reader_u32(reader);
	if (!is_power_of_two(dat->page_bytes) ||
	    dat->page_bytes < PAGE_BYTES_LEAST ||
	    dat->page_bytes > PAGE_BYTES_MOST)
		return error_set(err, EBADMSG, "it says that its pages have %u "
				 "bytes, which cannot be", dat->page_bytes);
	return 0;
}

/* The reader is too large for some stacks when two of them nest. */
static int take_head(struct dat *dat, struct dat_reader *reader,
		     struct error *err)
{
	char version[8];
	uint8_t order;

	dat_reader_skip(reader, sizeof(magic));
	dat_reader_text(reader, version, sizeof(version));
	order = dat_reader_u8(reader);
	dat_reader_u8(reader);          /* of a long in user space */
	if (reader->failed || order > 1)
		return dat_broken(err, "first bytes");
	reader->big_endian = dat->big_endian = dat->format.big_endian = order;
	if (take_page_bytes(dat, reader, err))
		return -EBADMSG;
	if (!strcmp(version, "6")) {
		dat->version = 6;
		return dat_v6_read(dat, reader, err);
	}
	if (!strcmp(version, "7")) {
		dat->version = 7;
		return dat_v7_read(dat, reader, err);
	}
	return error_set(err, EBADMSG, "it is a trace.dat of version '%.7s', and "
			 "tcpwatch reads 6 and 7", version);
}

int dat_open(struct dat *dat, struct dat_file *file, struct error *err)
{
	struct dat_reader *reader = malloc(sizeof(*reader));
	int ret;

	*dat = (struct dat){ .file = *file };
	file->fd = -1;
	if (!reader) {
		dat_close(dat);
		return error_set(err, ENOMEM, "no memory to read a recording");
	}
	dat_reader_init_file(reader, &dat->file, 0, false);
	ret = dat_is(&dat->file) ? take_head(dat, reader, err) :
	      error_set(err, EBADMSG, "it is no trace.dat");
	free(reader);
	if (ret)
		dat_close(dat);
	return ret;
}

void dat_close(struct dat *dat)
{
	for (size_t i = 0; i < dat->buffer_count; i++) {
		for (size_t j = 0; j < dat->buffers[i].cpu_count; j++)
			dat_file_close(&dat->buffers[i].cpus[j].piece);
		free(dat->buffers[i].cpus);
	}
	free(dat->buffers);
	free(dat->drops);
	free(dat->names);
	free(dat->start);
	free(dat->ends);
	dat_file_close(&dat->file);
	*dat = (struct dat){ .file.fd = -1 };
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Version 6: one part behind the other. The text of trace_clock behind the table
 * of CPUs is in no manual page; trace-cmd writes it whenever it writes the
 * option TRACECLOCK.
 */
#include "dat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dat_option.h"

enum { CLOCK_TEXT_BYTES = 4096, INSTANCES_MAX = 4096 };

static const char options_word[] = "options  ";
static const char pages_word[] = "flyrecord";
static const char text_word[] = "latency  ";

/* What the options say and what follows them needs. */
struct v6 {
	uint32_t cpu_count;
	size_t instances;
	struct {
		uint64_t offset;
		char name[DAT_NAME_BYTES];
	} *list;
};

static int skip_formats(struct dat_reader *reader, struct error *err)
{
	uint32_t count = dat_reader_u32(reader);

	for (uint32_t i = 0; i < count && !reader->failed; i++)
		dat_reader_skip(reader, dat_reader_u64(reader));
	return reader->failed ? dat_broken(err, "formats of ftrace") : 0;
}

static int skip_symbols(struct dat_reader *reader, struct error *err)
{
	dat_reader_skip(reader, dat_reader_u32(reader));        /* kallsyms */
	dat_reader_skip(reader, dat_reader_u32(reader));        /* printk */
	return reader->failed ? dat_broken(err, "kernel symbols") : 0;
}

static int add_instance(struct v6 *v6, const struct dat_option *option,
			bool big_endian)
{
	struct dat_reader *reader;
	void *list;

	if (v6->instances == INSTANCES_MAX || option->length < sizeof(uint64_t))
		return -EBADMSG;
	list = realloc(v6->list, (v6->instances + 1) * sizeof(*v6->list));
	if (!list)
		return -ENOMEM;
	v6->list = list;
	reader = malloc(sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	dat_reader_init_memory(reader, option->bytes, option->length + 1,
			       big_endian);
	v6->list[v6->instances].offset = dat_reader_u64(reader);
	dat_reader_text(reader, v6->list[v6->instances].name, DAT_NAME_BYTES);
	v6->instances++;
	free(reader);
	return 0;
}

static int take_option(struct dat *dat, const struct dat_option *option,
		       void *context, struct error *err)
{
	struct v6 *v6 = context;
	uint32_t count;

	(void)err;
	if (option->id == DAT_OPTION_BUFFER)
		return add_instance(v6, option, dat->big_endian);
	if (option->id != DAT_OPTION_CPUCOUNT)
		return 0;
	if (option->length < sizeof(count))
		return -EBADMSG;
	memcpy(&count, option->bytes, sizeof(count));
	v6->cpu_count = dat->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ?
			__builtin_bswap32(count) : count;
	return 0;
}

static int take_clock(struct dat *dat, struct dat_buffer *buffer,
		      struct dat_reader *reader, struct error *err)
{
	char *text;

	memcpy(buffer->clock, dat->clock, sizeof(buffer->clock));
	if (!dat->clock_follows)
		return 0;
	text = dat_reader_copy(reader, dat_reader_u64(reader), CLOCK_TEXT_BYTES);
	if (!text)
		return dat_broken(err, "clock");
	dat_set_clock(buffer->clock, text);
	free(text);
	return 0;
}

/* The table of CPUs, whose pages lie elsewhere. */
static int take_table(struct dat *dat, const char *name, uint32_t cpu_count,
		      struct dat_reader *reader, struct error *err)
{
	struct dat_buffer *buffer = dat_add_buffer(dat, cpu_count);

	if (!buffer)
		return dat_broken(err, "table of CPUs");
	strcpy(buffer->name, name);     /* both have DAT_NAME_BYTES */
	for (uint32_t cpu = 0; cpu < cpu_count; cpu++) {
		buffer->cpus[cpu].cpu = cpu;
		buffer->cpus[cpu].offset = dat_reader_u64(reader);
		buffer->cpus[cpu].size = dat_reader_u64(reader);
	}
	if (reader->failed)
		return dat_broken(err, "table of CPUs");
	return take_clock(dat, buffer, reader, err);
}

static int take_instances(struct dat *dat, const struct v6 *v6,
			  struct dat_reader *reader, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < v6->instances && !ret; i++) {
		dat_reader_init_file(reader, &dat->file, v6->list[i].offset,
				     dat->big_endian);
		if (!dat_reader_expect(reader, pages_word, sizeof(pages_word)))
			return dat_broken(err, "table of instances");
		ret = take_table(dat, v6->list[i].name, v6->cpu_count, reader,
				 err);
	}
	return ret;
}

static int take_pages(struct dat *dat, const struct v6 *v6,
		      struct dat_reader *reader, struct error *err)
{
	int ret;

	if (dat_reader_expect(reader, text_word, sizeof(text_word)))
		return error_set(err, ENOTSUP, "it holds a latency trace, which "
				 "is text, instead of events");
	if (!dat_reader_left(reader) && dat->start && !reader->failed) {
		dat->unfinished = true;
		return dat_add_buffer(dat, v6->cpu_count) ?
		       0 : dat_broken(err, "number of CPUs");
	}
	if (!dat_reader_expect(reader, pages_word, sizeof(pages_word)))
		return dat_broken(err, "table of CPUs");
	ret = take_table(dat, "", v6->cpu_count, reader, err);
	return ret ? ret : take_instances(dat, v6, reader, err);
}

int dat_v6_read(struct dat *dat, struct dat_reader *reader, struct error *err)
{
	struct v6 v6 = { 0 };
	int ret = dat_take_header_info(dat, reader, err);

	if (!ret)
		ret = skip_formats(reader, err);
	if (!ret)
		ret = dat_take_formats(dat, reader, err);
	if (!ret)
		ret = skip_symbols(reader, err);
	if (!ret)
		ret = dat_take_names(dat, reader, err);
	v6.cpu_count = dat_reader_u32(reader);
	if (!ret && dat_reader_expect(reader, options_word, sizeof(options_word)))
		ret = dat_option_read(dat, reader, take_option, &v6, err);
	if (!ret)
		ret = take_pages(dat, &v6, reader, err);
	free(v6.list);
	return ret;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes trace.dat files part by part; see dat_builder.h. */
#include "dat_builder.h"

#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dat_pack.h"

enum { EVENT_ID = 1234, RECORD_WORDS = 18, START_NS = 1000000 };

/* A record of EVENT_ID: offsets by the width of a pointer. */
struct record_layout {
	unsigned int skaddr, states, ports, addresses, length;
};

static struct record_layout layout_of(const struct dat_builder_shape *shape)
{
	unsigned int pointer = shape->is_32bit ? 4 : 8;

	return (struct record_layout){
		8, 8 + pointer, 16 + pointer, 24 + pointer, 64 + pointer
	};
}

uint64_t dat_builder_time(size_t cpu, size_t event)
{
	return START_NS + event * 100000 + cpu * 100;
}

uint16_t dat_builder_port(size_t cpu, size_t event)
{
	return (uint16_t)(1024 + (event * 7 + cpu * 13) % 60000);
}

static void put(struct dat_builder *builder, const void *bytes, size_t length)
{
	if (builder->length + length > builder->room) {
		builder->room = (builder->length + length) * 2;
		builder->bytes = realloc(builder->bytes, builder->room);
		assert_non_null(builder->bytes);
	}
	if (length)
		memcpy(builder->bytes + builder->length, bytes, length);
	builder->length += length;
}

static void store(const struct dat_builder *builder, uint8_t *to, uint64_t value,
		  size_t width)
{
	for (size_t i = 0; i < width; i++) {
		size_t at = builder->shape.big_endian ? width - 1 - i : i;

		to[at] = (uint8_t)(value >> 8 * i);
	}
}

static void put_number(struct dat_builder *builder, uint64_t value, size_t width)
{
	uint8_t bytes[8];

	store(builder, bytes, value, width);
	put(builder, bytes, width);
}

static void put_text(struct dat_builder *builder, const char *text)
{
	put(builder, text, strlen(text) + 1);
}

/* A length in eight bytes, and the text. */
static void put_long(struct dat_builder *builder, const char *text)
{
	put_number(builder, strlen(text), 8);
	put(builder, text, strlen(text));
}

static void put_header_info(struct dat_builder *builder)
{
	unsigned int width = builder->shape.is_32bit ? 4 : 8;
	char text[512];

	snprintf(text, sizeof(text),
		 "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		 "\tfield: local_t commit;\toffset:8;\tsize:%u;\tsigned:1;\n"
		 "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		 "\tfield: char data;\toffset:%u;\tsize:%u;\tsigned:0;\n",
		 width, 8 + width, 4096 - 8 - width);
	put_text(builder, "header_page");
	put_long(builder, text);
	put_text(builder, "header_event");
	put_long(builder, "# compressed entry header\n");
}

static void put_format(struct dat_builder *builder)
{
	const struct record_layout at = layout_of(&builder->shape);
	char text[2048];

	snprintf(text, sizeof(text),
		 "name: inet_sock_set_state\nID: %u\nformat:\n"
		 "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\n"
		 "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\n"
		 "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
		 "\tfield:const void * skaddr;\toffset:%u;\tsize:%u;\n"
		 "\tfield:int oldstate;\toffset:%u;\tsize:4;\tsigned:1;\n"
		 "\tfield:int newstate;\toffset:%u;\tsize:4;\tsigned:1;\n"
		 "\tfield:__u16 sport;\toffset:%u;\tsize:2;\tsigned:0;\n"
		 "\tfield:__u16 dport;\toffset:%u;\tsize:2;\tsigned:0;\n"
		 "\tfield:__u16 protocol;\toffset:%u;\tsize:2;\tsigned:0;\n"
		 "\tfield:__u8 saddr[4];\toffset:%u;\tsize:4;\tsigned:0;\n"
		 "\tfield:__u8 daddr[4];\toffset:%u;\tsize:4;\tsigned:0;\n"
		 "\nprint fmt: \"\"\n",
		 EVENT_ID, at.skaddr, builder->shape.is_32bit ? 4 : 8, at.states,
		 at.states + 4, at.ports, at.ports + 2, at.ports + 4,
		 at.addresses, at.addresses + 4);
	put_long(builder, text);
}

static void put_formats(struct dat_builder *builder)
{
	static const char other[] = "name: other\nID: 7\nformat:\n\nprint fmt: \n";

	put_number(builder, builder->shape.no_events ? 1 : 2, 4);
	put_text(builder, "sched");
	put_number(builder, 1, 4);
	put_long(builder, other);
	if (builder->shape.no_events)
		return;
	put_text(builder, "sock");
	put_number(builder, 1, 4);
	put_format(builder);
}

static void store_record(const struct dat_builder *builder, uint8_t *record,
			 size_t cpu, size_t event)
{
	static const uint8_t states[] = { 7, 2, 1, 4, 5 };
	const struct record_layout at = layout_of(&builder->shape);
	uint16_t port = dat_builder_port(cpu, event);

	store(builder, record, EVENT_ID, 2);
	store(builder, record + 4, 100 + cpu, 4);
	store(builder, record + at.skaddr, 0x1000 + cpu * 64 + event / 5 * 8,
	      builder->shape.is_32bit ? 4 : 8);
	store(builder, record + at.states, states[event % 5], 4);
	store(builder, record + at.states + 4, states[(event + 1) % 5], 4);
	store(builder, record + at.ports, port, 2);
	store(builder, record + at.ports + 2, 80, 2);
	store(builder, record + at.ports + 4, 6, 2);
	record[at.addresses] = record[at.addresses + 4] = 127;
	record[at.addresses + 3] = record[at.addresses + 7] = 1;
}

/* One page from that event on, padded; returns the event behind it. */
static size_t put_page(struct dat_builder *builder, size_t cpu, size_t event,
		       bool after_loss)
{
	const struct dat_builder_shape *shape = &builder->shape;
	size_t width = shape->is_32bit ? 4 : 8;
	size_t length = 4 + layout_of(shape).length, at = 8 + width;
	uint64_t before_ns = dat_builder_time(cpu, event);
	uint8_t *page = calloc(1, shape->page_bytes);
	uint64_t commit;

	assert_non_null(page);
	store(builder, page, before_ns + shape->later, 8);
	for (; event < shape->events && at + length + width <= shape->page_bytes;
	     event++) {
		uint64_t delta = dat_builder_time(cpu, event) - before_ns;
		uint32_t words = (uint32_t)(length - 4) / 4;

		before_ns += delta;
		store(builder, page + at, shape->big_endian ?
		      (uint64_t)words << 27 | delta : delta << 5 | words, 4);
		store_record(builder, page + at + 4, cpu, event);
		at += length;
	}
	commit = at - 8 - width;
	if (after_loss) {
		commit |= 0xc0000000u;
		store(builder, page + at, shape->lost, width);
	}
	store(builder, page + 8, commit, width);
	put(builder, page, shape->page_bytes);
	free(page);
	return event;
}

static void put_pages(struct dat_builder *builder, size_t cpu)
{
	size_t event = 0, page = 0;

	while (event < builder->shape.events) {
		event = put_page(builder, cpu, event,
				 page == 1 && builder->shape.lost);
		page++;
	}
}

static void pad(struct dat_builder *builder)
{
	static const uint8_t zero;

	while (builder->length % builder->shape.page_bytes)
		put(builder, &zero, 1);
}

/* Replaces what follows at by its compressed form, with both lengths in
 * front. */
static void compress_from(struct dat_builder *builder, size_t at)
{
	size_t bytes = builder->length - at, packed_bytes;
	uint8_t *packed = dat_pack(builder->shape.compression,
				   builder->bytes + at, bytes, &packed_bytes);

	builder->length = at;
	put_number(builder, packed_bytes, 4);
	put_number(builder, bytes, 4);
	put(builder, packed, packed_bytes);
	free(packed);
}

static void put_option(struct dat_builder *builder, unsigned int id,
		       const void *bytes, size_t length)
{
	put_number(builder, id, 2);
	put_number(builder, length, 4);
	put(builder, bytes, length);
}

static void put_offset_option(struct dat_builder *builder, unsigned int id,
			      uint64_t offset)
{
	uint8_t bytes[8];

	store(builder, bytes, offset, 8);
	put_option(builder, id, bytes, 8);
}

static void put_tsc(struct dat_builder *builder)
{
	const struct dat_builder_shape *shape = &builder->shape;
	uint8_t bytes[16];

	store(builder, bytes, shape->tsc_mult, 4);
	store(builder, bytes + 4, shape->tsc_shift, 4);
	store(builder, bytes + 8, (uint64_t)shape->tsc_offset, 8);
	put_option(builder, 14, bytes, shape->tsc_bytes);
}

/* What both versions say in the same way. */
static void put_common_options(struct dat_builder *builder)
{
	const struct dat_builder_shape *shape = &builder->shape;
	const char *equals = shape->options ? strchr(shape->options, '=') : NULL;

	put_option(builder, 5, "Linux test", 11);
	put_option(builder, 999, "unknown", 7);
	put_option(builder, 9, "builder", 8);
	if (shape->start)
		put_option(builder, 0x7477, shape->start, strlen(shape->start));
	if (equals)
		put_option(builder, (unsigned int)atoi(shape->options),
			   equals + 1, strlen(equals));
	if (shape->tsc_bytes)
		put_tsc(builder);
}

static const char *clock_of(const struct dat_builder *builder)
{
	return builder->shape.clock ? builder->shape.clock : "mono";
}

/* A table of CPUs to be filled in; returns where. */
static size_t put_table(struct dat_builder *builder)
{
	char clock[64];
	size_t at;

	put_text(builder, "flyrecord");
	at = builder->length;
	for (size_t cpu = 0; cpu < builder->shape.cpus; cpu++) {
		put_number(builder, 0, 8);
		put_number(builder, 0, 8);
	}
	snprintf(clock, sizeof(clock), "local [%s]", clock_of(builder));
	put_long(builder, clock);
	return at;
}

static void put_pages_v6(struct dat_builder *builder, size_t table)
{
	for (size_t cpu = 0; cpu < builder->shape.cpus; cpu++) {
		size_t from;

		pad(builder);
		from = builder->length;
		put_pages(builder, cpu);
		store(builder, builder->bytes + table + 16 * cpu, from, 8);
		store(builder, builder->bytes + table + 16 * cpu + 8,
		      builder->length - from, 8);
	}
}

/* An option BUFFER for each instance, with its offset still to come. */
static size_t put_instances(struct dat_builder *builder, size_t offsets[8])
{
	for (size_t i = 0; i < builder->shape.instances; i++) {
		char bytes[64] = { 0 };

		snprintf(bytes + 8, sizeof(bytes) - 8, "instance%zu", i);
		put_option(builder, 3, bytes, 8 + strlen(bytes + 8) + 1);
		offsets[i] = builder->length - 8 - strlen(bytes + 8) - 1;
	}
	return builder->shape.instances;
}

static void make_v6(struct dat_builder *builder)
{
	size_t offsets[8], tables[9];
	size_t instances;

	put_header_info(builder);
	put_number(builder, 0, 4);
	put_formats(builder);
	put_number(builder, 4, 4);
	put(builder, "syms", 4);
	put_number(builder, 0, 4);
	put_long(builder, builder->shape.names ? builder->shape.names : "");
	put_number(builder, builder->shape.cpus, 4);
	put(builder, "options  ", 10);
	put_common_options(builder);
	put_option(builder, 4, "", 0);
	instances = put_instances(builder, offsets);
	put_number(builder, 0, 2);
	if (builder->shape.unfinished)
		return;
	tables[0] = put_table(builder);
	for (size_t i = 0; i < instances; i++) {
		store(builder, builder->bytes + offsets[i], builder->length, 8);
		tables[i + 1] = put_table(builder);
	}
	for (size_t i = instances ? 1 : 0; i <= instances; i++)
		put_pages_v6(builder, tables[i]);
}

/* A section's header; returns where its length stands. */
static size_t put_section(struct dat_builder *builder, unsigned int id)
{
	put_number(builder, id, 2);
	put_number(builder, builder->shape.compression && id ? 1 : 0, 2);
	put_number(builder, 0, 4);
	put_number(builder, 0, 8);
	return builder->length - 8;
}

static uint64_t put_meta(struct dat_builder *builder, unsigned int id,
			 void (*content)(struct dat_builder *))
{
	uint64_t from = builder->length;
	size_t length_at = put_section(builder, id);

	content(builder);
	if (builder->shape.compression)
		compress_from(builder, length_at + 8);
	store(builder, builder->bytes + length_at,
	      builder->length - length_at - 8, 8);
	return from;
}

static void put_names(struct dat_builder *builder)
{
	put_long(builder, builder->shape.names ? builder->shape.names : "");
}

/* The pages of an instance, and what its option says, into option[]. */
static size_t put_pages_v7(struct dat_builder *builder, size_t instance,
			   uint8_t option[4096])
{
	const struct dat_builder_shape *shape = &builder->shape;
	size_t at = 8;

	store(builder, option, builder->length, 8);
	put_section(builder, 3);
	at += (size_t)sprintf((char *)option + at, instance ? "instance%zu" : "",
			      instance) + 1;
	at += (size_t)sprintf((char *)option + at, "%s", clock_of(builder)) + 1;
	store(builder, option + at, shape->page_bytes, 4);
	store(builder, option + at + 4, shape->cpus, 4);
	at += 8;
	for (size_t cpu = 0; cpu < shape->cpus; cpu++, at += 20) {
		size_t from;

		pad(builder);
		from = builder->length;
		if (shape->compression)
			put_number(builder, 1, 4);
		put_pages(builder, cpu);
		if (shape->compression)
			compress_from(builder, from + 4);
		store(builder, option + at, cpu, 4);
		store(builder, option + at + 4, from, 8);
		store(builder, option + at + 12,
		      builder->length - from - (shape->compression ? 4 : 0), 8);
	}
	return at;
}

static void make_v7(struct dat_builder *builder)
{
	uint8_t options[9][4096];
	size_t lengths[9], count = 0, first_at, next_at;
	uint64_t header, formats, names;

	put_text(builder, builder->shape.compression ?
		 builder->shape.compression : "none");
	put_text(builder, "");
	first_at = builder->length;
	put_number(builder, 0, 8);
	header = put_meta(builder, 16, put_header_info);
	formats = put_meta(builder, 18, put_formats);
	names = put_meta(builder, 21, put_names);
	for (size_t i = builder->shape.instances ? 1 : 0;
	     i <= builder->shape.instances; i++, count++)
		lengths[count] = put_pages_v7(builder, i, options[count]);
	store(builder, builder->bytes + first_at, builder->length, 8);
	put_section(builder, 0);
	put_offset_option(builder, 16, header);
	put_offset_option(builder, 18, formats);
	put_common_options(builder);
	put_option(builder, 0, "\0\0\0\0\0\0\0", 8);
	next_at = builder->length - 8;
	/* The rest in a second section. */
	store(builder, builder->bytes + next_at, builder->length, 8);
	put_section(builder, 0);
	put_offset_option(builder, 21, names);
	for (size_t i = 0; i < count && !builder->shape.no_buffers; i++)
		put_option(builder, 3, options[i], lengths[i]);
	put_option(builder, 0, "\0\0\0\0\0\0\0", 8);
}

static void begin(struct dat_builder *builder,
		  const struct dat_builder_shape *shape)
{
	*builder = (struct dat_builder){ .shape = *shape };
	if (!builder->shape.version)
		builder->shape.version = 6;
	if (!builder->shape.page_bytes)
		builder->shape.page_bytes = 4096;
	if (!builder->shape.cpus)
		builder->shape.cpus = 1;
}

void dat_builder_make(struct dat_builder *builder,
		      const struct dat_builder_shape *shape)
{
	begin(builder, shape);
	put(builder, "\x17\x08\x44tracing", 10);
	put_text(builder, builder->shape.version == 7 ? "7" : "6");
	put_number(builder, builder->shape.big_endian, 1);
	put_number(builder, builder->shape.is_32bit ? 4 : 8, 1);
	put_number(builder, builder->shape.page_bytes, 4);
	if (builder->shape.version == 7)
		make_v7(builder);
	else
		make_v6(builder);
}

void dat_builder_make_piece(struct dat_builder *builder,
			    const struct dat_builder_shape *shape, size_t cpu)
{
	begin(builder, shape);
	put_pages(builder, cpu);
}

void dat_builder_done(struct dat_builder *builder)
{
	free(builder->bytes);
	*builder = (struct dat_builder){ .length = 0 };
}

static void write_all(const struct dat_builder *builder, int fd)
{
	assert_true(fd >= 0);
	assert_int_equal(write(fd, builder->bytes, builder->length),
			 (ssize_t)builder->length);
	assert_int_equal(close(fd), 0);
}

void dat_builder_write(const struct dat_builder *builder, char path[64])
{
	snprintf(path, 64, "/tmp/tcpwatch-replay-XXXXXX");
	write_all(builder, mkstemp(path));
}

void dat_builder_write_to(const struct dat_builder *builder, const char *path)
{
	write_all(builder, open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600));
}

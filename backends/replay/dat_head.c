/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts a trace.dat together, part by part; see dat_head.h. */
#include "dat_head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void dat_head_done(struct dat_head *head)
{
	free(head->bytes);
	*head = (struct dat_head){ .bytes = NULL };
}

void dat_head_put(struct dat_head *head, const void *bytes, size_t length)
{
	if (length > head->room - head->length) {
		size_t room = (head->length + length) * 2;
		uint8_t *larger = realloc(head->bytes, room);

		if (!larger) {
			head->failed = -ENOMEM;
			return;
		}
		head->bytes = larger;
		head->room = room;
	}
	if (length)
		memcpy(head->bytes + head->length, bytes, length);
	head->length += length;
}

void dat_head_u16(struct dat_head *head, uint16_t value)
{
	dat_head_put(head, &value, sizeof(value));
}

void dat_head_u32(struct dat_head *head, uint32_t value)
{
	dat_head_put(head, &value, sizeof(value));
}

void dat_head_u64(struct dat_head *head, uint64_t value)
{
	dat_head_put(head, &value, sizeof(value));
}

void dat_head_option(struct dat_head *head, uint16_t id, const void *bytes,
		     size_t length)
{
	dat_head_u16(head, id);
	dat_head_u32(head, (uint32_t)length);
	dat_head_put(head, bytes, length);
}

static void put_long(struct dat_head *head, const char *text, size_t length)
{
	dat_head_u64(head, length);
	dat_head_put(head, text, length);
}

void dat_head_begin(struct dat_head *head, uint32_t page_bytes,
		    const char *header_page, const char *header_event)
{
	static const uint8_t magic[] = {
		0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g', '6', '\0',
		__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, sizeof(long)
	};

	dat_head_put(head, magic, sizeof(magic));
	dat_head_u32(head, page_bytes);
	dat_head_put(head, "header_page", sizeof("header_page"));
	put_long(head, header_page, strlen(header_page));
	dat_head_put(head, "header_event", sizeof("header_event"));
	put_long(head, header_event, strlen(header_event));
}

void dat_head_systems(struct dat_head *head, uint32_t systems)
{
	dat_head_u32(head, 0);          /* formats of ftrace */
	dat_head_u32(head, systems);
}

void dat_head_system(struct dat_head *head, const char *system, uint32_t events)
{
	dat_head_put(head, system, strlen(system) + 1);
	dat_head_u32(head, events);
}

void dat_head_format(struct dat_head *head, const char *text)
{
	put_long(head, text, strlen(text));
}

void dat_head_symbols(struct dat_head *head)
{
	dat_head_u32(head, 0);          /* kallsyms */
	dat_head_u32(head, 0);          /* printk formats */
}

void dat_head_names(struct dat_head *head, const char *text, size_t length)
{
	put_long(head, text, length);
}

void dat_head_options(struct dat_head *head, uint32_t cpu_count)
{
	dat_head_u32(head, cpu_count);
	dat_head_put(head, "options  ", 10);
}

void dat_head_options_end(struct dat_head *head)
{
	dat_head_u16(head, 0);
}

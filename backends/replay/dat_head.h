/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes all of a version 6 trace.dat that stands before its pages, in this
 * host's byte order. */
#ifndef DAT_HEAD_H
#define DAT_HEAD_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. */
struct dat_head {
	uint8_t *bytes;
	size_t length, room;
	int failed;                     /* -ENOMEM once memory was short */
};

void dat_head_done(struct dat_head *head);      /* accepts a zeroed object */

void dat_head_put(struct dat_head *head, const void *bytes, size_t length);
void dat_head_u16(struct dat_head *head, uint16_t value);
void dat_head_u32(struct dat_head *head, uint32_t value);
void dat_head_u64(struct dat_head *head, uint64_t value);
void dat_head_option(struct dat_head *head, uint16_t id, const void *bytes,
		     size_t length);

/* The parts, in this order; systems: how many will be put. */
void dat_head_begin(struct dat_head *head, uint32_t page_bytes,
		    const char *header_page, const char *header_event);
void dat_head_systems(struct dat_head *head, uint32_t systems);
void dat_head_system(struct dat_head *head, const char *system, uint32_t events);
void dat_head_format(struct dat_head *head, const char *text);
void dat_head_symbols(struct dat_head *head);
void dat_head_names(struct dat_head *head, const char *text, size_t length);
void dat_head_options(struct dat_head *head, uint32_t cpu_count);
void dat_head_options_end(struct dat_head *head);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Last figures of sockets, written and read again, of any byte order and length. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay/recording_ends.h"

enum {
	HEAD = RECORDING_ENDS_HEAD_BYTES,
	RECORD = RECORDING_ENDS_RECORD_BYTES,
	LONGER = 8                      /* what a later version may add */
};

static const bool big_here = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

static struct event gone_of(uint64_t cookie)
{
	return (struct event){
		.kind = EVENT_GONE,
		.cookie = cookie,
		.has = EVENT_HAS_COOKIE | EVENT_HAS_BYTES | EVENT_HAS_RTT,
		.gone = {
			.bytes_acked = cookie << 32, .bytes_received = 2,
			.srtt_us = 3, .min_rtt_us = 4, .retrans = 5,
			.segs_out = 6, .segs_in = 7, .unread = 8,
		},
	};
}

/* Of cookies 30, 10 and 20; of 10 nothing but that it is gone. */
static size_t write_three(uint8_t *bytes)
{
	static const uint64_t cookies[] = { 30, 10, 20 };

	recording_ends_head(bytes);
	for (size_t i = 0; i < 3; i++) {
		struct event gone = gone_of(cookies[i]);

		if (cookies[i] == 10)
			gone.has = EVENT_HAS_COOKIE;
		recording_ends_record(bytes + HEAD + i * RECORD, &gone);
	}
	return HEAD + 3 * RECORD;
}

static void expect_three(const struct recording_ends *ends)
{
	const struct event whole = gone_of(20);
	struct event gone;

	assert_int_equal(ends->count, 3);
	assert_false(ends->incomplete);
	assert_true(recording_ends_find(ends, 20, &gone));
	assert_int_equal(gone.kind, EVENT_GONE);
	assert_int_equal(gone.cookie, 20);
	assert_int_equal(gone.has, whole.has);
	assert_memory_equal(&gone.gone, &whole.gone, sizeof(gone.gone));
	assert_true(recording_ends_find(ends, 30, &gone));
	assert_true(recording_ends_find(ends, 10, &gone));
	assert_int_equal(gone.has, EVENT_HAS_COOKIE);
	assert_false(recording_ends_find(ends, 0, &gone));
	assert_false(recording_ends_find(ends, 11, &gone));
	assert_false(recording_ends_find(ends, 31, &gone));
}

static void what_is_written_is_found(void **state)
{
	uint8_t bytes[HEAD + 3 * RECORD];
	size_t length = write_three(bytes);
	struct recording_ends ends;

	(void)state;
	assert_int_equal(recording_ends_open(&ends, bytes, length, big_here), 0);
	expect_three(&ends);
	recording_ends_close(&ends);
}

static void reverse(uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		uint8_t byte = bytes[i];

		bytes[i] = bytes[count - 1 - i];
		bytes[count - 1 - i] = byte;
	}
}

static void the_other_byte_order_is_read(void **state)
{
	uint8_t bytes[HEAD + 3 * RECORD];
	size_t length = write_three(bytes);
	struct recording_ends ends;

	(void)state;
	reverse(bytes, 4);
	reverse(bytes + 4, 4);
	for (uint8_t *record = bytes + HEAD; record < bytes + length;
	     record += RECORD) {
		for (size_t at = 0; at < 24; at += 8)
			reverse(record + at, 8);
		for (size_t at = 24; at < RECORD; at += 4)
			reverse(record + at, 4);
	}
	assert_int_equal(recording_ends_open(&ends, bytes, length, !big_here), 0);
	expect_three(&ends);
	recording_ends_close(&ends);
}

static void longer_records_are_read(void **state)
{
	uint8_t bytes[HEAD + 3 * RECORD], longer[HEAD + 3 * (RECORD + LONGER)];
	const uint32_t length = RECORD + LONGER;
	struct recording_ends ends;

	(void)state;
	write_three(bytes);
	memset(longer, 0xa5, sizeof(longer));
	memcpy(longer, bytes, HEAD);
	memcpy(longer + 4, &length, sizeof(length));
	for (size_t i = 0; i < 3; i++)
		memcpy(longer + HEAD + i * (RECORD + LONGER),
		       bytes + HEAD + i * RECORD, RECORD);
	assert_int_equal(recording_ends_open(&ends, longer, sizeof(longer),
					     big_here), 0);
	expect_three(&ends);
	recording_ends_close(&ends);
}

/* Exactly sized, so that the sanitizer sees the edge. */
static void any_part_is_read(void **state)
{
	uint8_t bytes[HEAD + 3 * RECORD];
	size_t length = write_three(bytes);

	(void)state;
	for (size_t part = 0; part <= length; part++) {
		uint8_t *exact = malloc(part ? part : 1);
		struct recording_ends ends;

		assert_non_null(exact);
		memcpy(exact, bytes, part);
		assert_int_equal(recording_ends_open(&ends, exact, part,
						     big_here), 0);
		assert_int_equal(ends.count,
				 part < HEAD ? 0 : (part - HEAD) / RECORD);
		recording_ends_close(&ends);
		free(exact);
	}
}

static void what_is_missing_is_told(void **state)
{
	uint8_t bytes[HEAD + 3 * RECORD];
	size_t length = write_three(bytes);
	struct recording_ends ends;

	(void)state;
	recording_ends_record(bytes + HEAD + RECORD, NULL);
	assert_int_equal(recording_ends_open(&ends, bytes, length, big_here), 0);
	assert_int_equal(ends.count, 2);
	assert_true(ends.incomplete);
	recording_ends_close(&ends);
}

static void expect_nothing(const uint8_t *bytes, size_t length)
{
	struct recording_ends ends;
	struct event gone;

	assert_int_equal(recording_ends_open(&ends, bytes, length, big_here), 0);
	assert_int_equal(ends.count, 0);
	assert_false(recording_ends_find(&ends, 20, &gone));
	recording_ends_close(&ends);
}

static void other_versions_are_left_alone(void **state)
{
	uint8_t bytes[HEAD + 3 * RECORD];
	size_t length = write_three(bytes);
	uint32_t head[2];

	(void)state;
	memcpy(head, bytes, HEAD);
	head[0]++;
	memcpy(bytes, head, HEAD);
	expect_nothing(bytes, length);
	head[0]--;
	for (head[1] = 0; head[1] < RECORD; head[1]++) {
		memcpy(bytes, head, HEAD);
		expect_nothing(bytes, length);
	}
	head[1] = UINT32_MAX;
	memcpy(bytes, head, HEAD);
	expect_nothing(bytes, length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_found),
		cmocka_unit_test(the_other_byte_order_is_read),
		cmocka_unit_test(longer_records_are_read),
		cmocka_unit_test(any_part_is_read),
		cmocka_unit_test(what_is_missing_is_told),
		cmocka_unit_test(other_versions_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The page reader on pages made byte by byte, for every byte order and long
 * size, and on every length that can be wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trace/trace_page.h"

enum { PADDING = 29, TIME_EXTEND = 30, TIME_STAMP = 31 };

#define PAGE_TIME 1000000u
#define MISSED 0x80000000u
#define STORED 0x40000000u

static const struct trace_page_layout layouts[] = {
	{ 8, 8, 16, 4096, false },
	{ 8, 4, 12, 4096, false },
	{ 8, 8, 16, 65536, true },
	{ 8, 4, 12, 4096, true },
};

enum { LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

/* A page being written. */
struct image {
	const struct trace_page_layout *layout;
	uint8_t bytes[65536 + 16];
	size_t length;                  /* header included */
};

static void put(struct image *image, size_t at, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		size_t shift = image->layout->big_endian ? bytes - 1 - i : i;

		image->bytes[at + i] = (uint8_t)(value >> (8 * shift));
	}
}

static void put_word(struct image *image, uint32_t value)
{
	put(image, image->length, value, 4);
	image->length += 4;
}

static void begin(struct image *image, const struct trace_page_layout *layout,
		  uint64_t time_ns)
{
	memset(image, 0, sizeof(*image));
	image->layout = layout;
	image->length = layout->data_offset;
	put(image, 0, time_ns, 8);
}

static void put_header(struct image *image, uint32_t type, uint32_t delta)
{
	put_word(image, image->layout->big_endian ? type << 27 | delta :
						    delta << 5 | type);
}

/* A record of words data words, each holding its index. */
static void put_record(struct image *image, uint32_t words, uint32_t delta)
{
	if (words >= 1 && words <= 28) {
		put_header(image, words, delta);
	} else {
		put_header(image, 0, delta);
		put_word(image, words * 4 + 4);
	}
	for (uint32_t i = 0; i < words; i++)
		put_word(image, i);
}

static void put_stamp(struct image *image, uint32_t type, uint64_t value)
{
	put_header(image, type, value & 0x7ffffff);
	put_word(image, (uint32_t)(value >> 27));
}

/* The page in a buffer of exactly size bytes, so that a read beyond it is
 * seen by the address sanitizer. The caller frees it. */
static uint8_t *finish(struct image *image, uint32_t flags, size_t size)
{
	uint64_t commit = image->length - image->layout->data_offset;
	uint8_t *bytes = malloc(size ? size : 1);

	assert_non_null(bytes);
	put(image, image->layout->commit_offset, commit | flags,
	    image->layout->commit_bytes);
	memcpy(bytes, image->bytes, size);
	return bytes;
}

static uint8_t *load(struct image *image, struct trace_page *page)
{
	uint8_t *bytes = finish(image, 0, image->length);

	assert_int_equal(trace_page_load(page, image->layout, bytes,
					 image->length), 0);
	return bytes;
}

static void expect_entry(struct trace_page *page, uint64_t time_ns,
			 size_t length)
{
	struct trace_page_entry entry;

	assert_int_equal(trace_page_next(page, &entry), TRACE_PAGE_ENTRY);
	assert_int_equal(entry.time_ns, time_ns);
	assert_int_equal(entry.length, length);
	assert_true(entry.data >= page->bytes + page->layout->data_offset);
	assert_true(entry.data + entry.length <= page->bytes + page->end);
}

static void expect_answer(struct trace_page *page,
			  enum trace_page_answer answer)
{
	struct trace_page_entry entry;

	assert_int_equal(trace_page_next(page, &entry), answer);
	assert_int_equal(trace_page_next(page, &entry), TRACE_PAGE_END);
}

static void reads_every_record_size(void **state)
{
	static struct image image;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		struct trace_page_entry entry;
		struct trace_page page;
		uint8_t *bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		for (uint32_t words = 1; words <= 28; words++)
			put_record(&image, words, words);
		put_record(&image, 29, 5);
		put_record(&image, 100, 0);
		bytes = load(&image, &page);
		assert_int_equal(page.time_ns, PAGE_TIME);
		assert_false(page.lost);
		for (uint32_t words = 1; words <= 28; words++)
			expect_entry(&page, PAGE_TIME + words * (words + 1) / 2,
				     words * 4);
		expect_entry(&page, PAGE_TIME + 406 + 5, 29 * 4);
		assert_int_equal(trace_page_next(&page, &entry), TRACE_PAGE_ENTRY);
		assert_int_equal(entry.length, 400);
		assert_int_equal(entry.data[4 + (layouts[i].big_endian ? 3 : 0)], 1);
		expect_answer(&page, TRACE_PAGE_END);
		free(bytes);
	}
}

static void extends_time(void **state)
{
	static struct image image;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		struct trace_page page;
		uint8_t *bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		put_stamp(&image, TIME_EXTEND, 0x123456789abull);
		put_record(&image, 2, 7);
		put_record(&image, 2, 0x7ffffff);
		put_stamp(&image, TIME_EXTEND, 1);
		put_record(&image, 1, 0);
		bytes = load(&image, &page);
		expect_entry(&page, PAGE_TIME + 0x123456789abull + 7, 8);
		expect_entry(&page, PAGE_TIME + 0x123456789abull + 7 + 0x7ffffff,
			     8);
		expect_entry(&page, PAGE_TIME + 0x123456789abull + 8 + 0x7ffffff,
			     4);
		expect_answer(&page, TRACE_PAGE_END);
		free(bytes);
	}
}

/* An absolute stamp has 59 bits; the rest is taken from the time before it. */
static void takes_absolute_stamps(void **state)
{
	static const struct {
		uint64_t before, stamp, time_ns;
	} cases[] = {
		{ 5000, 7000, 7000 },
		{ 0x0800000000001000, 0x2000, 0x0800000000002000 },
		{ 0xf800000000001000, 0x1000, 0xf800000000001000 },
		{ 0x0fffffffffffff00, 0x10, 0x1000000000000010 },
	};
	static struct image image;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		for (size_t j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
			struct trace_page page;
			uint8_t *bytes;

			begin(&image, &layouts[i], cases[j].before);
			put_stamp(&image, TIME_STAMP, cases[j].stamp);
			put_record(&image, 1, 3);
			bytes = load(&image, &page);
			expect_entry(&page, cases[j].time_ns + 3, 4);
			expect_answer(&page, TRACE_PAGE_END);
			free(bytes);
		}
	}
}

static void skips_padding(void **state)
{
	static struct image image;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		struct trace_page page;
		uint8_t *bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		put_header(&image, PADDING, 10);        /* a discarded event */
		put_word(&image, 12);
		put_word(&image, 0xffffffff);
		put_word(&image, 0xffffffff);
		put_record(&image, 1, 1);
		put_header(&image, PADDING, 0);         /* void until the end */
		put_record(&image, 1, 1);
		bytes = load(&image, &page);
		expect_entry(&page, PAGE_TIME + 11, 4);
		expect_answer(&page, TRACE_PAGE_END);
		free(bytes);
	}
}

static void ends_on_an_empty_page(void **state)
{
	static struct image image;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		struct trace_page page;
		uint8_t *bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		bytes = load(&image, &page);
		expect_answer(&page, TRACE_PAGE_END);
		free(bytes);
	}
}

static void reads_a_full_page(void **state)
{
	static struct image image;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		size_t records = 0;
		struct trace_page page;
		uint8_t *bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		while (image.length + 20 <= layouts[i].page_bytes) {
			put_record(&image, 4, 1);
			records++;
		}
		bytes = finish(&image, 0, layouts[i].page_bytes);
		assert_int_equal(trace_page_load(&page, &layouts[i], bytes,
						 layouts[i].page_bytes), 0);
		for (size_t n = 1; n <= records; n++)
			expect_entry(&page, PAGE_TIME + n, 16);
		expect_answer(&page, TRACE_PAGE_END);
		free(bytes);
	}
}

static void load_lost(struct image *image, uint32_t flags, size_t more,
		      struct trace_page *page)
{
	uint8_t *bytes = finish(image, flags, image->length + more);

	assert_int_equal(trace_page_load(page, image->layout, bytes,
					 image->length + more), 0);
	expect_entry(page, PAGE_TIME + 1, 8);
	expect_answer(page, TRACE_PAGE_END);
	free(bytes);
}

static void tells_what_was_lost(void **state)
{
	static struct image image;
	struct trace_page page;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		size_t count_bytes = layouts[i].commit_bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		put_record(&image, 2, 1);
		put(&image, image.length, 159, count_bytes);

		load_lost(&image, MISSED | STORED, count_bytes, &page);
		assert_true(page.lost);
		assert_true(page.lost_known);
		assert_int_equal(page.lost_count, 159);

		load_lost(&image, MISSED, count_bytes, &page);
		assert_true(page.lost);
		assert_false(page.lost_known);

		/* Said to be stored, but there is no room where it could be. */
		load_lost(&image, MISSED | STORED, count_bytes - 1, &page);
		assert_true(page.lost);
		assert_false(page.lost_known);

		load_lost(&image, 0, count_bytes, &page);
		assert_false(page.lost);
	}
}

/* The kernel sets bit 31 of a long, so the upper half of a word of eight bytes
 * is all ones. */
static void ignores_the_sign_of_the_commit_word(void **state)
{
	static struct image image;
	struct trace_page page;
	uint8_t *bytes;

	(void)state;
	begin(&image, &layouts[0], PAGE_TIME);
	put_record(&image, 2, 1);
	bytes = finish(&image, MISSED, image.length);
	memset(bytes + 12, 0xff, 4);
	assert_int_equal(trace_page_load(&page, &layouts[0], bytes,
					 image.length), 0);
	assert_true(page.lost);
	expect_entry(&page, PAGE_TIME + 1, 8);
	free(bytes);
}

static void refuses_what_is_no_page(void **state)
{
	static struct image image;
	struct trace_page page;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		uint8_t *bytes;

		begin(&image, &layouts[i], PAGE_TIME);
		put_record(&image, 2, 1);
		for (size_t size = 0; size < image.length; size++) {
			bytes = finish(&image, 0, size);
			assert_int_equal(trace_page_load(&page, &layouts[i],
							 bytes, size), -EBADMSG);
			free(bytes);
		}
		bytes = finish(&image, 0x07ffff00, image.length);
		assert_int_equal(trace_page_load(&page, &layouts[i], bytes,
						 image.length), -EBADMSG);
		free(bytes);
	}
}

/* A record that ends behind the data: by its type or by its length word. */
static void finds_lengths_that_point_outside(void **state)
{
	static const uint32_t lengths[] = {
		0, 1, 2, 3, 13, 17, 4096, 0x7fffffff, 0xfffffff8, 0xffffffff
	};
	static struct image image;
	struct trace_page page;
	uint8_t *bytes;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		for (uint32_t words = 1; words <= 28; words++) {
			begin(&image, &layouts[i], PAGE_TIME);
			put_record(&image, 3, 1);
			put_record(&image, words, 1);
			image.length -= 4;
			bytes = load(&image, &page);
			expect_entry(&page, PAGE_TIME + 1, 12);
			expect_answer(&page, TRACE_PAGE_BROKEN);
			free(bytes);
		}
		for (size_t j = 0; j < sizeof(lengths) / sizeof(lengths[0]); j++) {
			for (uint32_t type = 0; type <= PADDING; type += PADDING) {
				begin(&image, &layouts[i], PAGE_TIME);
				put_header(&image, type, 1);
				put_word(&image, lengths[j]);
				put_word(&image, 0);
				put_word(&image, 0);
				bytes = load(&image, &page);
				expect_answer(&page, TRACE_PAGE_BROKEN);
				free(bytes);
			}
		}
	}
}

static void finds_headers_without_their_second_word(void **state)
{
	static const uint32_t types[] = { 0, PADDING, TIME_EXTEND, TIME_STAMP };
	static struct image image;
	struct trace_page page;
	uint8_t *bytes;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		for (size_t j = 0; j < sizeof(types) / sizeof(types[0]); j++) {
			begin(&image, &layouts[i], PAGE_TIME);
			put_header(&image, types[j], 1);
			bytes = load(&image, &page);
			expect_answer(&page, TRACE_PAGE_BROKEN);
			free(bytes);
		}
	}
}

static void ignores_less_than_a_word_at_the_end(void **state)
{
	static struct image image;
	struct trace_page page;

	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++) {
		for (size_t more = 1; more < 4; more++) {
			uint8_t *bytes;

			begin(&image, &layouts[i], PAGE_TIME);
			put_record(&image, 1, 1);
			memset(image.bytes + image.length, 0xff, more);
			image.length += more;
			bytes = load(&image, &page);
			expect_entry(&page, PAGE_TIME + 1, 4);
			expect_answer(&page, TRACE_PAGE_END);
			free(bytes);
		}
	}
}

/* Arbitrary bytes: it ends, and no entry lies outside. */
static void survives_any_bytes(void **state)
{
	uint32_t random = 88172645u;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const struct trace_page_layout *layout = &layouts[round % LAYOUTS];
		size_t size = layout->data_offset + (size_t)round % 256;
		uint8_t *bytes = malloc(size);
		struct trace_page_entry entry;
		struct trace_page page;
		size_t entries = 0;

		assert_non_null(bytes);
		for (size_t i = 0; i < size; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = (uint8_t)(random >> 24);
		}
		memset(bytes + 8, 0, layout->commit_bytes);
		bytes[8 + (layout->big_endian ? layout->commit_bytes - 1 : 0)] =
			(uint8_t)(size - layout->data_offset);
		assert_int_equal(trace_page_load(&page, layout, bytes, size), 0);
		while (trace_page_next(&page, &entry) == TRACE_PAGE_ENTRY) {
			assert_true(entry.data >= bytes + layout->data_offset);
			assert_true(entry.length <=
				    (size_t)(bytes + size - entry.data));
			assert_true(++entries <= size);
		}
		free(bytes);
	}
}

static void parses_header_page(void **state)
{
	static const char text64[] =
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
		"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";
	static const char text32[] =
		"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
		"\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n"
		"\tfield: char overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
		"\tfield: char data;\toffset:12;\tsize:65524;\tsigned:1;\n";
	struct trace_page_layout layout = { .big_endian = true };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(trace_page_layout_parse(&layout, text64, &err), 0);
	assert_int_equal(layout.commit_offset, 8);
	assert_int_equal(layout.commit_bytes, 8);
	assert_int_equal(layout.data_offset, 16);
	assert_int_equal(layout.page_bytes, 4096);
	assert_true(layout.big_endian);
	assert_int_equal(trace_page_layout_parse(&layout, text32, &err), 0);
	assert_int_equal(layout.commit_bytes, 4);
	assert_int_equal(layout.data_offset, 12);
	assert_int_equal(layout.page_bytes, 65536);
}

static void refuses_a_strange_header_page(void **state)
{
	static const char *const texts[] = {
		"",
		"field: local_t commit; offset:8; size:8; signed:1;",
		"field: local_t commit; offset:8; size:2; signed:1;\n"
		"field: char data; offset:10; size:4080; signed:0;",
		"field: local_t commit; offset:4; size:8; signed:1;\n"
		"field: char data; offset:12; size:4080; signed:0;",
		"field: local_t commit; offset:8; size:8; signed:1;\n"
		"field: char data; offset:8; size:4080; signed:0;",
		"field: local_t commit; offset:8; size:8; signed:1;\n"
		"field: char data; offset:16; size:0; signed:0;",
		"field: local_t commit; offset:8; size:8; signed:1;\n"
		"field: char data; offset:16; size:4294967295; signed:0;",
		"field: local_t commit; offset:x; size:8; signed:1;\n"
		"field: char data; offset:16; size:4080; signed:0;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct trace_page_layout layout = { 0 };
		struct error err = { 0 };

		assert_int_equal(trace_page_layout_parse(&layout, texts[i], &err),
				 -EBADMSG);
		assert_int_equal(err.code, EBADMSG);
		assert_non_null(strstr(err.text, "header_page"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_record_size),
		cmocka_unit_test(extends_time),
		cmocka_unit_test(takes_absolute_stamps),
		cmocka_unit_test(skips_padding),
		cmocka_unit_test(ends_on_an_empty_page),
		cmocka_unit_test(reads_a_full_page),
		cmocka_unit_test(tells_what_was_lost),
		cmocka_unit_test(ignores_the_sign_of_the_commit_word),
		cmocka_unit_test(refuses_what_is_no_page),
		cmocka_unit_test(finds_lengths_that_point_outside),
		cmocka_unit_test(finds_headers_without_their_second_word),
		cmocka_unit_test(ignores_less_than_a_word_at_the_end),
		cmocka_unit_test(survives_any_bytes),
		cmocka_unit_test(parses_header_page),
		cmocka_unit_test(refuses_a_strange_header_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

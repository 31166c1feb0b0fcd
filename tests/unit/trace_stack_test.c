/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of kernel stacks made byte by byte by each recorded format, in both
 * byte orders and with both sizes of an address. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "recorded_format.h"
#include "trace/trace_stack.h"

enum { SOFTIRQ = 0x10, NEED_RESCHED = 0x04, TID = 4711,
       RECORD_BYTES = 16 + 8 * (TRACE_STACK_FRAMES + 8) };

#define FRAME(i) (0xffffffff81000000u + (i))

/* A record being written. */
struct image {
	struct trace_stack_format format;
	uint8_t bytes[RECORD_BYTES];
	size_t size;
};

static void put(struct image *image, size_t offset, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++) {
		size_t shift = image->format.big_endian ? size - 1 - i : i;

		image->bytes[offset + i] = (uint8_t)(value >> (8 * shift));
	}
	if (image->size < offset + size)
		image->size = offset + size;
}

static void put_frame(struct image *image, size_t i, uint64_t frame)
{
	size_t long_bytes = image->format.long_bytes;

	put(image, (long_bytes == 8 ? 16 : 12) + i * long_bytes, long_bytes,
	    frame);
}

static void put_stack(struct image *image, size_t count)
{
	memset(image->bytes, 0, sizeof(image->bytes));
	image->size = 0;
	put(image, 0, 2, 4);
	put(image, 2, 1, SOFTIRQ | NEED_RESCHED);
	put(image, 4, 4, TID);
	put(image, 8, 4, count);
	for (size_t i = 0; i < count; i++)
		put_frame(image, i, FRAME(i));
}

static void image_begin(struct image *image, const struct recorded_format *text,
			uint8_t long_bytes, bool big_endian)
{
	struct error err = { 0 };

	memset(image, 0, sizeof(*image));
	image->format.big_endian = big_endian;
	assert_int_equal(trace_stack_format_parse(&image->format, text->text,
						  long_bytes, &err), 0);
	assert_int_equal(image->format.type, recorded_format_id(text));
}

static void assert_decodes(struct image *image)
{
	uint64_t mask = image->format.long_bytes == 8 ? UINT64_MAX : UINT32_MAX;
	struct trace_stack stack;

	put_stack(image, 3);
	assert_true(trace_stack_decode(&image->format, image->bytes,
				       image->size, &stack));
	assert_int_equal(stack.tid, TID);
	assert_int_equal(stack.context, SOFTIRQ);
	assert_int_equal(stack.count, 3);
	for (size_t i = 0; i < stack.count; i++)
		assert_int_equal(stack.frames[i], FRAME(i) & mask);
}

static void decodes_each_format(void **state)
{
	struct recorded_format text;
	struct image image;
	unsigned int read = 0;

	(void)state;
	for (size_t i = 0; recorded_releases[i]; i++) {
		if (!recorded_format_read(&text, recorded_releases[i],
					  "ftrace/kernel_stack/format"))
			continue;
		read++;
		image_begin(&image, &text, 8, false);
		assert_decodes(&image);
		image_begin(&image, &text, 8, true);
		assert_decodes(&image);
	}
	assert_int_equal(read, 5);
}

static void decodes_older_formats(void **state)
{
	struct recorded_format text;
	struct image image;

	(void)state;
	assert_true(recorded_format_read_derived(
		&text, "4.15/ftrace/kernel_stack/format"));
	image_begin(&image, &text, 8, false);
	assert_decodes(&image);
	assert_true(recorded_format_read_derived(
		&text, "4.16-32bit/ftrace/kernel_stack/format"));
	image_begin(&image, &text, 4, false);
	assert_decodes(&image);
	image_begin(&image, &text, 4, true);
	assert_decodes(&image);
}

static void begin_today(struct image *image)
{
	struct recorded_format text;

	assert_true(recorded_format_read(&text, "6.18.44",
					 "ftrace/kernel_stack/format"));
	image_begin(image, &text, 8, false);
}

static void ends_where_older_kernels_ended_it(void **state)
{
	struct image image;
	struct trace_stack stack;

	(void)state;
	begin_today(&image);
	put_stack(&image, 3);
	put_frame(&image, 2, UINT64_MAX);
	assert_true(trace_stack_decode(&image.format, image.bytes, image.size,
				       &stack));
	assert_int_equal(stack.count, 2);
}

static void cuts_a_deep_one(void **state)
{
	struct image image;
	struct trace_stack stack;

	(void)state;
	begin_today(&image);
	put_stack(&image, TRACE_STACK_FRAMES + 8);
	assert_true(trace_stack_decode(&image.format, image.bytes, image.size,
				       &stack));
	assert_int_equal(stack.count, TRACE_STACK_FRAMES);
	assert_int_equal(stack.frames[TRACE_STACK_FRAMES - 1],
			 FRAME(TRACE_STACK_FRAMES - 1));
}

/* Whatever a record claims, only what is there is read. */
static void believes_no_length(void **state)
{
	struct image image;
	struct trace_stack stack;

	(void)state;
	begin_today(&image);
	put_stack(&image, 3);
	for (size_t length = 0; length < image.size; length++)
		assert_false(trace_stack_decode(&image.format, image.bytes,
						length, &stack));
	put(&image, 8, 4, 4);
	assert_false(trace_stack_decode(&image.format, image.bytes, image.size,
					&stack));
	put(&image, 8, 4, UINT32_MAX);
	assert_false(trace_stack_decode(&image.format, image.bytes, image.size,
					&stack));
	put(&image, 8, 4, 3);
	put(&image, 0, 2, 5);
	assert_false(trace_stack_decode(&image.format, image.bytes, image.size,
					&stack));
}

static void knows_whose_it_is(void **state)
{
	const struct trace_stack stack = { .tid = TID, .context = SOFTIRQ };
	struct event event = { .tid = TID, .context = SOFTIRQ };

	(void)state;
	assert_true(trace_stack_is_of(&stack, &event));
	event.context = 0;
	assert_false(trace_stack_is_of(&stack, &event));
	event.context = SOFTIRQ;
	event.tid++;
	assert_false(trace_stack_is_of(&stack, &event));
}

static void refuses_other_formats(void **state)
{
	struct trace_stack_format format = { 0 };
	struct recorded_format text;

	(void)state;
	assert_int_equal(trace_stack_format_parse(&format, "", 8, NULL),
			 -EBADMSG);
	assert_true(recorded_format_read(&text, "6.18.44",
					 "ftrace/kernel_stack/format"));
	assert_int_equal(trace_stack_format_parse(&format, text.text, 2, NULL),
			 -EBADMSG);
	recorded_format_drop(&text, "caller");
	assert_int_equal(trace_stack_format_parse(&format, text.text, 8, NULL),
			 -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_each_format),
		cmocka_unit_test(decodes_older_formats),
		cmocka_unit_test(ends_where_older_kernels_ended_it),
		cmocka_unit_test(cuts_a_deep_one),
		cmocka_unit_test(believes_no_length),
		cmocka_unit_test(knows_whose_it_is),
		cmocka_unit_test(refuses_other_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

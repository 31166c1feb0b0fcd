/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader of the BPF ring buffer over pages of our own, and the queue that
 * puts what it reads into order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/bpf.h>
#include <sys/mman.h>

#include "bpf/bpf_queue.h"
#include "bpf/bpf_ring.h"

struct fixture {
	struct bpf_ring ring;
	unsigned long *producer;
	uint8_t *data;
	size_t length;          /* of what is mapped here */
	uint8_t *pages;
};

static int set_up(void **state)
{
	static struct fixture fixture;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("ring", MFD_CLOEXEC);
	struct error err = { 0 };

	fixture.length = 4 * page;
	if (fd < 0 || ftruncate(fd, (off_t)fixture.length))
		return -1;
	fixture.pages = mmap(NULL, fixture.length, PROT_READ | PROT_WRITE,
			     MAP_SHARED, fd, 0);
	fixture.producer = (void *)(fixture.pages + page);
	fixture.data = fixture.pages + 2 * page;
	*state = &fixture;
	if (fixture.pages == MAP_FAILED ||
	    bpf_ring_open(&fixture.ring, fd, page, &err))
		return -1;
	return close(fd);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	bpf_ring_close(&fixture->ring);
	bpf_ring_close(&fixture->ring);         /* of a zeroed object */
	return munmap(fixture->pages, fixture->length);
}

static void put(struct fixture *fixture, uint32_t length, uint32_t bits)
{
	uint32_t *head = (void *)(fixture->data + *fixture->producer);

	head[0] = length | bits;
	head[2] = length;       /* the record */
	*fixture->producer += (length + 8 + 7) & ~7ul;
}

static uint32_t expect_record(struct fixture *fixture)
{
	const void *record;
	size_t length;

	assert_int_equal(bpf_ring_next(&fixture->ring, &record, &length),
			 BPF_RING_RECORD);
	assert_int_equal(*(const uint32_t *)record, length);
	return (uint32_t)length;
}

static void records_come_in_order(void **state)
{
	struct fixture *fixture = *state;
	const void *record;
	size_t length;

	assert_int_equal(bpf_ring_next(&fixture->ring, &record, &length),
			 BPF_RING_EMPTY);
	put(fixture, 24, 0);
	put(fixture, 21, 0);
	put(fixture, 40, BPF_RINGBUF_DISCARD_BIT);
	put(fixture, 16, 0);
	assert_int_equal(bpf_ring_used(&fixture->ring), 32 + 32 + 48 + 24);
	assert_int_equal(expect_record(fixture), 24);
	assert_int_equal(expect_record(fixture), 21);
	assert_int_equal(expect_record(fixture), 16);
	assert_int_equal(bpf_ring_next(&fixture->ring, &record, &length),
			 BPF_RING_EMPTY);
	assert_int_equal(*(unsigned long *)(void *)fixture->pages, 0);
	bpf_ring_release(&fixture->ring);
	assert_int_equal(*(unsigned long *)(void *)fixture->pages, 136);
}

static void a_record_being_written_holds_up_those_behind(void **state)
{
	struct fixture *fixture = *state;
	const void *record;
	size_t length;

	put(fixture, 24, BPF_RINGBUF_BUSY_BIT);
	put(fixture, 16, 0);
	assert_int_equal(bpf_ring_next(&fixture->ring, &record, &length),
			 BPF_RING_BUSY);
	*(uint32_t *)(void *)fixture->data = 24;
	assert_int_equal(expect_record(fixture), 24);
	assert_int_equal(expect_record(fixture), 16);
}

static void add(struct bpf_queue *queue, uint64_t time_ns, uint16_t cpu)
{
	const struct event event = { .time_ns = time_ns, .cpu = cpu };

	bpf_queue_add(queue, &event);
}

static void expect(struct bpf_queue *queue, uint64_t time_ns, uint16_t cpu)
{
	const struct event *event = bpf_queue_peek(queue);

	assert_non_null(event);
	assert_int_equal(event->time_ns, time_ns);
	assert_int_equal(event->cpu, cpu);
	bpf_queue_drop(queue);
}

static void the_queue_sorts_and_keeps_equals_in_order(void **state)
{
	struct bpf_queue queue;

	(void)state;
	assert_int_equal(bpf_queue_init(&queue, 4), 0);
	for (uint64_t round = 1; round < 9; round++) {  /* round the circle */
		add(&queue, 20 * round, 0);
		add(&queue, 20 * round, 1);
		add(&queue, 20 * round - 5, 2);
		assert_int_equal(bpf_queue_room(&queue), 1);
		expect(&queue, 20 * round - 5, 2);
		expect(&queue, 20 * round, 0);
		expect(&queue, 20 * round, 1);
		assert_null(bpf_queue_peek(&queue));
	}
	bpf_queue_done(&queue);
	bpf_queue_done(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(records_come_in_order, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			a_record_being_written_holds_up_those_behind, set_up,
			tear_down),
		cmocka_unit_test(the_queue_sorts_and_keeps_equals_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Maps the pages of the ring and walks its records; see bpf_ring.h. The layout
 * is that of kernel/bpf/ringbuf.c: a page with the consumer's position, one with
 * the producer's, then the data. */
#include "bpf_ring.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <sys/mman.h>

int bpf_ring_open(struct bpf_ring *ring, int map_fd, size_t bytes,
		  struct error *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *consumer, *producer;
	int ret;

	*ring = (struct bpf_ring){ .bytes = bytes, .page = page };
	consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (consumer == MAP_FAILED) {
		ret = errno;
		return error_set(err, ret, "cannot map the ring buffer: %s",
				 strerror(ret));
	}
	producer = mmap(NULL, page + 2 * bytes, PROT_READ, MAP_SHARED, map_fd,
			(off_t)page);
	if (producer == MAP_FAILED) {
		ret = errno;
		munmap(consumer, page);
		return error_set(err, ret, "cannot map the ring buffer: %s",
				 strerror(ret));
	}
	ring->consumer = consumer;
	ring->producer = producer;
	ring->data = (const uint8_t *)producer + page;
	ring->position = *ring->consumer;
	return 0;
}

void bpf_ring_close(struct bpf_ring *ring)
{
	if (!ring->consumer)
		return;
	munmap((void *)(uintptr_t)ring->producer, ring->page + 2 * ring->bytes);
	munmap(ring->consumer, ring->page);
	*ring = (struct bpf_ring){ 0 };
}

size_t bpf_ring_used(const struct bpf_ring *ring)
{
	return __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE) - ring->position;
}

enum bpf_ring_answer bpf_ring_next(struct bpf_ring *ring, const void **record,
				   size_t *length)
{
	while (bpf_ring_used(ring)) {
		const uint8_t *at = ring->data + (ring->position & (ring->bytes - 1));
		uint32_t head = __atomic_load_n((const uint32_t *)(const void *)at,
						__ATOMIC_ACQUIRE);
		uint32_t size = head & ~(BPF_RINGBUF_BUSY_BIT |
					 BPF_RINGBUF_DISCARD_BIT);

		if (head & BPF_RINGBUF_BUSY_BIT)
			return BPF_RING_BUSY;
		ring->position += (size + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
		if (head & BPF_RINGBUF_DISCARD_BIT)
			continue;
		*record = at + BPF_RINGBUF_HDR_SZ;
		*length = size;
		return BPF_RING_RECORD;
	}
	return BPF_RING_EMPTY;
}

void bpf_ring_release(struct bpf_ring *ring)
{
	__atomic_store_n(ring->consumer, ring->position, __ATOMIC_RELEASE);
}

/* The older mark stays for as long as the newer one has not been reached: a
 * writer may be stopped in the middle for longer than from mark to mark. */
void bpf_ring_mark(struct bpf_ring *ring, uint64_t time_ns)
{
	if (ring->position >= ring->newer.position)
		ring->older = ring->newer;
	ring->newer = (struct bpf_ring_mark){
		.position = ring->position + bpf_ring_used(ring),
		.time_ns = time_ns,
	};
}

uint64_t bpf_ring_unread_since_ns(const struct bpf_ring *ring)
{
	if (ring->position >= ring->newer.position)
		return ring->newer.time_ns;
	return ring->position >= ring->older.position ? ring->older.time_ns : 0;
}

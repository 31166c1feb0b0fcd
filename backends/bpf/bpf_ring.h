/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader's side of a BPF ring buffer (BPF_MAP_TYPE_RINGBUF, since 5.8): all
 * CPUs write into one, in the order in which they reserved. */
#ifndef BPF_RING_H
#define BPF_RING_H

#include <stddef.h>
#include <stdint.h>

#include "tcpwatch/error.h"

/* At time_ns nothing had been reserved from this position on. */
struct bpf_ring_mark {
	unsigned long position;
	uint64_t time_ns;
};

struct bpf_ring {
	size_t bytes;           /* of the data; a power of 2 */
	size_t page;
	unsigned long position; /* up to here it has been read */
	unsigned long *consumer; /* NULL: not open */
	const unsigned long *producer;
	const uint8_t *data;    /* twice in a row, so no record is in two pieces */
	struct bpf_ring_mark older, newer;
};

enum bpf_ring_answer {
	BPF_RING_RECORD,
	BPF_RING_EMPTY,
	BPF_RING_BUSY           /* the next is still being written */
};

/* bytes: as the map has it. 0 or -errno and *err. */
int bpf_ring_open(struct bpf_ring *ring, int map_fd, size_t bytes,
		  struct error *err);
void bpf_ring_close(struct bpf_ring *ring);     /* accepts a zeroed object */

/* *record stays until bpf_ring_release(); it is aligned to 8 bytes. */
enum bpf_ring_answer bpf_ring_next(struct bpf_ring *ring, const void **record,
				   size_t *length);

/* Gives back the room of all records read so far. */
void bpf_ring_release(struct bpf_ring *ring);

/* From now on bpf_ring_unread_since_ns() may answer time_ns: a clock's, read
 * before. */
void bpf_ring_mark(struct bpf_ring *ring, uint64_t time_ns);

/* Whatever has not been read was reserved, and so stamped, later than this; 0 =
 * not known. */
uint64_t bpf_ring_unread_since_ns(const struct bpf_ring *ring);

/* How much of it waits to be read, in bytes. */
size_t bpf_ring_used(const struct bpf_ring *ring);

#endif

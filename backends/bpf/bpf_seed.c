/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the records of the program that lists sockets; see bpf_seed.h. */
#include "bpf_seed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf_decode.h"

static int open_list(void *context)
{
	const struct bpf_seed *seed = context;

	/* It is of the network namespace that this thread is in now. */
	return bpf_iter_create(bpf_link__fd(seed->link));
}

/* A read may end in the middle of a record. */
static int read_list(void *context, int fd, struct event *events,
		     uint64_t *inodes)
{
	struct bpf_seed *seed = context;
	const size_t bytes = sizeof(struct bpf_record_listed);
	size_t count = 0;

	while (!count) {
		ssize_t got = read(fd, seed->room + seed->used,
				   sizeof(seed->room) - seed->used);

		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return got < 0 ? -errno : 0;
		seed->used += (size_t)got;
		count = seed->used / bytes;
	}
	for (size_t i = 0; i < count; i++) {
		struct bpf_record_listed record;

		memcpy(&record, seed->room + i * bytes, bytes);
		events[i] = bpf_decode_listed(&record);
		inodes[i] = record.inode;
	}
	seed->used -= count * bytes;
	memmove(seed->room, seed->room + count * bytes, seed->used);
	return (int)count;
}

bool bpf_seed_open(struct bpf_seed *seed, const struct bpf_programs *programs)
{
	*seed = (struct bpf_seed){
		.lister = { open_list, read_list, seed },
		.link = bpf_programs_list(programs),
	};
	return seed->link;
}

void bpf_seed_close(struct bpf_seed *seed)
{
	bpf_link__destroy(seed->link);
	seed->link = NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a recording. The corpus holds real ones. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/mman.h>

#include "registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { READS_MAX = 100000, BUDGET = 512 };

struct witness {
	uint64_t newest_ns;
	size_t taken;
};

static void take(void *context, const struct event *event)
{
	struct witness *witness = context;

	assert(event->kind < EVENT_KIND_COUNT);
	assert(event->time_ns >= witness->newest_ns || event->late);
	if (event->time_ns > witness->newest_ns)
		witness->newest_ns = event->time_ns;
	witness->taken += event->kind != EVENT_TICK;
}

static void read_all(struct backend *backend)
{
	struct witness witness = { 0 };
	const struct event_sink sink = { take, &witness };
	enum backend_answer answer = BACKEND_MORE;
	struct backend_facts facts;

	backend->ops->facts(backend, &facts);
	assert(facts.clock);
	for (size_t i = 0; answer == BACKEND_MORE; i++) {
		struct error err = { 0 };

		assert(i < READS_MAX);
		witness.taken = 0;
		answer = backend->ops->read(backend, BUDGET, &sink, &err);
		assert(witness.taken <= BUDGET);
		assert((answer == BACKEND_FAILED) == (err.code != 0));
	}
	assert(answer != BACKEND_IDLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct backend_options options = { .events = ~0u };
	struct error err = { 0 };
	struct backend *backend;
	char path[64];
	int fd = memfd_create("recording", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	options.path = path;
	backend = replay_backend.open(&options, &err);
	assert(!backend == (err.code > 0));
	if (backend) {
		read_all(backend);
		backend->ops->close(backend);
	}
	close(fd);
	return 0;
}

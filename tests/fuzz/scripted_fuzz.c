/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as an event script: refused with one line, or played in order. */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { READS_MAX = 64, BUDGET = 64 };

static void take(void *context, const struct event *event)
{
	uint64_t *newest_ns = context;

	assert(event->kind < EVENT_KIND_COUNT);
	assert(event->late || event->time_ns >= *newest_ns);
	if (!event->late)
		*newest_ns = event->time_ns;
}

static void play(struct backend *backend)
{
	uint64_t newest_ns = 0;
	const struct event_sink sink = { take, &newest_ns };
	enum backend_answer answer = BACKEND_MORE;
	struct error err = { 0 };

	for (int i = 0; i < READS_MAX && answer != BACKEND_FAILED; i++)
		answer = scripted_backend.read(backend, BUDGET, &sink, &err);
	assert((answer == BACKEND_FAILED) == (err.code != 0));
	if (answer == BACKEND_FAILED)
		return;
	scripted_backend.stop(backend);
	assert(scripted_backend.read(backend, BUDGET, &sink, &err) ==
	       BACKEND_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char path[64];
	const struct backend_options options = { .events = ~0u, .path = path };
	struct error err = { 0 };
	struct backend *backend;

	if (fd < 0)
		fd = memfd_create("script", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) < 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	backend = scripted_backend.open(&options, &err);
	assert(backend ? err.code == 0 : err.code > 0 && err.text[0]);
	assert(!strchr(err.text, '\n'));
	if (backend)
		play(backend);
	scripted_backend.close(backend);
	return 0;
}

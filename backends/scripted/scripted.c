/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events from a text file, for tests: the same story each time, and bad
 * behaviour on request. The language is told in script_line.h.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "registry.h"
#include "sample_gate.h"
#include "script.h"

/* Events that every view needs, whatever it asks for. */
#define EVENTS_ALWAYS \
	(EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_LOST))

struct scripted {
	struct backend backend;
	struct script script;
	struct sample_gate samples;
	unsigned int events;            /* EVENT_BIT set to deliver */
	bool hung, ended;
	int fd;                         /* an eventfd: readable unless hung */
};

static int scripted_probe(const struct backend_options *options,
			  struct error *err)
{
	if (!options->path)
		return error_set(err, EINVAL,
				 "needs a file of events: use -r FILE");
	if (access(options->path, R_OK) < 0)
		return error_set(err, errno, "cannot open '%s': %s",
				 options->path, strerror(errno));
	return 0;
}

static void scripted_close(struct backend *backend)
{
	struct scripted *scripted = (struct scripted *)backend;

	if (!scripted)
		return;
	if (scripted->fd >= 0)
		close(scripted->fd);
	script_close(&scripted->script);
	free(scripted);
}

static int acquire(struct scripted *scripted,
		   const struct backend_options *options, struct error *err)
{
	int ret = scripted_probe(options, err);

	if (ret)
		return ret;
	ret = script_open(&scripted->script, options->path, err);
	if (ret)
		return ret;
	scripted->fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (scripted->fd < 0)
		return error_set(err, errno, "cannot make an eventfd: %s",
				 strerror(errno));
	return 0;
}

static struct backend *scripted_open(const struct backend_options *options,
				     struct error *err)
{
	struct scripted *scripted = calloc(1, sizeof(*scripted));

	if (!scripted) {
		error_set(err, ENOMEM, "no memory for a script");
		return NULL;
	}
	scripted->backend.ops = &scripted_backend;
	scripted->events = options->events | EVENTS_ALWAYS;
	sample_gate_init(&scripted->samples, options->samples.every);
	scripted->fd = -1;
	if (acquire(scripted, options, err)) {
		scripted_close(&scripted->backend);
		return NULL;
	}
	return &scripted->backend;
}

static void scripted_facts(const struct backend *backend,
			   struct backend_facts *facts)
{
	const struct scripted *scripted = (const struct scripted *)backend;

	*facts = (struct backend_facts){
		.clock = "scripted",
		.wall_offset_ns = scripted->script.wall_ns,
		.wall_offset_known = scripted->script.wall_known,
		.since_ns = scripted->script.since_ns,
		.events = scripted->events,
	};
}

static int scripted_fd(const struct backend *backend)
{
	return ((const struct scripted *)backend)->fd;
}

/* From here on the descriptor is not readable, until stop(). */
static enum backend_answer hang(struct scripted *scripted)
{
	uint64_t count;
	ssize_t got = read(scripted->fd, &count, sizeof(count));

	(void)got;                      /* empty already is as good */
	scripted->hung = true;
	return BACKEND_IDLE;
}

static void deliver(struct scripted *scripted, struct event *event,
		    const struct event_sink *sink)
{
	if (!(scripted->events & EVENT_BIT(event->kind)))
		return;
	if (event->kind == EVENT_SAMPLE) {
		if (!sample_gate_takes(&scripted->samples, event->time_ns))
			return;
		event->sample.every = scripted->samples.every;
	}
	sink->take(sink->context, event);
}

static enum backend_answer end(struct scripted *scripted)
{
	scripted->ended = true;
	return BACKEND_END;
}

static enum backend_answer scripted_read(struct backend *backend, size_t budget,
					 const struct event_sink *sink,
					 struct error *err)
{
	struct scripted *scripted = (struct scripted *)backend;
	struct script_line line;

	if (scripted->ended)
		return BACKEND_END;
	if (scripted->hung)
		return BACKEND_IDLE;
	/* Events nobody wants and ticks cost budget too: a call stays short. */
	for (size_t taken = 0; taken < budget; taken++) {
		if (!script_next(&scripted->script, &line))
			return end(scripted);
		switch (line.kind) {
		case SCRIPT_LINE_IDLE:
			return BACKEND_IDLE;
		case SCRIPT_LINE_HANG:
			return hang(scripted);
		case SCRIPT_LINE_FAIL:
			error_set(err, EIO, "%s", line.text);
			return BACKEND_FAILED;
		default:
			deliver(scripted, &line.event, sink);
		}
	}
	return BACKEND_MORE;
}

static void scripted_stop(struct backend *backend)
{
	struct scripted *scripted = (struct scripted *)backend;
	const uint64_t one = 1;
	ssize_t put = write(scripted->fd, &one, sizeof(one));

	(void)put;                      /* full already is as good */
	scripted->ended = true;
}

/* All of the file has been read. */
static void scripted_confine(struct backend *backend,
			     const struct keeper *keeper)
{
	(void)backend;
	(void)keeper;
}

const struct backend_ops scripted_backend = {
	.name = "scripted",
	.summary = "events from a text file, for tests",
	.promises = BACKEND_EXACT | BACKEND_OWNER | BACKEND_FILE,
	.probe = scripted_probe,
	.open = scripted_open,
	.facts = scripted_facts,
	.fd = scripted_fd,
	.read = scripted_read,
	.stop = scripted_stop,
	.confine = scripted_confine,
	.close = scripted_close,
};

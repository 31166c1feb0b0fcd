/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives the events of a text dump line by line; see dump.h. */
#include "dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump_line.h"

enum {
	LINE_BYTES = 4096,              /* longer ones are none of ours */
	LOOK_LINES = 4096,
	LINES_A_READ = 16384,
	TICK_NS = 10 * 1000 * 1000
};

#define EVENTS_GIVEN \
	(EVENT_BIT(EVENT_STATE) | EVENT_BIT(EVENT_CONG) | \
	 EVENT_BIT(EVENT_RETRANS) | EVENT_BIT(EVENT_RESET) | \
	 EVENT_BIT(EVENT_ERROR) | EVENT_BIT(EVENT_DESTROY) | \
	 EVENT_BIT(EVENT_TASK) | EVENT_BIT(EVENT_TICK) | EVENT_BIT(EVENT_LOST))

struct dump {
	struct backend base;
	FILE *file;
	unsigned int wanted;
	bool pending;                   /* line is read and not given */
	bool task_given;
	struct dump_line line;
	uint64_t since_ns, newest_ns, tick_ns;
	bool ended;
};

static const struct backend_ops dump_ops;

static FILE *open_text(const struct backend_options *options)
{
	int fd = held_files_get(options->held, options->path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file && fd >= 0)
		close(fd);
	if (fd < 0)
		errno = -fd;
	return file;
}

/* The next line that is an event of ours, of so many; false at the end. */
static bool next_event(FILE *file, struct dump_line *line, size_t *lines)
{
	char text[LINE_BYTES];
	bool whole = true;

	while (*lines && fgets(text, sizeof(text), file)) {
		bool begins = whole;

		whole = strchr(text, '\n');
		--*lines;
		if (begins && dump_line_parse(line, text))
			return true;
	}
	return false;
}

bool dump_is(const struct backend_options *options)
{
	FILE *file = open_text(options);
	size_t lines = LOOK_LINES;
	struct dump_line line;
	bool found = file && next_event(file, &line, &lines);

	if (file)
		fclose(file);
	return found;
}

static void dump_close(struct backend *backend)
{
	struct dump *dump = (struct dump *)backend;

	if (!dump)
		return;
	if (dump->file)
		fclose(dump->file);
	free(dump);
}

struct backend *dump_open(const struct backend_options *options,
			  struct error *err)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	size_t lines = LOOK_LINES;

	if (!dump) {
		error_set(err, ENOMEM, "no memory for a recording");
		return NULL;
	}
	dump->base.ops = &dump_ops;
	dump->wanted = options->events | EVENT_BIT(EVENT_TASK);
	dump->file = open_text(options);
	if (!dump->file) {
		error_set(err, errno, "cannot open '%s': %s", options->path,
			  strerror(errno));
		dump_close(&dump->base);
		return NULL;
	}
	dump->pending = next_event(dump->file, &dump->line, &lines);
	dump->since_ns = dump->tick_ns = dump->newest_ns =
		dump->line.event.time_ns;
	return &dump->base;
}

static void dump_facts(const struct backend *backend,
		       struct backend_facts *facts)
{
	const struct dump *dump = (const struct dump *)backend;

	*facts = (struct backend_facts){
		.clock = "trace:text",
		.since_ns = dump->since_ns,
		.events = EVENTS_GIVEN & (dump->wanted | EVENT_BIT(EVENT_TICK) |
					  EVENT_BIT(EVENT_LOST)),
		.note = "a text dump does not tell which socket an event belongs to: "
			"sockets are told apart by their addresses and ports, and "
			"processes by the threads that ran",
	};
}

static void give(struct dump *dump, const struct event *event,
		 const struct event_sink *sink)
{
	struct event copy = *event;

	copy.late = copy.time_ns < dump->newest_ns;
	if (!copy.late)
		dump->newest_ns = copy.time_ns;
	sink->take(sink->context, &copy);
}

static void tick(struct dump *dump, const struct event_sink *sink)
{
	const struct event event = {
		.kind = EVENT_TICK, .time_ns = dump->newest_ns
	};

	dump->tick_ns = dump->newest_ns;
	sink->take(sink->context, &event);
}

/* Who ran, then what happened; each costs budget. True when both were given. */
static bool give_line(struct dump *dump, size_t *budget,
		      const struct event_sink *sink)
{
	const struct event *event = &dump->line.event;

	if (!dump->task_given && event->tid && event->has & EVENT_HAS_CONTEXT &&
	    !(event->context & EVENT_CONTEXT_INTERRUPT)) {
		give(dump, &dump->line.task, sink);
		--*budget;
	}
	dump->task_given = true;
	if (!*budget)
		return false;
	if (dump->wanted & EVENT_BIT(event->kind)) {
		give(dump, event, sink);
		--*budget;
	}
	dump->task_given = false;
	return true;
}

static enum backend_answer end(struct dump *dump, const struct event_sink *sink,
			       struct error *err)
{
	if (ferror(dump->file)) {
		error_set(err, EIO, "cannot read the dump");
		return BACKEND_FAILED;
	}
	tick(dump, sink);
	dump->ended = true;
	return BACKEND_END;
}

static enum backend_answer dump_read(struct backend *backend, size_t budget,
				     const struct event_sink *sink,
				     struct error *err)
{
	struct dump *dump = (struct dump *)backend;
	size_t lines = LINES_A_READ;

	if (dump->ended)
		return BACKEND_END;
	while (budget && lines) {
		if (!dump->pending)
			dump->pending = next_event(dump->file, &dump->line,
						   &lines);
		if (!dump->pending)
			return lines ? end(dump, sink, err) : BACKEND_MORE;
		if (dump->newest_ns - dump->tick_ns >= TICK_NS)
			tick(dump, sink);
		dump->pending = !give_line(dump, &budget, sink);
	}
	return BACKEND_MORE;
}

static void dump_stop(struct backend *backend)
{
	((struct dump *)backend)->ended = true;
}

static int dump_probe(const struct backend_options *options, struct error *err)
{
	return dump_is(options) ? 0 :
	       error_set(err, EINVAL, "%s: not a text dump", options->path);
}

static const struct backend_ops dump_ops = {
	.name = "replay",
	.summary = "a text dump of trace events",
	.promises = BACKEND_EXACT | BACKEND_OWNER | BACKEND_FILE,
	.probe = dump_probe,
	.open = dump_open,
	.facts = dump_facts,
	.read = dump_read,
	.stop = dump_stop,
	.close = dump_close,
};

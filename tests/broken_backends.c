/* SPDX-License-Identifier: BSD-2-Clause */
/* One backend that is in order, and many ways to spoil it. */
#include "broken_backends.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EVENTS = 7, LEAKS_MAX = 16 };

struct broken {
	struct backend backend;
	int fd;
	size_t given;                   /* events so far */
	bool stopped, ended;
};

/* open() is not told which record it belongs to. */
static const struct backend_ops *current;

static int leaks[LEAKS_MAX];
static size_t leak_count;

static int new_descriptor(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void leak(void)
{
	if (leak_count < LEAKS_MAX)
		leaks[leak_count++] = new_descriptor();
}

static int good_probe(const struct backend_options *options, struct error *err)
{
	(void)options;
	(void)err;
	return 0;
}

static void good_close(struct backend *backend)
{
	struct broken *broken = (struct broken *)backend;

	if (!broken)
		return;
	close(broken->fd);
	free(broken);
}

static struct backend *good_open(const struct backend_options *options,
				 struct error *err)
{
	struct broken *broken = calloc(1, sizeof(*broken));

	(void)options;
	if (!broken) {
		error_set(err, ENOMEM, "no memory");
		return NULL;
	}
	broken->backend.ops = current;
	broken->fd = new_descriptor();
	return &broken->backend;
}

static void good_facts(const struct backend *backend,
		       struct backend_facts *facts)
{
	(void)backend;
	*facts = (struct backend_facts){ .clock = "monotonic", .events = ~0u };
}

static int good_fd(const struct backend *backend)
{
	return ((const struct broken *)backend)->fd;
}

static void give(struct broken *broken, const struct event *event,
		 const struct event_sink *sink)
{
	sink->take(sink->context, event);
	broken->given++;
}

static struct event next_event(const struct broken *broken)
{
	return (struct event){
		.kind = EVENT_DESTROY,
		.has = EVENT_HAS_SOCKET,
		.socket_id = 1,
		.time_ns = 100 + broken->given,
	};
}

static enum backend_answer good_read(struct backend *backend, size_t budget,
				     const struct event_sink *sink,
				     struct error *err)
{
	struct broken *broken = (struct broken *)backend;

	(void)err;
	while (budget-- > 0 && broken->given < EVENTS) {
		struct event event = next_event(broken);

		give(broken, &event, sink);
	}
	broken->ended = broken->given == EVENTS;
	return broken->ended ? BACKEND_END : BACKEND_MORE;
}

static void good_stop(struct backend *backend)
{
	((struct broken *)backend)->stopped = true;
}

static int probe_leaking(const struct backend_options *options,
			 struct error *err)
{
	leak();
	return good_probe(options, err);
}

static int probe_positive(const struct backend_options *options,
			  struct error *err)
{
	(void)options;
	error_set(err, EACCES, "not allowed");
	return EACCES;
}

static int probe_silent(const struct backend_options *options,
			struct error *err)
{
	(void)options;
	err->code = EACCES;
	return -EACCES;
}

static struct backend *open_silent(const struct backend_options *options,
				   struct error *err)
{
	(void)options;
	(void)err;
	return NULL;
}

static struct backend *open_without_text(const struct backend_options *options,
					 struct error *err)
{
	(void)options;
	err->code = EACCES;
	return NULL;
}

static struct backend *open_chatty(const struct backend_options *options,
				   struct error *err)
{
	(void)options;
	error_set(err, EACCES, "not allowed\nand not nice");
	return NULL;
}

static struct backend *open_leaking(const struct backend_options *options,
				    struct error *err)
{
	(void)options;
	leak();
	error_set(err, EACCES, "not allowed");
	return NULL;
}

static struct backend *open_foreign(const struct backend_options *options,
				    struct error *err)
{
	static const struct backend_ops other = { .name = "other" };
	struct backend *backend = good_open(options, err);

	if (backend)
		backend->ops = &other;
	return backend;
}

static struct backend *open_with_error(const struct backend_options *options,
				       struct error *err)
{
	error_set(err, EAGAIN, "half of it works");
	return good_open(options, NULL);
}

static void facts_without_clock(const struct backend *backend,
				struct backend_facts *facts)
{
	(void)backend;
	*facts = (struct backend_facts){ .clock = "", .events = ~0u };
}

static void facts_without_events(const struct backend *backend,
				 struct backend_facts *facts)
{
	(void)backend;
	*facts = (struct backend_facts){ .clock = "monotonic" };
}

static void facts_sampled(const struct backend *backend,
			  struct backend_facts *facts)
{
	(void)backend;
	*facts = (struct backend_facts){ .clock = "boot", .sample_ns = 1000, .events = ~0u };
}

static int fd_closed(const struct backend *backend)
{
	(void)backend;
	return -1;
}

static enum backend_answer read_beyond_budget(struct backend *backend,
					      size_t budget,
					      const struct event_sink *sink,
					      struct error *err)
{
	return good_read(backend, budget + 1, sink, err);
}

static enum backend_answer read_unknown_kind(struct backend *backend,
					     size_t budget,
					     const struct event_sink *sink,
					     struct error *err)
{
	struct event event = next_event((struct broken *)backend);

	event.kind = EVENT_KIND_COUNT;
	if (budget > 0)
		give((struct broken *)backend, &event, sink);
	return good_read(backend, budget > 0 ? budget - 1 : 0, sink, err);
}

static enum backend_answer read_unknown_has(struct backend *backend,
					    size_t budget,
					    const struct event_sink *sink,
					    struct error *err)
{
	struct event event = next_event((struct broken *)backend);

	event.has = 1u << 15;
	if (budget > 0)
		give((struct broken *)backend, &event, sink);
	return good_read(backend, 0, sink, err);
}

static enum backend_answer read_without_family(struct backend *backend,
					       size_t budget,
					       const struct event_sink *sink,
					       struct error *err)
{
	struct event event = next_event((struct broken *)backend);

	event.has |= EVENT_HAS_ENDPOINTS;
	if (budget > 0)
		give((struct broken *)backend, &event, sink);
	return good_read(backend, 0, sink, err);
}

static enum backend_answer read_backwards(struct backend *backend,
					  size_t budget,
					  const struct event_sink *sink,
					  struct error *err)
{
	struct broken *broken = (struct broken *)backend;
	struct event event = next_event(broken);

	event.time_ns = 1000 - broken->given;
	if (budget > 0)
		give(broken, &event, sink);
	return good_read(backend, 0, sink, err);
}

static enum backend_answer read_after_end(struct backend *backend,
					  size_t budget,
					  const struct event_sink *sink,
					  struct error *err)
{
	struct broken *broken = (struct broken *)backend;

	if (broken->ended && budget > 0) {
		struct event event = next_event(broken);

		give(broken, &event, sink);
		return BACKEND_END;
	}
	return good_read(backend, budget, sink, err);
}

static enum backend_answer read_more_after_end(struct backend *backend,
					       size_t budget,
					       const struct event_sink *sink,
					       struct error *err)
{
	if (((struct broken *)backend)->ended)
		return BACKEND_MORE;
	return good_read(backend, budget, sink, err);
}

static enum backend_answer read_failing(struct backend *backend, size_t budget,
					const struct event_sink *sink,
					struct error *err)
{
	(void)backend;
	(void)budget;
	(void)sink;
	(void)err;
	return BACKEND_FAILED;
}

static enum backend_answer read_complaining(struct backend *backend,
					    size_t budget,
					    const struct event_sink *sink,
					    struct error *err)
{
	error_set(err, EIO, "a little trouble");
	return good_read(backend, budget, sink, NULL);
}

static enum backend_answer read_strange(struct backend *backend, size_t budget,
					const struct event_sink *sink,
					struct error *err)
{
	good_read(backend, budget, sink, err);
	return (enum backend_answer)77;
}

static enum backend_answer read_idle(struct backend *backend, size_t budget,
				     const struct event_sink *sink,
				     struct error *err)
{
	(void)backend;
	(void)sink;
	(void)err;
	return budget > 0 ? BACKEND_IDLE : BACKEND_MORE;
}

static enum backend_answer read_idle_at_once(struct backend *backend,
					     size_t budget,
					     const struct event_sink *sink,
					     struct error *err)
{
	(void)backend;
	(void)budget;
	(void)sink;
	(void)err;
	return BACKEND_IDLE;
}

static void close_leaking(struct backend *backend)
{
	if (backend)
		leak();
	good_close(backend);
}

static const struct {
	const char *crime;
	struct backend_ops spoilt;      /* what differs from the good one */
	unsigned int promises;          /* besides BACKEND_EXACT */
	bool nameless, unreadable;
} broken[] = {
	{ .crime = NULL },
	{ .crime = "no name", .nameless = true },
	{ .crime = "member is missing", .unreadable = true },
	{ .crime = "unknown promise", .promises = 1u << 31 },
	{ .crime = "but for what", .promises = BACKEND_AUTO },
	{ .crime = "probe() left", .spoilt.probe = probe_leaking },
	{ .crime = "positive number", .spoilt.probe = probe_positive },
	{ .crime = "without a text", .spoilt.probe = probe_silent },
	{ .crime = "error code", .spoilt.open = open_silent },
	{ .crime = "without a text", .spoilt.open = open_without_text },
	{ .crime = "several lines", .spoilt.open = open_chatty },
	{ .crime = "failed open() left", .spoilt.open = open_leaking },
	{ .crime = "another kind", .spoilt.open = open_foreign },
	{ .crime = "succeeded with an error", .spoilt.open = open_with_error },
	{ .crime = "clock", .spoilt.facts = facts_without_clock },
	{ .crime = "sample period", .spoilt.facts = facts_sampled },
	{ .crime = "no kind of events", .spoilt.facts = facts_without_events },
	{ .crime = "no open descriptor", .spoilt.fd = fd_closed },
	{ .crime = "than the budget", .spoilt.read = read_beyond_budget },
	{ .crime = "unknown kind", .spoilt.read = read_unknown_kind },
	{ .crime = "has bits", .spoilt.read = read_unknown_has },
	{ .crime = "without a family", .spoilt.read = read_without_family },
	{ .crime = "went backwards", .spoilt.read = read_backwards },
	{ .crime = "followed the END", .spoilt.read = read_after_end },
	{ .crime = "followed the END", .spoilt.read = read_more_after_end },
	{ .crime = "error code", .spoilt.read = read_failing },
	{ .crime = "without the answer FAILED", .spoilt.read = read_complaining },
	{ .crime = "none of the four", .spoilt.read = read_strange },
	{ .crime = "no END after stop", .spoilt.read = read_idle },
	{ .crime = "budget of 0", .spoilt.read = read_idle_at_once },
	{ .crime = "close() left", .spoilt.close = close_leaking },
};

bool broken_backends_get(size_t number, struct broken_backend *result)
{
	const struct backend_ops *spoilt;

	if (number >= sizeof(broken) / sizeof(broken[0]))
		return false;
	spoilt = &broken[number].spoilt;
	result->crime = broken[number].crime;
	result->ops = (struct backend_ops){
		.name = broken[number].nameless ? NULL : "broken",
		.summary = "wrong on purpose",
		.promises = BACKEND_EXACT | broken[number].promises,
		.probe = spoilt->probe ? spoilt->probe : good_probe,
		.open = spoilt->open ? spoilt->open : good_open,
		.facts = spoilt->facts ? spoilt->facts : good_facts,
		.fd = spoilt->fd ? spoilt->fd : good_fd,
		.read = spoilt->read ? spoilt->read : good_read,
		.stop = good_stop,
		.close = spoilt->close ? spoilt->close : good_close,
	};
	if (broken[number].unreadable)
		result->ops.read = NULL;
	current = &result->ops;
	return true;
}

void broken_backends_clean(void)
{
	while (leak_count > 0)
		close(leaks[--leak_count]);
}

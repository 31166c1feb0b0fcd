/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One trigger on tcp:tcp_probe, whose table is read now and then and never
 * emptied: what is new is the difference, so that nothing falls between. A
 * reading takes the kernel's event_mutex: once a second at most.
 */
#include "trace_hist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace_filter.h"

#define EVENT "events/tcp/tcp_probe/"

enum {
	TRIGGER_BYTES = 4000,           /* a write is less than a page */
	TABLE_SMALL = 128,              /* the least: more than buckets there are */
	TABLE_LARGE = 16384,
	TEXT_FIRST = 16 * 1024
};

static const char *second_key(const struct trace_hist *hist)
{
	switch ((enum backend_samples_key)hist->samples.key) {
	case BACKEND_KEY_LOCAL_PORT:
		return ",sport";
	case BACKEND_KEY_REMOTE_PORT:
		return ",dport";
	case BACKEND_KEY_SOCKET:
		/* The address of a socket is soon that of another one. */
		return ",sock_cookie";
	case BACKEND_KEY_NONE:
		break;
	}
	return "";
}

/* Addresses are arrays that a filter must never compare (select_comparison_fn()
 * of 5.10 has no default), so who filters by these counts by himself. */
static int compose(struct trace_hist *hist, const struct trace_layout *layout,
		   const struct backend_filter *filter, struct error *err)
{
	char condition[TRACE_FILTER_BYTES];
	int length;

	if (!trace_filter_compose(condition, layout, filter) ||
	    (filter && (filter->local_addresses.count ||
			filter->remote_addresses.count)))
		return error_set(err, EOPNOTSUPP, "the kernel cannot filter its "
				 "counts by this");
	hist->trigger[0] = '!';
	/* Before 5.17 (order_base_2()) what is 0 had no bucket of its own. */
	length = snprintf(hist->trigger + 1, TRIGGER_BYTES - 1,
			  "hist:keys=srtt.log2%s:vals=srtt:size=%d if srtt > 0%s%s",
			  second_key(hist),
			  hist->samples.key == BACKEND_KEY_NONE ? TABLE_SMALL :
								  TABLE_LARGE,
			  condition[0] ? " && " : "", condition);
	if (length < 0 || length >= TRIGGER_BYTES - 1)
		return error_set(err, E2BIG, "the filter is too long for a trigger");
	return 0;
}

/* Shows whether this kernel has them (CONFIG_HIST_TRIGGERS), and stays open: whoever
 * reads it later may no longer open it. */
static int open_file(struct trace_hist *hist,
		     const struct trace_instance *instance, struct error *err)
{
	int fd = trace_instance_open_file(instance, EVENT "hist", O_RDONLY);

	if (fd < 0)
		return error_set(err, EOPNOTSUPP,
				 "this kernel has no hist triggers");
	hist->fd = fd;
	return 0;
}

int trace_hist_open(struct trace_hist *hist,
		    const struct trace_instance *instance,
		    const struct trace_layout *layout,
		    const struct backend_samples *samples,
		    const struct backend_filter *filter, struct error *err)
{
	int ret;

	*hist = (struct trace_hist){ .samples = *samples };
	ret = open_file(hist, instance, err);
	if (ret)
		return ret;
	hist->trigger = malloc(TRIGGER_BYTES);
	ret = hist->trigger ? compose(hist, layout, filter, err) :
			      error_set(err, ENOMEM, "no memory for a trigger");
	if (!ret) {
		ret = trace_instance_write(instance, EVENT "trigger",
					   hist->trigger + 1);
		if (ret)
			error_set(err, -ret, "the kernel refused a hist trigger: %s",
				  strerror(-ret));
	}
	hist->instance = instance;
	if (ret) {
		close(hist->fd);
		free(hist->trigger);
		*hist = (struct trace_hist){ 0 };
	}
	return ret;
}

void trace_hist_release(struct trace_hist *hist)
{
	if (hist->instance)
		close(hist->fd);
	hist_table_done(&hist->before);
	free(hist->trigger);
	*hist = (struct trace_hist){ 0 };
}

void trace_hist_close(struct trace_hist *hist)
{
	if (hist->instance)
		trace_instance_write(hist->instance, EVENT "trigger",
				     hist->trigger);
	trace_hist_release(hist);
}

bool trace_hist_is_due(struct trace_hist *hist, uint64_t now_ns)
{
	if (!hist->next_ns)
		hist->next_ns = now_ns + hist->samples.period_ns;
	if (now_ns < hist->next_ns)
		return false;
	while (hist->next_ns <= now_ns)
		hist->next_ns += hist->samples.period_ns;
	return true;
}

/* All of the file, NUL-terminated and to be freed; NULL with *err set. */
static char *read_text(const struct trace_hist *hist, struct error *err)
{
	size_t room = TEXT_FIRST, length = 0;
	char *text = malloc(room);
	ssize_t got = 0;

	/* At 0 the kernel makes the text anew. */
	while (text && (got = pread(hist->fd, text + length, room - length - 1,
				    (off_t)length)) > 0) {
		char *more;

		length += (size_t)got;
		if (length < room / 2)
			continue;
		room *= 2;
		more = realloc(text, room);
		if (!more)
			free(text);
		text = more;
	}
	if (!text || got < 0) {
		error_set(err, EIO, "cannot read what the kernel counted: %s",
			  strerror(text ? errno : ENOMEM));
		free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

static void tell_first(struct trace_hist *hist, struct event *event,
		       const struct event_sink *sink)
{
	if (hist->told_first)
		return;
	hist->told_first = true;
	event->bucket.first = true;
	sink->take(sink->context, event);
	event->bucket.first = false;
}

static void deliver_entry(const struct hist_entry *entry, struct event event,
			  const struct event_sink *sink)
{
	event.bucket.key = entry->key;
	event.bucket.count = entry->count;
	event.bucket.sum = entry->sum;
	event.bucket.le_log2 = entry->le_log2;
	sink->take(sink->context, &event);
}

static void deliver_dropped(uint64_t dropped, uint64_t time_ns,
			    const struct event_sink *sink)
{
	const struct event lost = {
		.time_ns = time_ns,
		.kind = EVENT_LOST,
		.has = EVENT_HAS_COUNT,
		.lost.count = dropped,
	};

	if (dropped)
		sink->take(sink->context, &lost);
}

int trace_hist_read(struct trace_hist *hist, uint64_t time_ns, bool whole,
		    const struct event_sink *sink, struct error *err)
{
	struct event event = { .time_ns = time_ns, .kind = EVENT_BUCKET };
	struct hist_table all = { 0 }, fresh = { 0 };
	char *text = read_text(hist, err);
	int ret;

	if (!text)
		return -err->code;
	ret = hist_text_read(&all, text) || hist_text_read(&fresh, text);
	free(text);
	if (ret) {
		hist_table_done(&all);
		hist_table_done(&fresh);
		return error_set(err, ENOMEM, "no memory for what the kernel counted");
	}
	hist_table_subtract(&fresh, &hist->before);
	tell_first(hist, &event, sink);
	for (size_t i = 0; i < fresh.count; i++)
		deliver_entry(&fresh.entries[i], event, sink);
	deliver_dropped(fresh.dropped, time_ns, sink);
	if (whole) {
		event.bucket.last = true;
		sink->take(sink->context, &event);
	}
	hist_table_done(&fresh);
	hist_table_done(&hist->before);
	hist->before = all;
	return 0;
}

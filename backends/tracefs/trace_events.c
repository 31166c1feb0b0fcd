/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads formats, sets filters and enables events; see trace_events.h. */
#include "trace_events.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phrase.h"
#include "trace_filter.h"

enum { FORMAT_BYTES = 16 * 1024 };      /* the longest is about 3 KB */

_Static_assert(TRACE_EVENT_COUNT <= 32, "trace_events.older has a bit for each");

/* "events/<system>/<name>/<file>" */
struct path {
	char text[160];
};

const char *trace_events_system(const struct trace_events *events,
				enum trace_event which)
{
	const struct trace_event_info *info = &trace_events[which];
	const char *system = events->older & 1u << which ? info->old_system :
							   info->system;

	return system ? system : events->probes.system;
}

static struct path event_file(const struct trace_events *events,
			      enum trace_event which, const char *file)
{
	const struct trace_event_info *info = &trace_events[which];
	bool older = events->older & 1u << which;
	struct path path;

	snprintf(path.text, sizeof(path.text), "events/%s/%s/%s",
		 trace_events_system(events, which),
		 older ? info->old_name : info->name, file);
	return path;
}

__attribute__((format(printf, 2, 3)))
static void add_note(struct trace_events *events, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	phrase_add_all(events->note, sizeof(events->note), "; ", format, arguments);
	va_end(arguments);
}

static int read_format(struct trace_events *events,
		       const struct trace_instance *instance,
		       enum trace_event which, struct error *err)
{
	const struct path path = event_file(events, which, "format");
	char *text = malloc(FORMAT_BYTES);
	int ret;

	if (!text)
		return error_set(err, ENOMEM, "no memory to read event formats");
	ret = trace_instance_read(instance, path.text, text, FORMAT_BYTES);
	if (ret < 0)
		error_set(err, -ret, "cannot read %s: %s", path.text,
			  strerror(-ret));
	else
		ret = trace_format_add(&events->format, which, text,
				       (size_t)ret, err);
	free(text);
	return ret;
}

/* When the kernel has neither, *err is about the name of today. */
int trace_events_read(struct trace_events *events,
		      const struct trace_instance *instance,
		      enum trace_event which, struct error *err)
{
	struct error failed = { 0 }, failed_older = { 0 };
	int ret = read_format(events, instance, which, &failed);

	if (ret == -ENOENT && trace_events[which].old_name) {
		events->older |= 1u << which;
		ret = read_format(events, instance, which, &failed_older);
		if (ret == -ENOENT)
			events->older &= ~(1u << which);
		else
			failed = failed_older;
	}
	return ret < 0 ? error_set(err, -ret, "%s", failed.text) : 0;
}

/* The events that every kernel may have. */
static int read_own(struct trace_events *events,
		    const struct trace_instance *instance, unsigned int kinds,
		    struct error *err)
{
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++) {
		const struct trace_event_info *info = &trace_events[which];
		struct error failed = { 0 };
		int ret;

		if (!info->system || !(kinds & EVENT_BIT(info->kind)))
			continue;
		ret = trace_events_read(events, instance, which, &failed);
		if (ret == -ENOENT && which != TRACE_EVENT_SET_STATE)
			add_note(events, "this kernel has no event %s:%s",
				 info->system, info->name);
		else if (ret < 0)
			return error_set(err, -ret, "%s", failed.text);
	}
	return 0;
}

/* Those that we make. Whatever stands in the way, the watch goes on. */
static void probe_congestion(struct trace_events *events,
			     const struct trace_instance *instance,
			     const char *tracing_dir)
{
	struct error failed = { 0 };

	if (trace_probes_open(&events->probes, tracing_dir, instance->name,
			      &failed)) {
		add_note(events, "no congestion states: %s", failed.text);
		return;
	}
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (!trace_events[which].system)
			read_format(events, instance, which, &failed);
	if (failed.code)
		add_note(events, "congestion states may be missing: %s",
			 failed.text);
	else
		add_note(events, "congestion states come from kernel probes");
}

int trace_events_open(struct trace_events *events,
		      const struct trace_instance *instance,
		      const char *tracing_dir, unsigned int kinds,
		      struct error *err)
{
	int ret;

	*events = (struct trace_events){
		.format.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
	};
	ret = read_own(events, instance, kinds, err);
	if (!ret && kinds & EVENT_BIT(EVENT_CONG) &&
	    !events->format.layouts[TRACE_EVENT_CONG_STATE].present)
		probe_congestion(events, instance, tracing_dir);
	return ret;
}

/* A filter only saves work, since core filters again: one that the kernel
 * refuses is taken away and the watch goes on. */
static void set_filter(const struct trace_events *events,
		       const struct trace_instance *instance,
		       enum trace_event which,
		       const struct backend_filter *filter)
{
	const struct path path = event_file(events, which, "filter");
	char text[TRACE_FILTER_BYTES];

	if (trace_events[which].kind == EVENT_TASK)
		return;
	trace_filter_compose(text, &events->format.layouts[which], filter);
	if (text[0] && trace_instance_write(instance, path.text, text))
		trace_instance_write(instance, path.text, "0");
}

static int enable(const struct trace_events *events,
		  const struct trace_instance *instance, enum trace_event which,
		  struct error *err)
{
	const struct path path = event_file(events, which, "enable");
	int ret = trace_instance_write(instance, path.text, "1");

	if (!ret)
		return 0;
	return error_set(err, -ret, "cannot write %s: %s", path.text,
			 strerror(-ret));
}

static bool is_on(const struct trace_events *events, enum trace_event which)
{
	return events->format.layouts[which].present &&
	       !(events->off & 1u << which);
}

int trace_events_enable(const struct trace_events *events,
			const struct trace_instance *instance,
			const struct backend_filter *filter, struct error *err)
{
	int ret = 0;

	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (is_on(events, which))
			set_filter(events, instance, which, filter);
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT && !ret; which++)
		if (is_on(events, which))
			ret = enable(events, instance, which, err);
	return ret;
}

int trace_events_read_format(const struct trace_events *events,
			     const struct trace_instance *instance,
			     enum trace_event which, char *text, size_t size)
{
	const struct path path = event_file(events, which, "format");

	return trace_instance_read(instance, path.text, text, size);
}

void trace_events_close(struct trace_events *events)
{
	trace_probes_close(&events->probes);
}

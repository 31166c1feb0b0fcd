/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads formats, sets filters and enables events; see trace_events.h. */
#include "trace_events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace_filter.h"

enum { FORMAT_BYTES = 16 * 1024 };      /* the longest is about 3 KB */

/* "events/<system>/<name>/<file>" */
struct path {
	char text[128];
};

static struct path event_file(enum trace_event which, const char *file)
{
	struct path path;

	snprintf(path.text, sizeof(path.text), "events/%s/%s/%s",
		 trace_events[which].system, trace_events[which].name, file);
	return path;
}

static int read_format(const struct trace_instance *instance,
		       enum trace_event which, struct trace_format *format,
		       struct error *err)
{
	char *text = malloc(FORMAT_BYTES);
	int ret;

	if (!text)
		return error_set(err, ENOMEM, "no memory to read event formats");
	ret = trace_instance_read(instance, event_file(which, "format").text,
				  text, FORMAT_BYTES);
	if (ret > 0)
		ret = trace_format_add(format, which, text, (size_t)ret, err);
	free(text);
	return ret;
}

static void add_lacking(char *lacking, size_t room, enum trace_event which)
{
	size_t length = strlen(lacking);

	snprintf(lacking + length, room - length, "%s%s:%s",
		 length ? ", " : "this kernel lacks ", trace_events[which].system,
		 trace_events[which].name);
}

int trace_events_read(const struct trace_instance *instance, unsigned int kinds,
		      struct trace_format *format, char *lacking, size_t room,
		      struct error *err)
{
	lacking[0] = '\0';
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++) {
		const struct trace_event_info *info = &trace_events[which];
		int ret;

		if (!(kinds & EVENT_BIT(info->kind)))
			continue;
		ret = read_format(instance, which, format, err);
		if (ret == -ENOENT && which != TRACE_EVENT_SET_STATE)
			add_lacking(lacking, room, which);
		else if (ret < 0)
			return error_set(err, -ret,
					 "cannot read the format of %s:%s: %s",
					 info->system, info->name, strerror(-ret));
	}
	return 0;
}

/* A filter only saves work, since core filters again: one that the kernel
 * refuses is taken away and the watch goes on. */
static void set_filter(const struct trace_instance *instance,
		       enum trace_event which, const struct trace_layout *layout,
		       const struct backend_filter *filter)
{
	const struct path path = event_file(which, "filter");
	char text[TRACE_FILTER_BYTES];

	if (trace_events[which].kind == EVENT_TASK)
		return;
	trace_filter_compose(text, layout, filter);
	if (text[0] && trace_instance_write(instance, path.text, text))
		trace_instance_write(instance, path.text, "0");
}

int trace_events_enable(const struct trace_instance *instance,
			const struct trace_format *format,
			const struct backend_filter *filter, struct error *err)
{
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++)
		if (format->layouts[which].present)
			set_filter(instance, which, &format->layouts[which],
				   filter);
	for (unsigned int which = 0; which < TRACE_EVENT_COUNT; which++) {
		int ret = 0;

		if (format->layouts[which].present)
			ret = trace_instance_write(instance,
						   event_file(which, "enable").text,
						   "1");
		if (ret)
			return error_set(err, -ret,
					 "cannot enable the event %s:%s: %s",
					 trace_events[which].system,
					 trace_events[which].name, strerror(-ret));
	}
	return 0;
}

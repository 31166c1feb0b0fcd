/* SPDX-License-Identifier: BSD-2-Clause */
/* From options to what a backend is asked for; see watch_wants.h. */
#include "watch_wants.h"

#include "filter/filter.h"
#include "view/view.h"

unsigned int watch_wants_events(const struct options *options,
				const struct column_list *shown)
{
	return options->view->events(&options->view_options, shown);
}

unsigned int watch_wants_promises(const struct options *options)
{
	const struct view_ops *view = options->view;

	return (options->read_path ? BACKEND_FILE : BACKEND_LIVE) |
	       (filter_is_of_place(&options->filter) ? BACKEND_PLACE : 0) |
	       (view->needs ? view->needs(&options->view_options) : 0);
}

struct backend_options watch_wants_backend(const struct options *options,
					   unsigned int events)
{
	return (struct backend_options){
		.events = events,
		.latency_ns = options->latency_ns,
		.buffer_bytes = options->buffer_bytes,
		.poll_ns = options->poll_ns,
		.samples = options->samples,
		.path = options->read_path,
	};
}

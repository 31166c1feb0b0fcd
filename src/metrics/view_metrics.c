/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metrics for Prometheus: a file for node_exporter's textfile collector, a
 * process that serves them, or, with neither, text on stdout. There are no rows:
 * what is told is a whole each time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/diagnostics.h"
#include "common/ns.h"
#include "metrics.h"
#include "metrics_address.h"
#include "metrics_file.h"
#include "metrics_http.h"
#include "metrics_server.h"
#include "metrics_write.h"
#include "view/interval.h"
#include "view/view.h"
#include "view/view_row.h"

#define DEFAULT_INTERVAL_NS (15 * NS_PER_S)

struct view {
	struct metrics metrics;
	struct metrics_text text;
	struct metrics_server server;
	struct interval interval;
	struct output *output;          /* borrowed */
	const struct tracker_counts *counts; /* borrowed; NULL: none yet */
	const char *path;               /* NULL: no file */
	bool to_stdout, each_interval;
	bool srtt;
	int failed;             /* the last write of the file did: -errno */
	const struct keeper *keeper;    /* who may write the file; NULL: we */
};

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)shown;
	return VIEW_ROW_STATE_EVENTS | EVENT_BIT(EVENT_CONG) |
	       EVENT_BIT(EVENT_TICK) |
	       (options->metrics.srtt ? EVENT_BIT(EVENT_SAMPLE) : 0);
}

static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	(void)options;
	(void)csv;
	list->count = 0;
}

static int check(const struct view_options *options, struct error *err)
{
	const struct view_metrics_options *metrics = &options->metrics;
	const struct view_rtt_options *by = &options->rtt;
	struct metrics_address address;

	if (by->by != RTT_BY_ALL && by->by != RTT_BY_LPORT &&
	    by->by != RTT_BY_COMM && (by->by != RTT_BY_RADDR || !by->prefix))
		return error_set(err, EINVAL, "--by: metrics have groups that stay "
				 "few; use lport, raddr/24 (IPv6: /64) or comm");
	if (metrics->listen &&
	    metrics_address_parse(&address, metrics->listen, err)) {
		error_prefix(err, "--listen");
		return -EINVAL;
	}
	if (metrics->listen && !metrics_http_is_built)
		return error_set(err, EINVAL, "--listen: this build cannot serve "
				 "HTTP (WITH_METRICS=yes, libmicrohttpd-dev); use "
				 "-o FILE and node_exporter");
	return 0;
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	metrics_server_close(&view->server);
	metrics_text_done(&view->text);
	metrics_done(&view->metrics);
	free(view);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	const struct view_metrics_options *wanted = &options->metrics;
	struct view *view = calloc(1, sizeof(*view));
	int ret = 0;

	if (view)
		view->server.fd = -1;
	if (!view || metrics_init(&view->metrics, &options->rtt,
				  options->max_sockets)) {
		error_set(err, ENOMEM, "out of memory for metrics; use a smaller "
			  "--top");
		free_view(view);
		return NULL;
	}
	view->output = output;
	view->path = wanted->file;
	view->srtt = wanted->srtt;
	view->to_stdout = !wanted->file && !wanted->listen;
	view->each_interval = options->interval_ns;
	view->interval.period_ns = options->interval_ns ? options->interval_ns :
							  DEFAULT_INTERVAL_NS;
	if (view->path)
		ret = metrics_file_check(view->path, err);
	if (!ret && wanted->listen)
		ret = metrics_server_open(&view->server, wanted->listen, err);
	if (!ret)
		return view;
	free_view(view);
	return NULL;
}

static void set_counts(struct view *view, const struct tracker_counts *counts)
{
	view->counts = counts;
}

static void confine(struct view *view, const struct keeper *keeper)
{
	view->keeper = keeper;
}

static bool compose(struct view *view, enum metrics_format format)
{
	const struct tracker_counts none = { 0 };
	const struct metrics_written written = {
		.metrics = &view->metrics,
		.counts = view->counts ? view->counts : &none,
		.srtt = view->srtt,
	};

	metrics_settle(&view->metrics);
	metrics_text_begin(&view->text, format);
	metrics_write(&written, &view->text);
	return !view->text.failed;
}

/* One failure is told, and that it is over: the next interval tries again. */
static void write_file(struct view *view)
{
	struct error err = { 0 };
	int failed = compose(view, METRICS_FORMAT_TEXT) ?
		     metrics_file_write(view->path, view->keeper,
					view->text.bytes, view->text.length,
					&err) :
		     error_set(&err, ENOMEM, "out of memory for '%s'", view->path);

	if (failed && failed != view->failed)
		diagnostics_note("%s: it stays as it was until the next try",
				 err.text);
	if (!failed && view->failed)
		diagnostics_note("'%s' is written again", view->path);
	view->failed = failed;
}

static void print(struct view *view)
{
	size_t done = 0;

	if (!compose(view, METRICS_FORMAT_TEXT)) {
		view->failed = -ENOMEM;
		return;
	}
	while (done < view->text.length) {
		size_t left = view->text.length - done;
		size_t part = left < OUTPUT_RESERVE_MAX ? left : OUTPUT_RESERVE_MAX;

		memcpy(output_reserve(view->output, part),
		       view->text.bytes + done, part);
		output_commit(view->output, part);
		done += part;
	}
}

static void tell(struct view *view)
{
	if (view->path)
		write_file(view);
	if (view->to_stdout)
		print(view);
}

/* A time without events is one interval, however long. */
static void end_interval(struct view *view)
{
	uint64_t now_ns = view->metrics.now_ns, end_ns;

	if (!interval_has_ended(&view->interval, now_ns, &end_ns))
		return;
	while (interval_has_ended(&view->interval, now_ns, &end_ns))
		interval_next(&view->interval);
	metrics_groups_end_round(&view->metrics.groups);
	if (!view->to_stdout || view->each_interval)
		tell(view);
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	(void)wall;
	metrics_take(&view->metrics, observation);
	if (observation->event.kind == EVENT_TICK)
		end_interval(view);
	return 0;
}

static unsigned int report(struct view *view, bool final,
			   struct wall_clock wall)
{
	(void)final;
	(void)wall;
	tell(view);
	return 0;
}

static int finish(struct view *view, struct error *err)
{
	return view->failed ?
	       error_set(err, -view->failed, "'%s' could not be written at the "
			 "end: %s", view->path ? view->path : "stdout",
			 strerror(-view->failed)) : 0;
}

static int fd(const struct view *view)
{
	return view->server.fd;
}

static int serve(struct view *view, struct error *err)
{
	enum metrics_format format;
	int asked = metrics_server_request(&view->server, &format, err);

	if (asked > 0 && compose(view, format))
		metrics_server_answer(&view->server, view->text.bytes,
				      view->text.length);
	return asked < 0 ? asked : 0;
}

static const struct column_ids no_columns = { .count = 0 };

const struct view_ops view_metrics = {
	.name = "metrics",
	.summary = "counters and histograms for Prometheus",
	.columns = &no_columns,
	.check = check,
	.events = events,
	.observed = EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_DESTROY),
	.default_columns = default_columns,
	.new = new,
	.confine = confine,
	.counts = set_counts,
	.take = take,
	.report = report,
	.finish = finish,
	.fd = fd,
	.serve = serve,
	.free = free_view
};

/* SPDX-License-Identifier: BSD-2-Clause */
/* Round trips as histograms: tcpwatch rtt. What is drawn is tcprtt's, what is
 * counted are samples as the kernel gave them, in microseconds. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell_set.h"
#include "interval.h"
#include "rtt_groups.h"
#include "rtt_key.h"
#include "view.h"

enum {
	SUMMARY_BYTES = 256,
	FIGURE_BYTES = 32,
	PS_PER_US = 1000000
};

struct view {
	struct view_rtt_options options;
	struct output *output;  /* borrowed */
	bool time;              /* said in front of each report */
	struct interval interval;
	struct rtt_groups groups;
	bool by_kernel;         /* that is who counts */
	uint64_t sampled;       /* a sample stood for so many, at most */
	uint64_t last_ns;       /* of the latest event */
	struct wall_clock wall;
};

/* What the texts of one row are kept in until it is printed. */
struct report {
	struct row row;
	struct row_histogram histogram;
	char by[RTT_KEY_TEXT], key[RTT_KEY_TEXT], title[2 * RTT_KEY_TEXT];
	char summary[SUMMARY_BYTES];
};

static const enum column_id row_ids[] = {
	COLUMN_TIME, COLUMN_MONO_NS, COLUMN_BY, COLUMN_KEY, COLUMN_FAMILY,
	COLUMN_LADDR, COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, COLUMN_GROUPS,
	COLUMN_COUNT_LOST, COLUMN_SAMPLED, COLUMN_AGGREGATE, COLUMN_MIN_US,
	COLUMN_P50_US, COLUMN_P90_US, COLUMN_P99_US, COLUMN_MAX_US,
	COLUMN_AVG_US
};

static const struct column_ids view_columns = COLUMN_IDS(row_ids);

#define FIGURES \
	COLUMN_GROUPS, COLUMN_COUNT_LOST, COLUMN_SAMPLED, COLUMN_AGGREGATE, \
	COLUMN_MIN_US, COLUMN_P50_US, COLUMN_P90_US, COLUMN_P99_US, \
	COLUMN_MAX_US, COLUMN_AVG_US

static const enum column_id group_keys[] = {
	COLUMN_TIME, COLUMN_BY, COLUMN_KEY, FIGURES
};

static const enum column_id sock_keys[] = {
	COLUMN_TIME, COLUMN_BY, COLUMN_KEY, COLUMN_FAMILY, COLUMN_LADDR,
	COLUMN_LPORT, COLUMN_RADDR, COLUMN_RPORT, FIGURES
};

static const struct row_kind kind_group = {
	.name = "rtt", .letter = 'M', .json = COLUMN_IDS(group_keys)
};

static const struct row_kind kind_sock = {
	.name = "rtt", .letter = 'M', .json = COLUMN_IDS(sock_keys)
};

/* Without the beginning and the end of sockets there are no lives to tell
 * apart, nor owners. */
static unsigned int rows(const struct view_options *options)
{
	(void)options;
	return OUTPUT_ROWS_SUMS;
}

static unsigned int events(const struct view_options *options,
			   const struct column_list *shown)
{
	(void)options;
	(void)shown;
	return EVENT_BIT(EVENT_SAMPLE) | EVENT_BIT(EVENT_STATE) |
	       EVENT_BIT(EVENT_DESTROY) | EVENT_BIT(EVENT_TASK) |
	       EVENT_BIT(EVENT_SEEN) | EVENT_BIT(EVENT_BUCKET) |
	       EVENT_BIT(EVENT_TICK);
}

/* Without columns a table draws the histograms. */
static void default_columns(const struct view_options *options, bool csv,
			    struct column_list *list)
{
	static const enum column_id ids[] = { COLUMN_BY, COLUMN_KEY, FIGURES };

	list->count = 0;
	if (!csv)
		return;
	if (options->time || options->interval_ns)
		list->uses[list->count++].id = COLUMN_TIME;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		list->uses[list->count++].id = ids[i];
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	rtt_groups_done(&view->groups);
	free(view);
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view || rtt_groups_init(&view->groups, options->rtt.top)) {
		error_set(err, ENOMEM, "out of memory for %" PRIu32 " groups; "
			  "use a smaller --top", options->rtt.top);
		free(view);
		return NULL;
	}
	view->options = options->rtt;
	view->output = output;
	view->time = options->time;
	view->interval.period_ns = options->interval_ns;
	view->interval.wanted = options->outputs;
	return view;
}

static void set_number(struct cell *cell, uint64_t number)
{
	cell->type = CELL_NUMBER;
	cell->number = (int64_t)number;
}

static void set_text(struct cell *cell, const char *text)
{
	cell->type = CELL_TEXT;
	cell->text = text;
}

static void set_micros(struct cell *cell, double us)
{
	cell->type = CELL_MICROS;
	/* As many digits as mean something. */
	cell->id = (uint64_t)(us * 1000 + 0.5) * (PS_PER_US / 1000);
}

static double average_of(const struct rtt_group *group)
{
	return group->log2.count ?
	       (double)group->log2.sum / (double)group->log2.count : 0;
}

static double percentile(const struct rtt_group *group, unsigned int per_mille)
{
	return (double)rtt_group_percentile(group, per_mille);
}

/* In the unit of the drawn histogram. */
static const char *figure(const struct view *view, double us,
			  char text[FIGURE_BYTES])
{
	if (view->options.milliseconds)
		snprintf(text, FIGURE_BYTES, "%.3f", us / 1000);
	else
		snprintf(text, FIGURE_BYTES, us == (double)(uint64_t)us ?
			 "%.0f" : "%.3f", us);
	return text;
}

static size_t summarize_samples(const struct view *view,
				const struct rtt_group *group,
				char summary[SUMMARY_BYTES])
{
	const struct histogram *exact = &group->exact;
	char figures[6][FIGURE_BYTES];

	return (size_t)snprintf(
		summary, SUMMARY_BYTES,
		"count %" PRIu64 ", min %s, p50 %s, p90 %s, p99 %s, max %s, "
		"avg %s %s", group->log2.count,
		figure(view, (double)exact->min, figures[0]),
		figure(view, percentile(group, 500), figures[1]),
		figure(view, percentile(group, 900), figures[2]),
		figure(view, percentile(group, 990), figures[3]),
		figure(view, (double)exact->max, figures[4]),
		figure(view, average_of(group), figures[5]),
		view->options.milliseconds ? "ms" : "us");
}

/* The kernel knows no more of a value than its bucket. */
static size_t summarize_buckets(const struct view *view,
				const struct rtt_group *group,
				char summary[SUMMARY_BYTES])
{
	char figures[4][FIGURE_BYTES];

	return (size_t)snprintf(
		summary, SUMMARY_BYTES,
		"count %" PRIu64 ", p50 <=%s, p90 <=%s, p99 <=%s, avg %s %s; "
		"counted by the kernel", group->log2.count,
		figure(view, percentile(group, 500), figures[0]),
		figure(view, percentile(group, 900), figures[1]),
		figure(view, percentile(group, 990), figures[2]),
		figure(view, average_of(group), figures[3]),
		view->options.milliseconds ? "ms" : "us");
}

static void summarize(const struct view *view, const struct rtt_group *group,
		      char summary[SUMMARY_BYTES])
{
	size_t length = group->exact.count ?
			summarize_samples(view, group, summary) :
			summarize_buckets(view, group, summary);

	if (view->sampled > 1)
		snprintf(summary + length, SUMMARY_BYTES - length,
			 "; sampled 1 in %" PRIu64, view->sampled);
}

static void fill_figures(const struct view *view, struct cell *cells,
			 const struct rtt_group *group)
{
	const struct histogram *exact = &group->exact;

	set_number(&cells[COLUMN_GROUPS], group->members);
	set_number(&cells[COLUMN_COUNT_LOST], group->log2.count);
	set_number(&cells[COLUMN_SAMPLED], view->sampled ? view->sampled : 1);
	set_text(&cells[COLUMN_AGGREGATE], view->by_kernel ? "kernel" : "user");
	if (!group->log2.count)
		return;
	if (exact->count) {
		set_number(&cells[COLUMN_MIN_US], exact->min);
		set_number(&cells[COLUMN_MAX_US], exact->max);
	}
	set_number(&cells[COLUMN_P50_US], rtt_group_percentile(group, 500));
	set_number(&cells[COLUMN_P90_US], rtt_group_percentile(group, 900));
	set_number(&cells[COLUMN_P99_US], rtt_group_percentile(group, 990));
	set_micros(&cells[COLUMN_AVG_US], average_of(group));
}

static void set_address(struct cell *cell, const struct rtt_group *group,
			const struct endpoint *endpoint)
{
	cell->type = CELL_ADDRESS;
	cell->family = group->family;
	cell->endpoint = endpoint;
}

static void fill_endpoints(struct cell *cells, const struct rtt_group *group)
{
	if (!group->family)
		return;
	set_number(&cells[COLUMN_FAMILY], group->family);
	set_address(&cells[COLUMN_LADDR], group, &group->local);
	set_number(&cells[COLUMN_LPORT], group->local.port);
	set_address(&cells[COLUMN_RADDR], group, &group->remote);
	set_number(&cells[COLUMN_RPORT], group->remote.port);
}

static void fill_key(const struct view *view, struct report *report,
		     const struct rtt_group *group, bool rest)
{
	struct cell *cells = report->row.cells;

	rtt_key_by_text(&view->options, report->by);
	set_text(&cells[COLUMN_BY], report->by);
	if (rest || view->options.by == RTT_BY_ALL)
		return;
	if (view->options.by == RTT_BY_COMM) {
		cells[COLUMN_KEY].type = group->key.bytes[0] ? CELL_COMM : CELL_NONE;
		cells[COLUMN_KEY].comm = (const char *)group->key.bytes;
		return;
	}
	rtt_key_text(&view->options, group, report->key);
	set_text(&cells[COLUMN_KEY], report->key);
	fill_endpoints(cells, group);
}

static void fill_histogram(const struct view *view, struct report *report,
			   const struct rtt_group *group, bool rest)
{
	char average[FIGURE_BYTES];
	size_t length;

	rtt_key_title(&view->options, group, rest, report->title);
	length = strlen(report->title);
	if (view->options.average)
		snprintf(report->title + length, sizeof(report->title) - length,
			 " [AVG %s]", figure(view, average_of(group), average));
	if (group->log2.count)
		summarize(view, group, report->summary);
	report->histogram.counts = &group->log2;
	report->histogram.title = report->title;
	report->histogram.summary = group->log2.count ? report->summary : NULL;
	report->histogram.milliseconds = view->options.milliseconds;
	report->histogram.time = view->time;
	report->row.histogram = &report->histogram;
}

static void print_group(const struct view *view, const struct rtt_group *group,
			uint64_t time_ns, bool rest, bool begins)
{
	struct report report = { 0 };
	struct cell *cells = report.row.cells;

	report.row.kind = view->options.by == RTT_BY_SOCK ? &kind_sock
							  : &kind_group;
	report.histogram.begins = begins;
	cell_set_wall(&cells[COLUMN_TIME], &view->wall, time_ns);
	set_number(&cells[COLUMN_MONO_NS], time_ns);
	fill_key(view, &report, group, rest);
	fill_figures(view, cells, group);
	fill_histogram(view, &report, group, rest);
	output_row(view->output, &report.row);
}

/* All that has been counted; without groups there is still a row that says so
 * where everything is one. */
static unsigned int print(struct view *view, uint64_t time_ns)
{
	struct rtt_groups *groups = &view->groups;
	unsigned int rows = 0;

	if (view->options.by == RTT_BY_ALL && !groups->count)
		rtt_groups_get(groups, &(struct rtt_key){ 0 });
	rtt_groups_rank(groups);
	for (size_t i = 0; i < groups->count; i++)
		print_group(view, groups->groups[i], time_ns, false, !rows++);
	if (groups->other.log2.count)
		print_group(view, &groups->other, time_ns, true, !rows++);
	return rows;
}

static unsigned int end_interval(struct view *view, uint64_t end_ns)
{
	unsigned int rows = print(view, end_ns);

	rtt_groups_clear(&view->groups);
	view->sampled = 0;
	interval_next(&view->interval);
	return rows;
}

static unsigned int end_intervals(struct view *view, uint64_t now_ns)
{
	unsigned int rows = 0;
	uint64_t end_ns;

	while (interval_has_ended(&view->interval, now_ns, &end_ns))
		rows += end_interval(view, end_ns);
	return rows;
}

/* The group that the observation belongs to. */
static struct rtt_group *group_of(struct view *view,
				  const struct observation *observation)
{
	const struct event *event = &observation->event;
	const struct rtt_key key = rtt_key_of(&view->options, observation);
	struct rtt_group *group = rtt_groups_get(&view->groups, &key);

	if (!group->family && view->options.by == RTT_BY_SOCK &&
	    event->has & EVENT_HAS_ENDPOINTS && group != &view->groups.other) {
		group->local = event->local;
		group->remote = event->remote;
		group->family = event->family;
	}
	return group;
}

static void take_sample(struct view *view,
			const struct observation *observation)
{
	const struct event_sample *sample = &observation->event.sample;

	if (!sample->srtt_us)
		return;         /* none has been measured yet */
	rtt_group_add(group_of(view, observation), sample->srtt_us,
		      sample->every);
	if (sample->every > view->sampled)
		view->sampled = sample->every;
}

/* Where the kernel counts, an interval is what lies between its readings. */
static unsigned int take_bucket(struct view *view,
				const struct observation *observation)
{
	const struct event_bucket *bucket = &observation->event.bucket;

	view->by_kernel = true;
	if (bucket->count)
		rtt_group_add_bucket(group_of(view, observation), bucket);
	if (!bucket->last || !view->interval.period_ns ||
	    interval_is_last(&view->interval))
		return 0;
	return end_interval(view, observation->event.time_ns);
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	uint64_t now_ns = observation->event.time_ns;
	unsigned int rows = 0;

	view->wall = wall;
	if (now_ns > view->last_ns)
		view->last_ns = now_ns;
	if (observation->event.kind == EVENT_BUCKET)
		return take_bucket(view, observation);
	if (!view->by_kernel)
		rows = end_intervals(view, now_ns);
	if (observation->event.kind == EVENT_SAMPLE)
		take_sample(view, observation);
	return rows;
}

/* The interval that runs is shown as far as it has come. */
static unsigned int report(struct view *view, bool final,
			   struct wall_clock wall)
{
	(void)final;
	view->wall = wall;
	return print(view, view->last_ns);
}

static bool is_done(const struct view *view)
{
	return interval_is_last(&view->interval);
}

const struct view_ops view_rtt = {
	.name = "rtt",
	.summary = "round trips as histograms, as tcprtt shows them",
	.columns = &view_columns,
	.rows = rows,
	.events = events,
	.default_columns = default_columns,
	.new = new,
	.take = take,
	.report = report,
	.is_done = is_done,
	.free = free_view
};

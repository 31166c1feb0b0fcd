/* SPDX-License-Identifier: BSD-2-Clause */
/* Round trips as histograms: tcpwatch rtt. What is drawn is tcprtt's, what is
 * counted are samples as the kernel gave them, in microseconds. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cell_set.h"
#include "interval.h"
#include "rtt_groups.h"
#include "rtt_key.h"
#include "rtt_words.h"
#include "view_row_list.h"
#include "view_summary.h"

enum { PS_PER_US = 1000000 };

struct view {
	struct view_summary summary; /* first: view_row_new() */
	struct view_rtt_options options;
	bool time;              /* said in front of each report */
	struct rtt_groups groups;
	bool by_kernel;         /* that is who counts */
	uint64_t sampled;       /* a sample stood for so many, at most */
};

/* What the texts of one row are kept in until it is printed. */
struct texts {
	char by[RTT_KEY_TEXT], key[RTT_KEY_TEXT];
	char title[RTT_WORDS_TITLE], summary[RTT_WORDS_SUMMARY];
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
		view_row_list(list, COLUMN_TIME, NULL, 0);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		view_row_list(list, ids[i], NULL, 0);
}

static void set_micros(struct cell *cell, double us)
{
	cell->type = CELL_MICROS;
	/* As many digits as mean something. */
	cell->id = (uint64_t)(us * 1000 + 0.5) * (PS_PER_US / 1000);
}

static void fill_figures(const struct view *view, struct cell *cells,
			 const struct rtt_group *group)
{
	const struct histogram *exact = &group->exact;

	cell_set_number(&cells[COLUMN_GROUPS], group->members);
	cell_set_number(&cells[COLUMN_COUNT_LOST], group->log2.count);
	cell_set_number(&cells[COLUMN_SAMPLED], view->sampled ? view->sampled : 1);
	cell_set_text(&cells[COLUMN_AGGREGATE], view->by_kernel ? "kernel" : "user");
	if (!group->log2.count)
		return;
	if (exact->count) {
		cell_set_number(&cells[COLUMN_MIN_US], exact->min);
		cell_set_number(&cells[COLUMN_MAX_US], exact->max);
	}
	cell_set_number(&cells[COLUMN_P50_US], rtt_group_percentile(group, 500));
	cell_set_number(&cells[COLUMN_P90_US], rtt_group_percentile(group, 900));
	cell_set_number(&cells[COLUMN_P99_US], rtt_group_percentile(group, 990));
	set_micros(&cells[COLUMN_AVG_US], rtt_group_average(group));
}

static void fill_key(const struct view *view, struct cell *cells,
		     struct texts *texts, const struct rtt_group *group,
		     bool rest)
{
	rtt_key_by_text(&view->options, texts->by);
	cell_set_text(&cells[COLUMN_BY], texts->by);
	if (rest || view->options.by == RTT_BY_ALL)
		return;
	if (view->options.by == RTT_BY_COMM) {
		cells[COLUMN_KEY].type = group->key.bytes[0] ? CELL_COMM : CELL_NONE;
		cells[COLUMN_KEY].comm = (const char *)group->key.bytes;
		return;
	}
	rtt_key_text(&view->options, group, texts->key);
	cell_set_text(&cells[COLUMN_KEY], texts->key);
	if (group->family)
		cell_set_ends(cells, group->family, &group->local,
			      &group->remote);
}

static void put_group(struct view *view, const struct rtt_group *group,
		      uint64_t end_ns, bool rest, bool begins)
{
	struct row *row = &view->summary.row.row;
	struct cell *cells =
		view_summary_row(&view->summary,
				 view->options.by == RTT_BY_SOCK ? &kind_sock :
								   &kind_group,
				 end_ns);
	struct texts texts;
	const struct row_histogram histogram = {
		.counts = &group->log2,
		.title = texts.title,
		.summary = group->log2.count ? texts.summary : NULL,
		.milliseconds = view->options.milliseconds,
		.begins = begins,
		.time = view->time,
	};

	fill_key(view, cells, &texts, group, rest);
	fill_figures(view, cells, group);
	rtt_words_title(&view->options, group, rest, texts.title);
	if (group->log2.count)
		rtt_words_summary(&view->options, group, view->sampled,
				  texts.summary);
	row->histogram = &histogram;
	view_summary_put(&view->summary);
	row->histogram = NULL;
}

/* All that has been counted; without groups there is still a row that says so
 * where everything is one. */
static unsigned int put_groups(struct view *view, uint64_t end_ns, bool ended)
{
	struct rtt_groups *groups = &view->groups;
	unsigned int rows = 0;

	if (view->options.by == RTT_BY_ALL && !groups->count)
		rtt_groups_get(groups, &(struct rtt_key){ 0 });
	rtt_groups_rank(groups);
	for (size_t i = 0; i < groups->count; i++)
		put_group(view, groups->groups[i], end_ns, false, !rows++);
	if (groups->other.log2.count)
		put_group(view, &groups->other, end_ns, true, !rows++);
	if (ended) {
		rtt_groups_clear(groups);
		view->sampled = 0;
	}
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
	struct interval *interval = &view->summary.interval;
	unsigned int rows;

	view->by_kernel = true;
	if (bucket->count)
		rtt_group_add_bucket(group_of(view, observation), bucket);
	if (!bucket->last || !interval->period_ns || interval_is_last(interval))
		return 0;
	rows = put_groups(view, observation->event.time_ns, true);
	interval_next(interval);
	return rows;
}

static unsigned int take(struct view *view,
			 const struct observation *observation,
			 struct wall_clock wall)
{
	unsigned int rows = 0;

	view->summary.row.wall = wall;
	if (view->by_kernel || observation->event.kind == EVENT_BUCKET)
		view_summary_see(&view->summary, observation);
	else
		rows = view_summary_advance(&view->summary, observation);
	if (observation->event.kind == EVENT_BUCKET)
		return take_bucket(view, observation);
	if (observation->event.kind == EVENT_SAMPLE)
		take_sample(view, observation);
	return rows;
}

static struct view *new(const struct view_options *options,
			struct output *output, struct error *err)
{
	struct view *view = view_row_new(sizeof(*view), options, output, err);

	if (!view)
		return NULL;
	if (rtt_groups_init(&view->groups, options->rtt.top)) {
		error_set(err, ENOMEM, "out of memory for %" PRIu32 " groups; "
			  "use a smaller --top", options->rtt.top);
		free(view);
		return NULL;
	}
	view_summary_init(&view->summary, options, put_groups);
	view->options = options->rtt;
	view->time = options->time;
	return view;
}

static void free_view(struct view *view)
{
	if (!view)
		return;
	rtt_groups_done(&view->groups);
	free(view);
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
	.report = view_summary_report,
	.is_done = view_summary_is_done,
	.free = free_view
};

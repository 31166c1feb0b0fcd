/* SPDX-License-Identifier: BSD-2-Clause */
/* What is written above and below a drawn histogram; see rtt_words.h. */
#include "rtt_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FIGURE_BYTES = 32 };

static double percentile(const struct rtt_group *group, unsigned int per_mille)
{
	return (double)rtt_group_percentile(group, per_mille);
}

/* In the unit of the drawn histogram. */
static const char *figure(const struct view_rtt_options *options, double us,
			  char text[FIGURE_BYTES])
{
	if (options->milliseconds)
		snprintf(text, FIGURE_BYTES, "%.3f", us / 1000);
	else
		snprintf(text, FIGURE_BYTES, us == (double)(uint64_t)us ?
			 "%.0f" : "%.3f", us);
	return text;
}

static size_t summarize_samples(const struct view_rtt_options *options,
				const struct rtt_group *group,
				char summary[RTT_WORDS_SUMMARY])
{
	const struct histogram *exact = &group->exact;
	char figures[6][FIGURE_BYTES];

	return (size_t)snprintf(
		summary, RTT_WORDS_SUMMARY,
		"count %" PRIu64 ", min %s, p50 %s, p90 %s, p99 %s, max %s, "
		"avg %s %s", group->log2.count,
		figure(options, (double)exact->min, figures[0]),
		figure(options, percentile(group, 500), figures[1]),
		figure(options, percentile(group, 900), figures[2]),
		figure(options, percentile(group, 990), figures[3]),
		figure(options, (double)exact->max, figures[4]),
		figure(options, rtt_group_average(group), figures[5]),
		options->milliseconds ? "ms" : "us");
}

/* The kernel knows no more of a value than its bucket. */
static size_t summarize_buckets(const struct view_rtt_options *options,
				const struct rtt_group *group,
				char summary[RTT_WORDS_SUMMARY])
{
	char figures[4][FIGURE_BYTES];

	return (size_t)snprintf(
		summary, RTT_WORDS_SUMMARY,
		"count %" PRIu64 ", p50 <=%s, p90 <=%s, p99 <=%s, avg %s %s; "
		"counted by the kernel", group->log2.count,
		figure(options, percentile(group, 500), figures[0]),
		figure(options, percentile(group, 900), figures[1]),
		figure(options, percentile(group, 990), figures[2]),
		figure(options, rtt_group_average(group), figures[3]),
		options->milliseconds ? "ms" : "us");
}

void rtt_words_title(const struct view_rtt_options *options,
		     const struct rtt_group *group, bool rest,
		     char text[RTT_WORDS_TITLE])
{
	char average[FIGURE_BYTES];
	size_t length;

	rtt_key_title(options, group, rest, text);
	length = strlen(text);
	if (options->average)
		snprintf(text + length, RTT_WORDS_TITLE - length, " [AVG %s]",
			 figure(options, rtt_group_average(group), average));
}

void rtt_words_summary(const struct view_rtt_options *options,
		       const struct rtt_group *group, uint64_t sampled,
		       char text[RTT_WORDS_SUMMARY])
{
	size_t length = group->exact.count ?
			summarize_samples(options, group, text) :
			summarize_buckets(options, group, text);

	if (sampled > 1)
		snprintf(text + length, RTT_WORDS_SUMMARY - length,
			 "; sampled 1 in %" PRIu64, sampled);
}

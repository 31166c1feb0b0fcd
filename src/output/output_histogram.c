/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Draws a histogram in the columns that readers of bcc's tools know. Its edges
 * are the kernel's, (2^(n-1), 2^n], so that a line reads "513 -> 1024" where
 * bcc's reads "512 -> 1023".
 */
#include "output_histogram.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/histogram.h"
#include "common/wall_text.h"

enum { STARS = 40, EDGE_BYTES = 24, US_PER_MS = 1000 };

static void put(struct output *output, const char *text, size_t length)
{
	memcpy(output_reserve(output, length), text, length);
	output_commit(output, length);
}

static void put_text(struct output *output, const char *text)
{
	put(output, text, strlen(text));
	put(output, "\n", 1);
}

static void put_time(struct output *output, const struct row *row)
{
	char text[WALL_TEXT_MAX];
	const struct cell *cell = &row->cells[COLUMN_TIME];

	if (cell->type != CELL_WALL)
		return;
	put(output, text, wall_text_write(output_wall_text(output), text,
					  cell->id));
	put(output, "\n", 1);
}

static void edge_text(char text[EDGE_BYTES], uint64_t us, bool milliseconds)
{
	if (milliseconds)
		snprintf(text, EDGE_BYTES, "%" PRIu64 ".%03" PRIu64,
			 us / US_PER_MS, us % US_PER_MS);
	else
		snprintf(text, EDGE_BYTES, "%" PRIu64, us);
}

static void put_bucket(struct output *output,
		       const struct row_histogram *histogram,
		       unsigned int bucket, uint64_t largest)
{
	static const char stars[STARS + 1] =
		"****************************************";
	uint64_t count = histogram->counts->buckets[bucket];
	int drawn = (int)((double)count * STARS / (double)largest);
	char line[160], from[EDGE_BYTES], to[EDGE_BYTES];
	uint64_t gt, le;
	int length;

	histogram_log2_edges(bucket, &gt, &le);
	edge_text(from, bucket ? gt + 1 : 0, histogram->milliseconds);
	edge_text(to, le, histogram->milliseconds);
	length = snprintf(line, sizeof(line),
			  "%10s -> %-10s : %-8" PRIu64 " |%-*.*s|\n", from, to,
			  count, STARS, drawn, stars);
	put(output, line, (size_t)length);
}

static void put_buckets(struct output *output,
			const struct row_histogram *histogram)
{
	uint64_t largest = 0;
	unsigned int end = 0;

	for (unsigned int i = 0; i < HISTOGRAM_LOG2_BUCKETS; i++) {
		uint64_t count = histogram->counts->buckets[i];

		if (count)
			end = i + 1;
		if (count > largest)
			largest = count;
	}
	if (!end)
		return;
	put_text(output, histogram->milliseconds ?
		 "     msecs               : count     distribution" :
		 "     usecs               : count     distribution");
	for (unsigned int i = 0; i < end; i++)
		put_bucket(output, histogram, i, largest);
}

void output_histogram_row(struct output *output, const struct row *row)
{
	const struct row_histogram *histogram = row->histogram;

	if (histogram->begins && histogram->time)
		put_time(output, row);
	put_text(output, histogram->title);
	if (histogram->counts)
		put_buckets(output, histogram);
	if (histogram->summary)
		put_text(output, histogram->summary);
	put(output, "\n", 1);
}

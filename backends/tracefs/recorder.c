/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records what the kernel's tracepoints see. Whole pages go from the ring
 * buffers to the disk without passing through this process (splice), so that
 * recording costs next to nothing; nothing is decoded. Pages that are not full
 * yet stay in the kernel until the recording is made whole.
 */
#include "recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "registry.h"

enum { STATISTICS_BYTES = 1024 };

static int recorder_fd(const struct recorder *recorder)
{
	return recorder->fd;
}

static int recorder_copy(struct recorder *recorder, struct error *err)
{
	uint64_t expirations;
	ssize_t got = read(recorder->timer_fd, &expirations,
			   sizeof(expirations));

	(void)got;                      /* EAGAIN: a buffer woke us */
	if (recorder->flight)
		return recorder_ends_copy(&recorder->ends, err);
	if (!recorder->file.begun &&
	    recorder_file_begin(&recorder->file, &recorder->instance,
				&recorder->events, recorder->since_ns, err))
		return -err->code;
	return recorder_pages_copy(recorder, err) ? -err->code :
	       recorder_ends_copy(&recorder->ends, err);
}

static char *read_statistics(const struct recorder *recorder, size_t i)
{
	char *text = malloc(STATISTICS_BYTES);
	char file[64];
	int length = !text ? 0 : snprintf(text, STATISTICS_BYTES, "CPU: %u\n",
			      recorder->numbers[i]);

	snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", recorder->numbers[i]);
	if (text && trace_instance_read(&recorder->instance, file, text + length,
					STATISTICS_BYTES - (size_t)length) < 0)
		text[length] = '\0';
	return text;
}

static int end_file(struct recorder *recorder, bool last, struct error *err)
{
	char **statistics = calloc(recorder->file.cpu_count, sizeof(*statistics));
	uint64_t bytes = recorder->file.bytes;
	int ret;

	for (size_t i = 0; statistics && last && i < recorder->cpu_count; i++)
		statistics[recorder->numbers[i]] = read_statistics(recorder, i);
	ret = recorder_file_end(&recorder->file, statistics, err);
	for (size_t i = 0; statistics && i < recorder->file.cpu_count; i++)
		free(statistics[i]);
	free(statistics);
	if (ret)
		return ret;
	recorder->files++;
	recorder->all_bytes += bytes;
	return 0;
}

static int recorder_write(struct recorder *recorder, bool last,
			  struct error *err)
{
	bool pauses = last || recorder->flight;
	int ret = 0;

	if (pauses)
		trace_instance_write(&recorder->instance, "tracing_on", "0");
	/* What was overwritten in a flight recorder is no news. */
	if (!recorder->file.begun)
		ret = recorder_file_begin(&recorder->file, &recorder->instance,
					  &recorder->events, recorder->flight ?
					  0 : recorder->since_ns, err);
	if (!ret)
		ret = recorder_pages_copy(recorder, err);
	if (!ret)
		ret = recorder_pages_copy_rest(recorder, err);
	if (!ret)
		ret = recorder_ends_write(&recorder->ends, pauses, err);
	recorder->since_ns = clock_monotonic_ns();
	if (pauses && !last)
		trace_instance_write(&recorder->instance, "tracing_on", "1");
	return ret ? ret : end_file(recorder, last, err);
}

static uint64_t number_behind(const char *text, const char *word)
{
	const char *found = strstr(text, word);

	return found ? strtoull(found + strlen(word), NULL, 10) : 0;
}

static uint64_t count_lost(const struct recorder *recorder)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < recorder->cpu_count; i++) {
		char *text = read_statistics(recorder, i);

		if (text && !recorder->flight)
			lost += number_behind(text, "\noverrun: ");
		if (text)
			lost += number_behind(text, "commit overrun: ") +
				number_behind(text, "dropped events: ");
		free(text);
	}
	return lost;
}

static uint64_t recorder_bytes(const struct recorder *recorder)
{
	return recorder->file.begun ?
		recorder->file.bytes + recorder->ends.bytes : 0;
}

static void recorder_counts(const struct recorder *recorder,
			    struct recorder_counts *counts)
{
	*counts = (struct recorder_counts){
		.bytes = recorder->all_bytes,
		.files = recorder->files,
		.lost = count_lost(recorder),
		.ends_missing = recorder->ends.incomplete,
	};
}

static const char *recorder_note(const struct recorder *recorder)
{
	return recorder->note[0] ? recorder->note : NULL;
}

const struct recorder_ops tracefs_recorder = {
	.name = "tracefs",
	.open = recorder_open,
	.fd = recorder_fd,
	.copy = recorder_copy,
	.write = recorder_write,
	.bytes = recorder_bytes,
	.counts = recorder_counts,
	.note = recorder_note,
	.close = recorder_close,
};

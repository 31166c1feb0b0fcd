/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times the program's own work without a kernel: 1,000,000 fixed state events,
 * stage by stage, and the memory that a tracked socket takes.
 *   replay_bench FORMATS                      the whole report
 *   replay_bench FORMATS STATES COMMAND FORMAT  one way through, for a profiler
 * COMMAND is a view's, "stream" for the one without.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "replay_pages.h"
#include "replay_path.h"
#include "tracker/tracker.h"
#include "view/view.h"
#include "tcpwatch/tcp_state.h"

enum {
	STATES = 1000000,
	REPEATS = 5,
	SOCKETS = 1000000,
	SOCKET_BYTES_MAX = 320          /* the budget */
};

struct figure {
	const char *name;
	struct replay_path path;
};

static const struct figure figures[] = {
	{ "reading pages", { .stage = REPLAY_PAGES } },
	{ "+ decoding", { .stage = REPLAY_DECODE } },
	{ "+ merge", { .stage = REPLAY_MERGE } },
	{ "+ tracking", { .stage = REPLAY_TRACK } },
	{ "+ states, table", { REPLAY_SHOW, &view_states, "table" } },
	{ "+ states, csv", { REPLAY_SHOW, &view_states, "csv" } },
	{ "+ states, json", { REPLAY_SHOW, &view_states, "json" } },
	{ "+ stream, table", { REPLAY_SHOW, &view_stream, "table" } },
	{ "+ stream, csv", { REPLAY_SHOW, &view_stream, "csv" } },
	{ "+ stream, json", { REPLAY_SHOW, &view_stream, "json" } },
};

enum { FIGURES = sizeof(figures) / sizeof(figures[0]) };

static int fail(const struct error *err)
{
	fprintf(stderr, "replay_bench: %s\n", err->text);
	return 1;
}

/* CPU time, so that what else runs here counts less. */
static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The times of all repeats, in ns an event, the shortest first. 0 or -errno. */
static int time_path(const struct replay_path *path,
		     const struct replay_pages *pages, double times[REPEATS],
		     struct error *err)
{
	for (int i = 0; i < REPEATS; i++) {
		double start_ns = now_ns();
		int ret = replay_path_run(path, pages, err);

		if (ret)
			return ret;
		times[i] = (now_ns() - start_ns) / (double)pages->states;
	}
	qsort(times, REPEATS, sizeof(times[0]), compare);
	return 0;
}

static int print_times(const struct replay_pages *pages, struct error *err)
{
	double before = 0;

	printf("%" PRIu64 " state events in %" PRIu64 " records on %d CPUs; CPU time, "
	       "median of %d (least..most)\n\n", pages->states, pages->records,
	       REPLAY_PAGES_CPUS, REPEATS);
	printf("| stage | ns/event | added | events/s |\n|---|---|---|---|\n");
	for (int i = 0; i < FIGURES; i++) {
		double times[REPEATS], median;
		int ret = time_path(&figures[i].path, pages, times, err);

		if (ret)
			return ret;
		median = times[REPEATS / 2];
		printf("| %s | %.0f (%.0f..%.0f) | %.0f | %.2f M |\n",
		       figures[i].name, median, times[0], times[REPEATS - 1],
		       median - before, 1e3 / median);
		if (figures[i].path.stage < REPLAY_SHOW)
			before = median;
	}
	return 0;
}

/* Bytes; 0 when the kernel does not say. */
static double resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void ignore_observation(void *context,
			       const struct observation *observation)
{
	(void)context;
	(void)observation;
}

static void open_socket(struct tracker *tracker, uint64_t n)
{
	struct event event = {
		.time_ns = n + 1,
		.socket_id = UINT64_C(0xffff888100000000) + n * 2432,
		.has = EVENT_HAS_SOCKET | EVENT_HAS_ENDPOINTS | EVENT_HAS_CONTEXT,
		.kind = EVENT_STATE,
		.context = EVENT_CONTEXT_SOFTIRQ,
		.family = EVENT_FAMILY_IPV6,
		.local.port = 443,
		.remote.port = (uint16_t)n,
		.state = { TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED },
	};

	tracker_take(tracker, &event, true);
}

/* 0, or 1 when a socket takes more than it may. */
static int print_memory(void)
{
	const struct tracker_options options = {
		.max_sockets = SOCKETS,
		.max_tasks = 65536,
		.sink.take = ignore_observation,
	};
	double before = resident(), each;
	struct error err = { 0 };
	struct tracker *tracker = tracker_new(&options, &err);

	if (!tracker)
		return fail(&err);
	for (uint64_t n = 0; n < SOCKETS; n++)
		open_socket(tracker, n);
	each = (resident() - before) / SOCKETS;
	printf("\n%.0f bytes of memory a socket, with %d tracked (budget %d)\n",
	       each, SOCKETS, SOCKET_BYTES_MAX);
	if (tracker_counts(tracker)->evicted)
		printf("... but some were evicted\n");
	each += (double)tracker_counts(tracker)->evicted * SOCKET_BYTES_MAX;
	tracker_free(tracker);
	return each > SOCKET_BYTES_MAX;
}

/* One way through, for whoever counts instructions. */
static int run_once(const struct replay_pages *pages, const char *command,
		    const char *format, struct error *err)
{
	struct replay_path path = {
		.stage = REPLAY_SHOW,
		.view = view_find(strcmp(command, "stream") ? command : ""),
		.format = format,
	};

	if (!path.view)
		return error_set(err, EINVAL, "there is no view '%s'", command);
	return replay_path_run(&path, pages, err);
}

int main(int argc, char **argv)
{
	struct replay_pages pages = { 0 };
	struct error err = { 0 };
	bool whole = argc == 2;
	int ret;

	if (!whole && argc != 5) {
		fputs("replay_bench FORMATS [STATES COMMAND FORMAT]\n", stderr);
		return 2;
	}
	ret = replay_pages_make(&pages, argv[1],
				whole ? STATES : strtoull(argv[2], NULL, 10), &err);
	if (!ret && whole)
		ret = print_times(&pages, &err);
	else if (!ret)
		ret = run_once(&pages, argv[3], argv[4], &err);
	replay_pages_done(&pages);
	if (ret)
		return fail(&err);
	return whole ? print_memory() : 0;
}

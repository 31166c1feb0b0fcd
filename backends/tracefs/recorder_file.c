/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the head of a recording and opens its pieces; see recorder_file.h. */
#include "recorder_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/utsname.h>

#include "process_walk.h"
#include "replay/dat_head.h"
#include "replay/dat_join.h"
#include "replay/dat_option.h"
#include "replay/dat_pieces.h"
#include "replay/name_table.h"
#include "replay/recording_start.h"
#include "socket/socket_seed.h"

enum { TEXT_BYTES = 64 * 1024 };

int recorder_file_init(struct recorder_file *file, const char *path,
		       size_t cpu_count, size_t page_bytes, struct error *err)
{
	*file = (struct recorder_file){
		.path = strdup(path),
		.pieces = malloc(cpu_count * sizeof(*file->pieces)),
		.cpu_count = cpu_count,
		.page_bytes = page_bytes,
	};
	if (!file->path || !file->pieces) {
		file->cpu_count = 0;
		recorder_file_done(file);
		return error_set(err, ENOMEM, "no memory to record");
	}
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		file->pieces[cpu] = -1;
	return 0;
}

static void close_pieces(struct recorder_file *file)
{
	for (size_t cpu = 0; cpu < file->cpu_count; cpu++) {
		if (file->pieces[cpu] >= 0)
			close(file->pieces[cpu]);
		file->pieces[cpu] = -1;
	}
}

void recorder_file_done(struct recorder_file *file)
{
	close_pieces(file);
	free(file->pieces);
	free(file->path);
	*file = (struct recorder_file){ .path = NULL };
}

/* A file of the instance, or "" where there is none. */
static const char *read_text(const struct trace_instance *instance,
			     const char *name, char *text)
{
	if (trace_instance_read(instance, name, text, TEXT_BYTES) < 0)
		text[0] = '\0';
	return text;
}

static bool is_first_of_system(const struct trace_events *events,
			       unsigned int which)
{
	for (unsigned int i = 0; i < which; i++)
		if (events->format.layouts[i].present &&
		    !strcmp(trace_events_system(events, i),
			    trace_events_system(events, which)))
			return false;
	return events->format.layouts[which].present;
}

static uint32_t count_systems(const struct trace_events *events)
{
	uint32_t count = 0;

	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		count += is_first_of_system(events, i);
	return count;
}

static bool is_of_system(const struct trace_events *events, unsigned int which,
			 const char *system)
{
	return events->format.layouts[which].present &&
	       !strcmp(trace_events_system(events, which), system);
}

static void put_system(struct dat_head *head,
		       const struct trace_instance *instance,
		       const struct trace_events *events, const char *system,
		       char *text)
{
	uint32_t count = 0;

	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		count += is_of_system(events, i, system);
	dat_head_system(head, system, count);
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++) {
		if (!is_of_system(events, i, system))
			continue;
		if (trace_events_read_format(events, instance, i, text,
					     TEXT_BYTES) < 0)
			text[0] = '\0';
		dat_head_format(head, text);
	}
}

static void put_formats(struct dat_head *head,
			const struct trace_instance *instance,
			const struct trace_events *events, char *text)
{
	dat_head_systems(head, count_systems(events));
	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		if (is_first_of_system(events, i))
			put_system(head, instance, events,
				   trace_events_system(events, i), text);
	dat_head_symbols(head);
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Between two readings of the one clock, the other is in the middle. */
static int64_t wall_offset_ns(void)
{
	int64_t before_ns = clock_ns(CLOCK_MONOTONIC);
	int64_t wall_ns = clock_ns(CLOCK_REALTIME);
	int64_t after_ns = clock_ns(CLOCK_MONOTONIC);

	return wall_ns - before_ns - (after_ns - before_ns) / 2;
}

/* Who runs now: for us in start, for other readers in names. */
static void list_tasks(struct dat_head *start, struct name_table *names)
{
	char line[RECORDING_START_LINE_BYTES];
	struct process_walk *walk;
	struct event event;

	if (!process_walk_is_possible()) {
		dat_head_put(start, "foreign\n", 8);
		return;
	}
	walk = process_walk_new();
	while (walk && process_walk_next(walk, 0, &event)) {
		name_table_take(names, &event);
		dat_head_put(start, line, recording_start_task(line, &event));
	}
	process_walk_free(walk);
}

/* The sockets that are there now. */
static void list_sockets(struct dat_head *start)
{
	struct socket_seed *seed = socket_seed_new(process_walk_is_possible(),
						    NULL);
	char line[RECORDING_START_LINE_BYTES];
	const struct event *event;
	bool more = seed;

	while (more) {
		more = socket_seed_step(seed, UINT64_MAX);
		for (; (event = socket_seed_peek(seed)); socket_seed_drop(seed))
			dat_head_put(start, line,
				     recording_start_seen(line, event));
	}
	socket_seed_free(seed);
}

static void put_start(struct dat_head *start, struct name_table *names,
		      uint64_t since_ns)
{
	char line[RECORDING_START_LINE_BYTES];

	dat_head_put(start, line, recording_start_head(line));
	if (since_ns)
		dat_head_put(start, line,
			     recording_start_number(line, "since",
						    (int64_t)since_ns));
	dat_head_put(start, line, recording_start_number(line, "wall",
							 wall_offset_ns()));
	list_tasks(start, names);
	list_sockets(start);
}

static void put_options(struct dat_head *head,
			const struct trace_instance *instance,
			const struct dat_head *start, char *text)
{
	struct utsname name;

	if (!uname(&name)) {
		snprintf(text, TEXT_BYTES, "%s %s %s %s", name.sysname,
			 name.nodename, name.release, name.machine);
		dat_head_option(head, DAT_OPTION_UNAME, text, strlen(text) + 1);
	}
	dat_head_option(head, DAT_OPTION_VERSION, "tcpwatch " TCPWATCH_VERSION,
			sizeof("tcpwatch " TCPWATCH_VERSION));
	read_text(instance, "trace_clock", text);
	dat_head_option(head, DAT_OPTION_CLOCK, text, strlen(text) + 1);
	dat_head_option(head, DAT_OPTION_START, start->bytes, start->length);
}

static int make_head(struct dat_head *head, const struct recorder_file *file,
		     const struct trace_instance *instance,
		     const struct trace_events *events, uint64_t since_ns)
{
	char *page = malloc(TEXT_BYTES), *text = malloc(TEXT_BYTES);
	struct dat_head start = { 0 };
	struct name_table names = { 0 };
	char *list = NULL;
	size_t length;

	put_start(&start, &names, since_ns);
	list = name_table_text(&names, &length);
	if (!page || !text || !list || start.failed) {
		head->failed = -ENOMEM;
		goto out;
	}
	dat_head_begin(head, (uint32_t)file->page_bytes,
		       read_text(instance, "events/header_page", page),
		       read_text(instance, "events/header_event", text));
	put_formats(head, instance, events, text);
	dat_head_names(head, list, length);
	dat_head_options(head, (uint32_t)file->cpu_count);
	put_options(head, instance, &start, text);
	dat_head_options_end(head);
out:
	dat_head_done(&start);
	name_table_done(&names);
	free(list);
	free(text);
	free(page);
	return head->failed;
}

static int refuse(const struct recorder_file *file, int code, struct error *err)
{
	return error_set(err, code, "cannot write '%s': %s", file->path,
			 code == EINVAL ? "a recording needs a regular file" :
					  strerror(code));
}

static int write_head(struct recorder_file *file, const struct dat_head *head,
		      struct error *err)
{
	struct stat status;
	ssize_t wrote;
	int fd, code = 0;

	/* A FIFO without a reader is no reason to wait. */
	fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
	if (fd < 0)
		return refuse(file, errno, err);
	if (fstat(fd, &status) || !S_ISREG(status.st_mode))
		code = EINVAL;
	else if (ftruncate(fd, 0) ||
		 (wrote = write(fd, head->bytes, head->length)) < 0)
		code = errno;
	else if (wrote != (ssize_t)head->length)
		code = ENOSPC;
	if (close(fd) && !code)
		code = errno;
	return code ? refuse(file, code, err) : 0;
}

int recorder_file_begin(struct recorder_file *file,
			const struct trace_instance *instance,
			const struct trace_events *events, uint64_t since_ns,
			struct error *err)
{
	struct dat_head head = { 0 };
	int ret = make_head(&head, file, instance, events, since_ns);

	dat_pieces_remove(file->path, file->cpu_count);
	ret = ret ? error_set(err, ENOMEM, "no memory to record") :
		    write_head(file, &head, err);
	dat_head_done(&head);
	file->begun = !ret;
	file->bytes = 0;
	return ret;
}

int recorder_file_piece(struct recorder_file *file, unsigned int cpu,
			struct error *err)
{
	char path[DAT_PIECES_PATH_BYTES];

	if (file->pieces[cpu] >= 0)
		return file->pieces[cpu];
	if (dat_pieces_path(path, file->path, cpu))
		return error_set(err, ENAMETOOLONG, "cannot write '%s.cpu%u': its "
				 "name is too long", file->path, cpu);
	file->pieces[cpu] = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				 0644);
	return file->pieces[cpu] >= 0 ? file->pieces[cpu] :
	       recorder_file_failed(file, cpu, errno, err);
}

void recorder_file_wrote(struct recorder_file *file, size_t bytes)
{
	file->bytes += bytes;
}

int recorder_file_failed(struct recorder_file *file, unsigned int cpu, int code,
			 struct error *err)
{
	return error_set(err, code, "cannot write '%s.cpu%u': %s%s", file->path,
			 cpu, strerror(code), code == ENOSPC || code == EDQUOT ?
			 "; make room there, or use -o on another file system" :
			 "");
}

int recorder_file_end(struct recorder_file *file, char *const *statistics,
		      struct error *err)
{
	close_pieces(file);
	file->begun = false;
	return dat_join(file->path, statistics, file->cpu_count, err);
}

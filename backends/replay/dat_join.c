/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes one file of the pieces of a recording; see dat_join.h. */
#include "dat_join.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dat_head.h"
#include "dat_lane.h"
#include "dat_option.h"
#include "dat_pieces.h"
#include "name_table.h"
#include "replay_names.h"
#include "tcpwatch/recording.h"

enum { COPY_BYTES = 1 << 20 };

/* Only tasks are of interest: everything else is passed over quickly. */
static void learn_names(struct name_table *table, struct dat_lane *lane,
			const struct trace_format *format)
{
	struct event event;

	while (dat_lane_next(lane) == DAT_LANE_ENTRY)
		if (trace_record_decode(format, lane->entry.data,
					lane->entry.length, lane->entry.time_ns,
					lane->cpu, &event))
			name_table_take(table, &event);
}

static char *collect_names(const struct dat *dat, size_t *length)
{
	struct trace_format format = dat->format;
	size_t memory = dat_lane_memory(dat);
	struct name_table table = { 0 };
	struct replay_names names;
	struct event event;
	char *text;

	for (unsigned int i = 0; i < TRACE_EVENT_COUNT; i++)
		if (trace_events[i].kind != EVENT_TASK)
			format.layouts[i].present = false;
	replay_names_open(&names, dat);
	while (replay_names_next(&names, 0, &event))
		name_table_take(&table, &event);
	for (size_t i = 0; i < dat->buffers[0].cpu_count; i++) {
		const struct dat_cpu *cpu = &dat->buffers[0].cpus[i];
		struct dat_lane lane;

		if (!cpu->size || dat_lane_open(&lane, dat, 0, cpu, &memory))
			continue;
		learn_names(&table, &lane, &format);
		dat_lane_close(&lane);
	}
	text = name_table_text(&table, length);
	name_table_done(&table);
	return text;
}

/* Copies so many bytes of the unfinished head. */
static int put_old(struct dat_head *head, const struct dat *dat, uint64_t from,
		   uint64_t to)
{
	size_t length = (size_t)(to - from);
	void *bytes = malloc(length ? length : 1);
	int ret = bytes ? dat_file_read(&dat->file, from, bytes, length) : -ENOMEM;

	if (!ret)
		dat_head_put(head, bytes, length);
	free(bytes);
	return ret ? ret : head->failed;
}

/* The head up to its table of CPUs, whose place is given back. */
static int make_head(struct dat_head *head, const struct dat *dat,
		     char *const *statistics, size_t cpus, size_t *table_at)
{
	uint64_t options_end = dat->file.size - sizeof(uint16_t);
	size_t length;
	char *names = collect_names(dat, &length);
	int ret = names ? put_old(head, dat, 0, dat->names_at) : -ENOMEM;

	if (!ret)
		dat_head_names(head, names, length);
	free(names);
	if (!ret)
		ret = put_old(head, dat, dat->names_end, options_end);
	for (size_t i = 0; !ret && statistics && i < cpus; i++)
		if (statistics[i])
			dat_head_option(head, DAT_OPTION_CPUSTAT, statistics[i],
					strlen(statistics[i]) + 1);
	if (dat->ends_length)
		dat_head_option(head, DAT_OPTION_ENDS, dat->ends,
				dat->ends_length);
	dat_head_options_end(head);
	dat_head_put(head, "flyrecord", sizeof("flyrecord"));
	*table_at = head->length;
	for (size_t i = 0; i < 2 * dat->buffers[0].cpu_count; i++)
		dat_head_u64(head, 0);
	dat_head_u64(head, strlen(DAT_PIECES_CLOCK));
	dat_head_put(head, DAT_PIECES_CLOCK, strlen(DAT_PIECES_CLOCK));
	while (head->length % dat->page_bytes && !head->failed)
		dat_head_put(head, "", 1);
	return ret ? ret : head->failed;
}

/* Where each CPU's whole pages will be. */
static void fill_table(struct dat_head *head, const struct dat *dat,
		       size_t table_at)
{
	const struct dat_buffer *buffer = &dat->buffers[0];
	uint64_t offset = head->length;

	for (size_t i = 0; i < buffer->cpu_count; i++) {
		uint64_t size = dat_lane_bytes(dat, buffer, &buffer->cpus[i]);

		memcpy(head->bytes + table_at + 16 * i, &offset, sizeof(offset));
		memcpy(head->bytes + table_at + 16 * i + 8, &size, sizeof(size));
		offset += size;
	}
}

static int write_all(int fd, const void *bytes, size_t length)
{
	const uint8_t *from = bytes;

	while (length) {
		ssize_t put = write(fd, from, length);

		if (put < 0 && errno != EINTR)
			return -errno;
		if (put < 0)
			continue;
		from += put;
		length -= (size_t)put;
	}
	return 0;
}

/* By reading and writing, where the file systems cannot do better. */
static int copy_slowly(int to, const struct dat_file *from, uint64_t at,
		       uint64_t end)
{
	void *bytes = malloc(COPY_BYTES);
	int ret = bytes ? 0 : -ENOMEM;

	while (!ret && at < end) {
		size_t length = end - at < COPY_BYTES ? (size_t)(end - at) :
							COPY_BYTES;

		ret = dat_file_read(from, at, bytes, length);
		if (!ret)
			ret = write_all(to, bytes, length);
		at += length;
	}
	free(bytes);
	return ret;
}

static int copy(int to, const struct dat_file *from, uint64_t size)
{
	off_t at = 0;

	while ((uint64_t)at < size) {
		ssize_t copied = copy_file_range(from->fd, &at, to, NULL,
						 (size_t)(size - (uint64_t)at), 0);

		if (copied <= 0)
			return copy_slowly(to, from, (uint64_t)at, size);
	}
	return 0;
}

static int write_joined(int fd, const struct dat *dat,
			const struct dat_head *head)
{
	const struct dat_buffer *buffer = &dat->buffers[0];
	int ret = write_all(fd, head->bytes, head->length);

	for (size_t i = 0; i < buffer->cpu_count && !ret; i++) {
		const struct dat_cpu *cpu = &buffer->cpus[i];

		if (cpu->piece.fd >= 0)
			ret = copy(fd, &cpu->piece,
				   dat_lane_bytes(dat, buffer, cpu));
	}
	return ret;
}

static int join(const char *file, const struct dat *dat,
		const struct dat_head *head)
{
	char path[DAT_PIECES_PATH_BYTES];
	int fd, ret;

	if (snprintf(path, sizeof(path), "%s.part", file) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	ret = write_joined(fd, dat, head);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(path, file))
		ret = -errno;
	if (ret)
		unlink(path);
	else
		dat_pieces_remove(file, dat->buffers[0].cpu_count);
	return ret;
}

static int join_pieces(const char *file, const struct dat *dat,
		       char *const *statistics, size_t cpus)
{
	struct dat_head head = { 0 };
	size_t table_at;
	int ret = make_head(&head, dat, statistics, cpus, &table_at);

	if (!ret) {
		fill_table(&head, dat, table_at);
		ret = join(file, dat, &head);
	}
	dat_head_done(&head);
	return ret;
}

int dat_join(const char *file, char *const *statistics, size_t cpus,
	     struct error *err)
{
	struct dat dat;
	int ret = dat_pieces_open_file(&dat, file, NULL, err);

	if (ret)
		return ret;
	ret = dat.unfinished ? join_pieces(file, &dat, statistics, cpus) : 0;
	dat_close(&dat);
	if (!ret)
		return 0;
	return error_set(err, -ret, "cannot join the pieces %s.cpu*: %s; make "
			 "room, then 'tcpwatch report --recover -i %s'", file,
			 strerror(-ret), file);
}

int recording_recover(const char *path, bool *joined, struct error *err)
{
	struct dat dat;
	int ret = dat_pieces_open_file(&dat, path, NULL, err);

	*joined = false;
	if (ret)
		return ret;
	*joined = dat.unfinished;
	dat_close(&dat);
	return *joined ? dat_join(path, NULL, 0, err) : 0;
}

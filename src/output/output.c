/* SPDX-License-Identifier: BSD-2-Clause */
/* What is behind every format: rows that are counted, a file that may be opened
 * again, and the first failure. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/wall_text.h"
#include "output_buffer.h"
#include "output_journal.h"

#define OPEN_FLAGS (O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC)

enum { BUFFER_BYTES = 256 * 1024 };

struct output {
	struct output_options options;
	const struct output_format *format;
	struct wall_text wall;
	struct output_buffer buffer; /* BUFFER_BYTES, and room for a row to drop */
	bool opened;            /* its descriptor is ours to close */
	int failure;            /* -errno of the first write that failed for good */
	struct error failure_error;
	uint64_t rows_left;
	bool has_group;         /* one was opened since begin() */
};

static int fail_to_open(const char *path, struct error *err)
{
	return error_set(err, errno, "cannot write to '%s': %s", path,
			 strerror(errno));
}

static int open_path(const char *path, struct error *err)
{
	int fd = open(path, OPEN_FLAGS, 0644);

	return fd < 0 ? fail_to_open(path, err) : fd;
}

/* What the user leaves to the columns' own table is looked up once, here. */
static void settle_columns(struct output_options *options)
{
	size_t iso = options->utc ? WALL_TEXT_ISO_UTC : WALL_TEXT_ISO_LOCAL;

	for (size_t i = 0; i < options->columns.count; i++) {
		struct column_use *use = &options->columns.uses[i];
		const struct column *column = &columns[use->id];
		bool wide = options->wide && column->wide_width;

		if (!use->width)
			use->width = wide ? column->wide_width : column->width;
		if (use->id == COLUMN_TIME && options->iso)
			use->width = (uint8_t)iso;
		if (use->width > COLUMN_WIDTH_MAX)
			use->width = COLUMN_WIDTH_MAX;
		use->left |= !column->right;
		use->cut = column->cut;
		use->optional = column->optional;
	}
}

static void begin(struct output *output)
{
	output->has_group = false;
	if (output->format->begin)
		output->format->begin(output);
}

/* Nothing written later can follow what is missing: keep the first cause. */
static int fail(struct output *output, int failed)
{
	const char *path = output->options.path;
	const char *hint = failed == -ENOSPC || failed == -EDQUOT ?
		"; make room there, or use -o on another file system" : "";

	output->failure = failed;
	if (failed != -EPIPE && failed != -EINTR)
		error_set(&output->failure_error, -failed,
			  "cannot write to '%s': %s%s", path ? path : "stdout",
			  strerror(-failed), hint);
	return failed;
}

struct output *output_new(const struct output_options *options,
			  struct error *err)
{
	struct output *output = calloc(1, sizeof(*output));

	if (!output) {
		error_set(err, ENOMEM, "out of memory for output");
		return NULL;
	}
	output->options = *options;
	output->buffer.fd = STDOUT_FILENO;
	output->buffer.stopping = options->stopping;
	output->buffer.stopping_context = options->stopping_context;
	output->rows_left = options->rows ? options->rows : UINT64_MAX;
	if (!output->options.format)
		output->options.format = "table";
	output->format = output_format_find(output->options.format);
	if (!output->format) {
		error_set(err, EINVAL, "no output format '%s' (right: table, json, csv, dot, trace, perfetto)",
			  options->format);
		goto out;
	}
	output->buffer.bytes = malloc(BUFFER_BYTES + OUTPUT_RESERVE_MAX);
	if (!output->buffer.bytes) {
		error_set(err, ENOMEM, "out of memory for output");
		goto out;
	}
	if (options->path) {
		output->buffer.fd = open_path(options->path, err);
		if (output->buffer.fd < 0)
			goto out;
		output->opened = true;
	}
	settle_columns(&output->options);
	wall_text_init(&output->wall, options->iso, options->utc);
	return output;
out:
	output_free(output);
	return NULL;
}

int output_begin(struct output *output, struct error *err)
{
	/* EINVAL: not a file that has a length. */
	if (output->opened && ftruncate(output->buffer.fd, 0) && errno != EINVAL)
		return error_set(err, errno, "cannot empty '%s': %s",
				 output->options.path, strerror(errno));
	begin(output);
	return 0;
}

void output_end(struct output *output)
{
	if (output->format->end)
		output->format->end(output);
}

void output_free(struct output *output)
{
	if (!output)
		return;
	if (output->opened)
		close(output->buffer.fd);
	free(output->buffer.bytes);
	free(output);
}

void output_row(struct output *output, const struct row *row)
{
	if (output->failure || !output->rows_left)
		return;
	output->rows_left--;
	output->format->row(output, row);
	if (output->options.journal)
		output_journal_row(output->options.journal,
				   &output->options.columns, row, &output->wall);
}

void output_open_group(struct output *output)
{
	if (output->format->open_group)
		output->format->open_group(output, !output->has_group);
	output->has_group = true;
}

void output_close_group(struct output *output)
{
	if (output->format->close_group)
		output->format->close_group(output);
}

int output_flush(struct output *output, struct error *err)
{
	int failed;

	/* An interrupted output may still be told to write what it has. */
	if (output->failure && output->failure != -EINTR)
		return output_status(output, err);
	failed = output_buffer_flush(&output->buffer);
	if (!failed || failed == -EINTR)
		return failed;
	fail(output, failed);
	return output_status(output, err);
}

int output_status(const struct output *output, struct error *err)
{
	if (output->failure_error.code)
		return error_set(err, output->failure_error.code, "%s",
				 output->failure_error.text);
	return output->failure;
}

static bool file_is_empty(int fd)
{
	struct stat status;

	return !fstat(fd, &status) && S_ISREG(status.st_mode) && !status.st_size;
}

int output_reopen(struct output *output, struct error *err)
{
	int fd;

	if (!output->opened)
		return 0;
	fd = output_open_again(output->options.path, err);
	return fd < 0 ? fd : output_replace(output, fd, err);
}

int output_open_again(const char *path, struct error *err)
{
	int fd = open(path, OPEN_FLAGS | O_NONBLOCK, 0644);

	if (fd < 0)
		return fail_to_open(path, err);
	fcntl(fd, F_SETFL, O_APPEND);
	return fd;
}

int output_replace(struct output *output, int fd, struct error *err)
{
	int failed = output_buffer_empty(&output->buffer);

	if (failed) {
		close(fd);
		return failed == -EINTR ? failed :
			error_set(err, -failed, "cannot write to '%s': %s",
				  output->options.path, strerror(-failed));
	}
	close(output->buffer.fd);
	output->buffer.fd = fd;
	if (file_is_empty(fd))
		begin(output);
	return 0;
}

int output_fd(const struct output *output)
{
	return output->buffer.fd;
}

const struct output_options *output_options(const struct output *output)
{
	return &output->options;
}

struct wall_text *output_wall_text(struct output *output)
{
	return &output->wall;
}

char *output_reserve(struct output *output, size_t bytes)
{
	if (output->buffer.used + bytes > BUFFER_BYTES && !output->failure) {
		int failed = output_buffer_empty(&output->buffer);

		if (failed)
			fail(output, failed);
	}
	return output->buffer.bytes + output->buffer.used;
}

void output_commit(struct output *output, size_t bytes)
{
	if (!output->failure)
		output->buffer.used += bytes;
}

const struct output_format *output_format_find(const char *name)
{
	for (size_t i = 0; output_formats[i]; i++)
		if (!strcmp(output_formats[i]->name, name))
			return output_formats[i];
	return NULL;
}

const struct output_format *const output_formats[] = {
	&output_table,
	&output_json,
	&output_csv,
	&output_dot,
	&output_trace,
	&output_perfetto,
	NULL
};

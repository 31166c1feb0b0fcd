/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads, checks and plays event scripts; see script.h. */
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 16 << 20 };

/* What the check of a script has found so far. */
struct check {
	uint64_t newest_ns;             /* of the events so far */
	uint64_t block_first_ns;        /* of the block's first event ... */
	bool block_has_event;           /* ... if it has one */
	bool started;                   /* no line of facts may follow */
};

static int read_all(int fd, char *text, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t got = read(fd, text + done, length - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return -ENODATA;
		done += (size_t)got;
	}
	return 0;
}

static int read_open_file(struct script *script, int fd, struct error *err)
{
	struct stat info;
	int ret;

	if (fstat(fd, &info) < 0)
		return error_set(err, errno, "cannot read '%s': %s",
				 script->path, strerror(errno));
	if (!S_ISREG(info.st_mode))
		return error_set(err, EINVAL, "'%s' is not a regular file",
				 script->path);
	if (info.st_size > FILE_BYTES_MAX)
		return error_set(err, EFBIG,
				 "'%s' is larger than %d MiB; use repeat",
				 script->path, FILE_BYTES_MAX >> 20);
	script->length = (size_t)info.st_size;
	script->text = malloc(script->length + 1);
	if (!script->text)
		return error_set(err, ENOMEM, "no memory for '%s'",
				 script->path);
	ret = read_all(fd, script->text, script->length);
	if (ret)
		return error_set(err, -ret, "cannot read '%s': %s",
				 script->path, strerror(-ret));
	return 0;
}

static int read_file(struct script *script, struct error *err)
{
	/* Without O_NONBLOCK the open of a FIFO would wait for its writer. */
	int fd = open(script->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int ret;

	if (fd < 0)
		return error_set(err, errno, "cannot open '%s': %s",
				 script->path, strerror(errno));
	ret = read_open_file(script, fd, err);
	close(fd);
	return ret;
}

/* The next line of the text; 1 at the end, -EINVAL and *err when it is wrong. */
static int next_line(struct script *script, struct script_line *line,
		     struct error *err)
{
	const char *start = script->text + script->place.at;
	size_t left = script->length - script->place.at;
	const char *newline = memchr(start, '\n', left);
	size_t length = newline ? (size_t)(newline - start) : left;

	if (left == 0)
		return 1;
	script->place.at += length + (newline ? 1 : 0);
	script->place.line++;
	return script_line_parse(line, start, length, err);
}

static int check_fact(struct script *script, const struct check *check,
		      const struct script_line *line, struct error *err)
{
	if (check->started)
		return error_set(err, EINVAL,
				 "since and wall stand before all else");
	if (line->kind == SCRIPT_LINE_SINCE) {
		script->since_ns = line->since_ns;
	} else {
		script->wall_ns = line->wall_ns;
		script->wall_known = true;
	}
	return 0;
}

static int check_event(struct check *check, const struct event *event,
		       struct error *err)
{
	if (event->late)
		return 0;
	if (event->time_ns < check->newest_ns)
		return error_set(err, EINVAL, "older than the event before it; "
				 "put the word late behind it, or move it");
	check->newest_ns = event->time_ns;
	if (!check->block_has_event)
		check->block_first_ns = event->time_ns;
	check->block_has_event = true;
	return 0;
}

static int check_repeat(struct script *script, struct check *check,
			const struct script_repeat *repeat, struct error *err)
{
	if (script->repeat.count)
		return error_set(err, EINVAL, "a repeat cannot hold another one");
	script->repeat = *repeat;
	check->block_has_event = false;
	return 0;
}

static int check_end(struct script *script, struct check *check,
		     struct error *err)
{
	const struct script_repeat repeat = script->repeat;
	uint64_t newest_ns;

	if (!repeat.count)
		return error_set(err, EINVAL, "'end' without a repeat before it");
	if (!check->block_has_event)
		return error_set(err, EINVAL, "this repeat has no event in it");
	if (__builtin_mul_overflow(repeat.count - 1, repeat.time_ns, &newest_ns) ||
	    __builtin_add_overflow(newest_ns, check->newest_ns, &newest_ns) ||
	    newest_ns > INT64_MAX)
		return error_set(err, EINVAL,
				 "this repeat runs longer than time can be told");
	if (repeat.count > 1 &&
	    check->newest_ns - check->block_first_ns > repeat.time_ns)
		return error_set(err, EINVAL, "the block lasts longer than its "
				 "time=+, so that its turns overlap");
	check->newest_ns = newest_ns;
	script->repeat.count = 0;
	return 0;
}

static int check_line(struct script *script, struct check *check,
		      const struct script_line *line, struct error *err)
{
	if (line->kind == SCRIPT_LINE_BLANK)
		return 0;
	if (line->kind == SCRIPT_LINE_SINCE || line->kind == SCRIPT_LINE_WALL)
		return check_fact(script, check, line, err);
	check->started = true;
	if (line->kind == SCRIPT_LINE_EVENT)
		return check_event(check, &line->event, err);
	if (line->kind == SCRIPT_LINE_REPEAT)
		return check_repeat(script, check, &line->repeat, err);
	if (line->kind == SCRIPT_LINE_END)
		return check_end(script, check, err);
	return 0;
}

/* Puts "file:line: " in front of what is wrong. */
static void locate(const struct script *script, struct error *err)
{
	struct error found;

	if (!err)
		return;
	found = *err;
	*err = (struct error){ 0 };
	error_set(err, found.code, "%s:%zu: %s", script->path,
		  script->place.line, found.text);
}

/* Reads the whole text once, so that playing it can only meet what is right. */
static int check_text(struct script *script, struct error *err)
{
	struct check check = { 0 };
	struct script_line line;
	int ret;

	do {
		ret = next_line(script, &line, err);
		if (!ret)
			ret = check_line(script, &check, &line, err);
	} while (!ret);
	if (ret > 0 && script->repeat.count)
		ret = error_set(err, EINVAL, "'end' is missing for the repeat");
	if (ret < 0) {
		locate(script, err);
		return ret;
	}
	script->place = (struct script_place){ 0 };
	return 0;
}

int script_open(struct script *script, const char *path, struct error *err)
{
	int ret;

	*script = (struct script){ .path = strdup(path) };
	if (!script->path)
		return error_set(err, ENOMEM, "no memory for '%s'", path);
	ret = read_file(script, err);
	if (!ret)
		ret = check_text(script, err);
	if (ret)
		script_close(script);
	return ret;
}

void script_close(struct script *script)
{
	free(script->text);
	free(script->path);
	*script = (struct script){ 0 };
}

static void add_port(struct endpoint *endpoint, uint64_t more)
{
	if (endpoint->port)
		endpoint->port = (uint16_t)(endpoint->port + more);
}

static void add_task(int32_t *task, uint64_t more)
{
	if (*task > 0)
		*task = (int32_t)(((uint64_t)*task + more) & INT32_MAX);
}

/* What this turn of the block adds to its event. */
static void advance(const struct script *script, struct event *event)
{
	const struct script_repeat *repeat = &script->repeat;
	uint64_t turn = script->turn;

	event->time_ns += turn * repeat->time_ns;
	if (event->has & EVENT_HAS_SOCKET)
		event->socket_id += turn * repeat->socket_id;
	else if (event->has & EVENT_HAS_COOKIE)
		event->cookie += turn * repeat->socket_id;
	if (event->kind == EVENT_SEEN)
		event->seen.from_ns += turn * repeat->time_ns;
	if (event->has & EVENT_HAS_ENDPOINTS) {
		add_port(&event->local, turn * repeat->local_port);
		add_port(&event->remote, turn * repeat->remote_port);
	}
	add_task(&event->tid, turn * repeat->tid);
	if (event->kind == EVENT_TASK) {
		add_task(&event->task.tid, turn * repeat->tid);
		add_task(&event->task.tgid, turn * repeat->tid);
	}
}

static void begin_block(struct script *script,
			const struct script_repeat *repeat)
{
	script->repeat = *repeat;
	script->block = script->place;
	script->turn = 0;
}

/* The end of a block's turn: back to its first line, or out of it. */
static void end_turn(struct script *script)
{
	if (++script->turn < script->repeat.count)
		script->place = script->block;
	else
		script->repeat.count = 0;
}

bool script_next(struct script *script, struct script_line *line)
{
	while (!next_line(script, line, NULL)) {
		switch (line->kind) {
		case SCRIPT_LINE_EVENT:
			if (script->repeat.count)
				advance(script, &line->event);
			return true;
		case SCRIPT_LINE_IDLE:
		case SCRIPT_LINE_HANG:
		case SCRIPT_LINE_FAIL:
			return true;
		case SCRIPT_LINE_REPEAT:
			begin_block(script, &line->repeat);
			break;
		case SCRIPT_LINE_END:
			end_turn(script);
			break;
		case SCRIPT_LINE_BLANK:
		case SCRIPT_LINE_SINCE:
		case SCRIPT_LINE_WALL:
			break;
		}
	}
	return false;
}

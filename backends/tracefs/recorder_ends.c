/* SPDX-License-Identifier: BSD-2-Clause */
/* A ring of records, emptied into the piece; see recorder_ends.h. */
#include "recorder_ends.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "replay/dat_pieces.h"
#include "replay/recording_ends.h"
#include "tcpwatch/match.h"

enum {
	RECORD = RECORDING_ENDS_RECORD_BYTES,
	ROOM = 4096,                    /* records that wait for one write */
	QUIET_MS = 20,                  /* then nothing more is expected */
	LAST_NS = 250 * 1000 * 1000,
	READS = 64,                     /* of 1024 events, before others have a turn */
	/* A socket makes five events or so, of 80 bytes each. */
	FLIGHT_BYTES_A_SOCKET = 400,
	FLIGHT_ROOM_MAX = RECORDING_ENDS_BYTES_MAX / RECORD - 2
};

static size_t room_of(const struct recorder_options *options)
{
	uint64_t room = options->flight_bytes / FLIGHT_BYTES_A_SOCKET;

	if (!options->flight_bytes)
		return ROOM;
	return room > FLIGHT_ROOM_MAX ? FLIGHT_ROOM_MAX : (size_t)room + 1;
}

int recorder_ends_init(struct recorder_ends *ends,
		       const struct recorder_options *options, struct error *err)
{
	char path[DAT_PIECES_PATH_BYTES];

	*ends = (struct recorder_ends){
		.filter = options->filter,
		.fd = -1,
		.flight = options->flight_bytes,
		.room = room_of(options),
	};
	if (!(options->events & EVENT_BIT(EVENT_GONE)))
		return 0;
	if (dat_pieces_ends_path(path, options->path))
		return error_set(err, ENAMETOOLONG, "cannot write '%s.ends': its "
				 "name is too long", options->path);
	ends->path = strdup(path);
	ends->records = malloc(ends->room * RECORD);
	if (!ends->path || !ends->records)
		return error_set(err, ENOMEM, "no memory to record");
	ends->gone = diag_gone_open();
	return 0;
}

void recorder_ends_done(struct recorder_ends *ends)
{
	if (ends->fd >= 0)
		close(ends->fd);
	diag_gone_close(ends->gone);
	free(ends->records);
	free(ends->path);
	*ends = (struct recorder_ends){ .fd = -1 };
}

static int failed(const struct recorder_ends *ends, int code, struct error *err)
{
	return error_set(err, code, "cannot write '%s': %s%s", ends->path,
			 strerror(code), code == ENOSPC || code == EDQUOT ?
			 "; make room there, or use -o on another file system" :
			 "");
}

static int put(struct recorder_ends *ends, const void *bytes, size_t length,
	       struct error *err)
{
	ssize_t wrote = write(ends->fd, bytes, length);

	if (wrote != (ssize_t)length)
		return failed(ends, wrote < 0 ? errno : ENOSPC, err);
	ends->bytes += length;
	return 0;
}

static int begin(struct recorder_ends *ends, struct error *err)
{
	uint8_t head[RECORDING_ENDS_HEAD_BYTES];

	if (ends->fd >= 0)
		return 0;
	ends->fd = open(ends->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (ends->fd < 0)
		return failed(ends, errno, err);
	recording_ends_head(head);
	return put(ends, head, sizeof(head), err);
}

/* So many of the oldest, which lie one behind the other. */
static int put_records(struct recorder_ends *ends, size_t count,
		       struct error *err)
{
	int ret = put(ends, ends->records + ends->first * RECORD, count * RECORD,
		      err);

	ends->first = (ends->first + count) % ends->room;
	ends->count -= count;
	return ret;
}

/* What is told in place of those that are missing. */
static int put_missing(struct recorder_ends *ends, struct error *err)
{
	uint8_t record[RECORD];

	ends->missing = false;
	ends->incomplete = true;
	recording_ends_record(record, NULL);
	return put(ends, record, sizeof(record), err);
}

static int empty(struct recorder_ends *ends, struct error *err)
{
	int ret = ends->count || ends->missing ? begin(ends, err) : 0;

	while (!ret && ends->count) {
		size_t count = ends->room - ends->first;

		if (count > ends->count)
			count = ends->count;
		/* One more must fit, to say so. */
		if (ends->bytes + (count + 1) * RECORD >
		    RECORDING_ENDS_BYTES_MAX) {
			ends->missing |= !ends->full;
			ends->full = true;
			ends->first = ends->count = 0;
			break;
		}
		ret = put_records(ends, count, err);
	}
	return !ret && ends->missing ? put_missing(ends, err) : ret;
}

/* As the kernel's filter does it for events: ports that are not chosen pass. */
static bool passes(const struct backend_filter *filter, const struct event *gone)
{
	const struct endpoint *local = &gone->local, *remote = &gone->remote;

	return !filter ||
	       ((!local->port ||
		 match_ranges_has(&filter->local_ports, local->port)) &&
		(!remote->port ||
		 match_ranges_has(&filter->remote_ports, remote->port)) &&
		match_prefixes_has(&filter->local_addresses, local->address) &&
		match_prefixes_has(&filter->remote_addresses, remote->address));
}

static void take(struct recorder_ends *ends, const struct event *gone)
{
	size_t at = (ends->first + ends->count) % ends->room;

	if (!(gone->has & EVENT_HAS_COOKIE) || !passes(ends->filter, gone))
		return;
	recording_ends_record(ends->records + at * RECORD, gone);
	if (ends->count < ends->room)
		ends->count++;
	else
		ends->first = (ends->first + 1) % ends->room;
}

/* False when there was nothing. */
static bool take_batch(struct recorder_ends *ends)
{
	const struct event *gone;
	bool any = false;

	diag_gone_read(ends->gone);
	for (; (gone = diag_gone_peek(ends->gone)); diag_gone_drop(ends->gone)) {
		take(ends, gone);
		any = true;
	}
	ends->missing |= diag_gone_take_loss(ends->gone);
	return any;
}

int recorder_ends_copy(struct recorder_ends *ends, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ends->gone && !ret && i < READS && take_batch(ends); i++)
		if (!ends->flight && ends->count > ends->room / 2)
			ret = empty(ends, err);
	return ret || ends->flight ? ret : empty(ends, err);
}

/* A worker of the kernel's tells, when it gets to it. */
static int copy_last(struct recorder_ends *ends, struct error *err)
{
	uint64_t until_ns = clock_monotonic_ns() + LAST_NS;
	struct pollfd wait = { .events = POLLIN };
	int ret = 0;

	if (!ends->gone)
		return 0;
	wait.fd = diag_gone_fd(ends->gone);
	while (!ret && clock_monotonic_ns() < until_ns &&
	       poll(&wait, 1, QUIET_MS) > 0)
		ret = recorder_ends_copy(ends, err);
	return ret;
}

int recorder_ends_write(struct recorder_ends *ends, bool waits,
			struct error *err)
{
	int ret = waits ? copy_last(ends, err) : recorder_ends_copy(ends, err);

	if (!ret)
		ret = empty(ends, err);
	if (ends->fd >= 0 && close(ends->fd) && !ret)
		ret = failed(ends, errno, err);
	ends->fd = -1;
	ends->bytes = 0;
	ends->full = false;
	return ret;
}

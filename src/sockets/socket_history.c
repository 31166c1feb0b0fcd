/* SPDX-License-Identifier: BSD-2-Clause */
/* Two lists: the one before, sorted, to look up in, and the one that grows. */
#include "socket_history.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_ROOM = 256 };

static int compare(const void *a, const void *b)
{
	const struct socket_sight *one = a, *other = b;

	return one->cookie < other->cookie ? -1 : one->cookie > other->cookie;
}

void socket_history_begin(struct socket_history *history, uint64_t now_ns)
{
	struct socket_sights oldest = history->before;

	history->before = history->now;
	history->before_ns = history->now_ns;
	history->now = oldest;
	history->now.count = 0;
	history->now_ns = now_ns;
	if (history->before.count)
		qsort(history->before.sights, history->before.count,
		      sizeof(*history->before.sights), compare);
}

static const struct socket_sight *find(const struct socket_sights *sights,
				       uint64_t cookie)
{
	const struct socket_sight wanted = { .cookie = cookie };

	if (!sights->count || !cookie)
		return NULL;
	return bsearch(&wanted, sights->sights, sights->count, sizeof(wanted),
		       compare);
}

static int add(struct socket_sights *sights, const struct socket_sight *sight)
{
	struct socket_sight *larger;
	size_t room;

	if (sights->count == sights->room) {
		room = sights->room ? 2 * sights->room : FIRST_ROOM;
		larger = realloc(sights->sights, room * sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		sights->sights = larger;
		sights->room = room;
	}
	sights->sights[sights->count++] = *sight;
	return 0;
}

int socket_history_take(struct socket_history *history,
			const struct socket_status *status, uint64_t seen_ns,
			struct socket_past *past)
{
	const struct socket_sight *before = find(&history->before,
						 status->cookie);
	struct socket_sight sight = {
		.cookie = status->cookie,
		.since_ns = seen_ns,
		.after_ns = history->before_ns,
		.drops = status->drops,
		.state = status->state,
	};

	past->age = SPAN_UNKNOWN;
	past->new_drops = before ? status->drops - before->drops : 0;
	if (before && before->state == status->state) {
		sight.since_ns = before->since_ns;
		sight.after_ns = before->after_ns;
		past->age.min_ns = history->now_ns > before->since_ns ?
				   history->now_ns - before->since_ns : 0;
	}
	if (sight.after_ns)
		past->age.max_ns = seen_ns - sight.after_ns;
	return add(&history->now, &sight);
}

void socket_history_done(struct socket_history *history)
{
	free(history->before.sights);
	free(history->now.sights);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Joins error reports to sockets; see error_join.h. */
#include "error_join.h"

#include <string.h>

#include "reason_run.h"

enum {
	BEFORE_NS = 1000000000, /* a report and the change right behind it, on a CPU
	                         * that stood still in between; most reports that
	                         * end nothing are older than that */
	BEHIND_NS = 5000000     /* a report without endpoints, behind its change; 2
	                         * ms were seen */
};

enum fit { FIT_NOT, FIT_ZEROED, FIT_WHOLE };

static enum fit fit_of_endpoint(const struct endpoint *socket,
				const struct endpoint *error)
{
	static const uint8_t any_ipv4[4];
	static const uint8_t any_ipv6[16];
	const uint8_t *address = error->address;
	bool any = endpoint_is_ipv4(error) ?
		   !memcmp(address + 12, any_ipv4, 4) :
		   !memcmp(address, any_ipv6, 16);

	if (!any && memcmp(socket->address, address, 16))
		return FIT_NOT;
	if (error->port && socket->port != error->port)
		return FIT_NOT;
	return any || !error->port ? FIT_ZEROED : FIT_WHOLE;
}

static enum fit fit_of(const struct event *close, const struct event *error)
{
	enum fit local, remote;

	if (!(close->has & error->has & EVENT_HAS_ENDPOINTS))
		return FIT_NOT;
	local = fit_of_endpoint(&close->local, &error->local);
	remote = fit_of_endpoint(&close->remote, &error->remote);
	return local < remote ? local : remote;
}

/* How well a row fits: the smaller the better; 0 = not at all. */
static unsigned int rank_of(const struct event *close,
			    const struct event *error)
{
	enum fit fit = fit_of(close, error);
	uint64_t behind_ns = error->time_ns - close->time_ns;
	bool near = close->cpu == error->cpu && error->time_ns >= close->time_ns &&
		    behind_ns <= BEHIND_NS;

	if (fit == FIT_WHOLE)
		return near ? 1 : 3;
	return fit == FIT_ZEROED && near ? 2 : 0;
}

uint64_t error_join_find(struct reason_queue *rows, const struct event *error)
{
	unsigned int best = 4, rank;
	uint64_t ticket = 0, found = 0;

	while ((ticket = reason_queue_older(rows, ticket)) != 0) {
		rank = rank_of(&reason_queue_find(rows, ticket)->event, error);
		if (!rank || rank > best)
			continue;
		found = rank < best ? ticket : 0;       /* two alike: neither */
		best = rank;
	}
	return found;
}

void error_join_keep(struct error_join *join, const struct event *error)
{
	if (join->count == ERROR_JOIN_KEPT)
		memmove(join->kept, join->kept + 1,
			--join->count * sizeof(*join->kept));
	join->kept[join->count++] = *error;
}

static bool is_of(const struct event *error, const struct event *close,
		  uint64_t within_ns)
{
	return reason_run_is_same(reason_run_of(error), reason_run_of(close)) &&
	       error->time_ns <= close->time_ns &&
	       close->time_ns - error->time_ns <= within_ns &&
	       fit_of(close, error) == FIT_WHOLE;
}

int32_t error_join_take(struct error_join *join, const struct event *close,
			uint64_t stay_ns)
{
	uint64_t within_ns = stay_ns < BEFORE_NS ? stay_ns : BEFORE_NS;
	size_t found = 0, matching = 0;
	int32_t number;

	for (size_t i = 0; i < join->count; i++) {
		if (!is_of(&join->kept[i], close, within_ns))
			continue;
		found = i;
		matching++;
	}
	if (matching != 1)
		return 0;
	number = join->kept[found].error.number;
	memmove(join->kept + found, join->kept + found + 1,
		(--join->count - found) * sizeof(*join->kept));
	return number;
}

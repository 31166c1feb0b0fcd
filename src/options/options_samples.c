/* SPDX-License-Identifier: BSD-2-Clause */
/* How samples are to be taken or counted, from all options together. */
#include "options_samples.h"

#include <errno.h>
#include <stddef.h>

#include "common/ns.h"
#include "tcpwatch/backend.h"

/* Why the kernel cannot count for these options; NULL: it can. */
static const char *why_not(const struct options *options)
{
	const struct filter *filter = &options->filter;
	const struct backend_filter *ends = &filter->endpoints;

	switch ((enum rtt_by)options->view_options.rtt.by) {
	case RTT_BY_LADDR:
	case RTT_BY_RADDR:
	case RTT_BY_COMM:
		return "groups that it makes are all, lport, rport or sock";
	default:
		break;
	}
	if (ends->local_addresses.count || ends->remote_addresses.count ||
	    filter->endpoints.family)
		return "it cannot filter by address";
	if (filter->endpoints.pids.count || filter->comm[0] || options->command)
		return "it does not know whose sockets these are";
	if (filter->states)
		return "it cannot filter by state";
	if (options->samples.every > 1)
		return "it takes no samples, but counts them all";
	return NULL;
}

static uint8_t key_of(enum rtt_by by)
{
	switch (by) {
	case RTT_BY_LPORT:
		return BACKEND_KEY_LOCAL_PORT;
	case RTT_BY_RPORT:
		return BACKEND_KEY_REMOTE_PORT;
	case RTT_BY_SOCK:
		return BACKEND_KEY_SOCKET;
	default:
		return BACKEND_KEY_NONE;
	}
}

/* Its table forgets no socket, and reading it costs: where it need not be, it is
 * not. */
static bool is_better(const struct options *options)
{
	return options->view_options.rtt.by != RTT_BY_SOCK &&
	       (!options->view_options.interval_ns ||
		options->view_options.interval_ns >= NS_PER_S);
}

int options_samples_settle(struct options *options, struct error *err)
{
	struct backend_samples *samples = &options->samples;
	uint64_t interval_ns = options->view_options.interval_ns;
	const char *reason;

	samples->mss = options->view == &view_cwnd;
	if (options->view != &view_rtt) {
		samples->aggregate = BACKEND_AGGREGATE_NEVER;
		return 0;
	}
	reason = why_not(options);
	if (samples->aggregate == BACKEND_AGGREGATE_MUST &&
	    (reason || options->read_path))
		return error_set(err, EINVAL, "--aggregate: the kernel cannot "
				 "count this: %s", reason ? reason :
				 "a recording holds samples");
	if (samples->aggregate == BACKEND_AGGREGATE_MAY &&
	    (reason || !is_better(options)))
		samples->aggregate = BACKEND_AGGREGATE_NEVER;
	samples->key = key_of(options->view_options.rtt.by);
	samples->period_ns = interval_ns > NS_PER_S ? interval_ns : NS_PER_S;
	return 0;
}

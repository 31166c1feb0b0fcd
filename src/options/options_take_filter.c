/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that say which sockets and states are wanted. */
#include "options_take.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/ns.h"
#include "options_value.h"
#include "tcpwatch/match.h"
#include "tcpwatch/tcp_state.h"

enum {
	PORT_MAX = 65535,
	PID_MAX = 4194304       /* PID_MAX_LIMIT of 64-bit kernels */
};

int options_take_ports(struct options *options,
		       const struct options_given *given, struct error *err)
{
	(void)options;
	return match_ranges_parse(given->field, given->value, PORT_MAX, err);
}

int options_take_numbers(struct options *options,
			 const struct options_given *given, struct error *err)
{
	struct match_ranges *numbers = given->field, taken = *numbers;
	int ret = match_ranges_parse(&taken, given->value, UINT32_MAX, err);

	(void)options;
	if (ret)
		return ret;
	for (size_t i = 0; i < taken.count; i++)
		if (taken.items[i].negated ||
		    taken.items[i].low != taken.items[i].high)
			return error_set(err, EINVAL, "'%.60s': neither ranges nor "
					 "'!' here; use plain numbers: 1,2",
					 given->value);
	*numbers = taken;
	return 0;
}

int options_take_addresses(struct options *options,
			   const struct options_given *given, struct error *err)
{
	(void)options;
	return match_prefixes_parse(given->field, given->value, err);
}

int options_take_pids(struct options *options,
		      const struct options_given *given, struct error *err)
{
	struct match_ranges pids = options->filter.endpoints.pids;
	int rc = match_ranges_parse(&pids, given->value, PID_MAX, err);
	size_t i;

	if (rc < 0)
		return rc;
	for (i = 0; i < pids.count; i++) {
		if (pids.items[i].low == 0)
			return error_set(err, EINVAL,
					 "'%.60s': 0 is not a process id; use 1 to %d",
					 given->value, PID_MAX);
	}
	options->filter.endpoints.pids = pids;
	return 0;
}

int options_take_family(struct options *options,
			const struct options_given *given, struct error *err)
{
	/* "-4", "--ipv4" */
	uint8_t family = given->label[strlen(given->label) - 1] == '4' ?
			 EVENT_FAMILY_IPV4 : EVENT_FAMILY_IPV6;

	if (options->filter.endpoints.family && options->filter.endpoints.family != family)
		return error_set(err, EINVAL,
				 "-4 and -6 exclude each other; use neither for both");
	options->filter.endpoints.family = family;
	return 0;
}

int options_take_comm(struct options *options,
		      const struct options_given *given, struct error *err)
{
	char *comm = options->filter.comm;

	if (comm[0])
		return error_set(err, EINVAL,
				 "'%.60s' is a second pattern; use one, such as 'nginx*'",
				 given->value);
	if (strlen(given->value) >= sizeof(options->filter.comm))
		return error_set(err, EINVAL,
				 "'%.60s' is too long; use at most %zu bytes",
				 given->value, sizeof(options->filter.comm) - 1);
	memcpy(comm, given->value, strlen(given->value) + 1);
	return 0;
}

int options_take_states(struct options *options,
			const struct options_given *given, struct error *err)
{
	static const struct options_names states = {
		.first = TCP_STATE_ESTABLISHED,
		.end = TCP_STATE_COUNT,
		.name = tcp_state_name,
		.words = "a TCP state",
	};

	return options_value_names(&options->filter.states, given->value,
				   &states, err);
}

/* As above, but for what no change leads to. */
int options_take_seen_states(struct options *options,
			     const struct options_given *given,
			     struct error *err)
{
	uint32_t before = options->filter.states;
	int rc = options_take_states(options, given, err);

	if (rc < 0 || !(options->filter.states & 1u << TCP_STATE_TIME_WAIT))
		return rc;
	options->filter.states = before;
	return error_set(err, EINVAL, "'%.60s': no change leads to TIME_WAIT, the "
			 "last one of such a socket leads to CLOSE; 'tcpwatch sockets "
			 "--state TIME_WAIT' lists them", given->value);
}

/* The TCP state in front of the colon, if a socket can stay in it; else -EINVAL
 * and *err. */
static int stuck_state(const char *value, const char *colon, struct error *err)
{
	char name[24];
	int state;

	snprintf(name, sizeof(name), "%.*s", (int)(colon - value), value);
	state = tcp_state_parse(name);
	if (state > TCP_STATE_UNKNOWN && state != TCP_STATE_CLOSE &&
	    state != TCP_STATE_TIME_WAIT)
		return state;
	return error_set(err, EINVAL, "'%s' is no TCP state that a socket stays "
			 "in, such as CLOSE_WAIT", name);
}

/* "CLOSE_WAIT:60" */
int options_take_stuck(struct options *options,
		       const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = NS_PER_S / 10,
		.high = 100000000 * NS_PER_S,
		.words = "a number of seconds from 0.1 to 100000000",
	};
	const char *colon = strchr(given->value, ':');
	uint64_t limit_ns;
	int state;

	if (!colon)
		return error_set(err, EINVAL, "'%.60s' is not STATE:SECONDS, such "
				 "as CLOSE_WAIT:60", given->value);
	state = stuck_state(given->value, colon, err);
	if (state < 0 ||
	    options_value_seconds(&limit_ns, colon + 1, &range, err))
		return -EINVAL;
	options->stuck.ns[state] = limit_ns;
	options->stuck.given = true;
	options->view_options.stuck = true;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the value of each option does to struct options, and what it may be. */
#include "options_take.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ns.h"
#include "options_value.h"
#include "output.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/match.h"
#include "tcpwatch/tcp_state.h"

enum {
	PORT_MAX = 65535,
	PID_MAX = 4194304       /* PID_MAX_LIMIT of 64-bit kernels */
};

static const char *show_name(unsigned int bit)
{
	static const char *const names[] = {
		"state", "cong", "retrans", "reset", "error", "sample"
	};

	_Static_assert(VIEW_SHOW_STATE == 1u << 0, "order of names");
	_Static_assert(VIEW_SHOW_CONG == 1u << 1, "order of names");
	_Static_assert(VIEW_SHOW_RETRANS == 1u << 2, "order of names");
	_Static_assert(VIEW_SHOW_RESET == 1u << 3, "order of names");
	_Static_assert(VIEW_SHOW_ERROR == 1u << 4, "order of names");
	_Static_assert(VIEW_SHOW_SAMPLE == 1u << 5, "order of names");
	return names[bit];
}

static const char *format_name(unsigned int index)
{
	return output_formats[index]->name;
}

static const char *backend_name(unsigned int index)
{
	return index == 0 ? "auto" : backends[index - 1]->name;
}

int options_take_flag(struct options *options,
		      const struct options_given *given, struct error *err)
{
	bool *flag = given->field;

	(void)options;
	(void)err;
	*flag = true;
	return 0;
}

int options_take_user(struct options *options,
		      const struct options_given *given, struct error *err)
{
	return privileges_find_user(&options->user, given->value, err);
}

int options_take_text(struct options *options,
		      const struct options_given *given, struct error *err)
{
	const char **text = given->field;

	(void)options;
	(void)err;
	*text = given->value;
	return 0;
}

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
	uint8_t family = given->label[1] == '4' ? EVENT_FAMILY_IPV4
						: EVENT_FAMILY_IPV6;

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

int options_take_events(struct options *options,
			const struct options_given *given, struct error *err)
{
	static const struct options_names kinds = {
		.end = 6,
		.name = show_name,
		.words = "an event",
	};

	return options_value_names(&options->view_options.show, given->value,
				   &kinds, err);
}

int options_take_format(struct options *options,
			const struct options_given *given, struct error *err)
{
	const struct output_format *format = output_format_find(given->value);
	struct options_names formats = {
		.name = format_name,
		.words = "a format",
	};

	if (format) {
		options->format = format->name;
		return 0;
	}
	while (output_formats[formats.end])
		formats.end++;
	return options_value_wrong_name(given->value, strlen(given->value),
					&formats, err);
}

int options_take_json(struct options *options,
		      const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->format = "json";
	return 0;
}

int options_take_csv(struct options *options,
		     const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->format = "csv";
	return 0;
}

int options_take_no_header(struct options *options,
			   const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->header = false;
	return 0;
}

int options_take_color(struct options *options,
		       const struct options_given *given, struct error *err)
{
	if (!strcmp(given->value, "auto"))
		options->color = OPTIONS_COLOR_AUTO;
	else if (!strcmp(given->value, "always"))
		options->color = OPTIONS_COLOR_ALWAYS;
	else if (!strcmp(given->value, "never"))
		options->color = OPTIONS_COLOR_NEVER;
	else
		return error_set(err, EINVAL,
				 "'%.60s' is not a choice; use auto, always or never",
				 given->value);
	return 0;
}

int options_take_backend(struct options *options,
			 const struct options_given *given, struct error *err)
{
	struct options_names names = {
		.end = 1,
		.name = backend_name,
		.words = "a backend",
	};

	if (backend_name_exists(given->value)) {
		options->backend = given->value;
		return 0;
	}
	while (backends[names.end - 1])
		names.end++;
	return options_value_wrong_name(given->value, strlen(given->value),
					&names, err);
}

int options_take_duration(struct options *options,
			  const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = 1000000000 * NS_PER_S,
		.words = "a number of seconds above 0, at most 1000000000",
	};

	return options_value_seconds(&options->duration_ns, given->value,
				     &range, err);
}

int options_take_interval(struct options *options,
			  const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = NS_PER_S / 10,
		.high = 1000000 * NS_PER_S,
		.words = "an interval in seconds, from 0.1 to 1000000",
	};

	return options_value_seconds(&options->view_options.interval_ns,
				     given->value, &range, err);
}

int options_take_outputs(struct options *options,
			 const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = UINT64_MAX,
		.words = "how many outputs: a whole number, 1 or more",
	};

	return options_value_number(&options->view_options.outputs, given->value,
				    &range, err);
}

int options_take_min_ms(struct options *options,
			const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.high = UINT64_C(1000000000000),
		.words = "a whole number of milliseconds",
	};
	uint64_t ms;
	int rc = options_value_number(&ms, given->value, &range, err);

	if (rc == 0)
		options->view_options.min_ns = ms * NS_PER_MS;
	return rc;
}

int options_take_rows(struct options *options,
		      const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = UINT64_MAX,
		.words = "a whole number of rows, 1 or more",
	};

	return options_value_number(&options->rows, given->value, &range, err);
}

int options_take_buffer_size(struct options *options,
			     const struct options_given *given,
			     struct error *err)
{
	static const struct options_range range = {
		.low = 64u << 10,
		.high = 1u << 30,
		.words = "a size from 64K to 1G (K, M, G)",
	};
	uint64_t bytes;
	int rc = options_value_bytes(&bytes, given->value, &range, err);

	if (rc == 0)
		options->buffer_bytes = (size_t)bytes;
	return rc;
}

int options_take_max_sockets(struct options *options,
			     const struct options_given *given,
			     struct error *err)
{
	static const struct options_range range = {
		.low = 16,
		.high = 16777216,
		.words = "a whole number from 16 to 16777216",
	};
	uint64_t sockets;
	int rc = options_value_number(&sockets, given->value, &range, err);

	if (rc == 0)
		options->max_sockets = (size_t)sockets;
	return rc;
}

int options_take_latency(struct options *options,
			 const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 5,       /* the tracefs backend holds back the last ms */
		.high = 10000,
		.words = "a whole number of milliseconds from 5 to 10000",
	};
	uint64_t ms;
	int rc = options_value_number(&ms, given->value, &range, err);

	if (rc == 0)
		options->latency_ns = ms * NS_PER_MS;
	return rc;
}

int options_take_poll(struct options *options,
		      const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = NS_PER_S / 10,
		.high = 3600 * NS_PER_S,
		.words = "a number of seconds from 0.1 to 3600",
	};

	return options_value_seconds(&options->poll_ns, given->value, &range,
				     err);
}

int options_take_quiet(struct options *options,
		       const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->verbosity = -1;
	return 0;
}

int options_take_verbose(struct options *options,
			 const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->verbosity = 1;
	return 0;
}

int options_take_list_columns(struct options *options,
			      const struct options_given *given,
			      struct error *err)
{
	(void)given;
	(void)err;
	options->action = OPTIONS_LIST_COLUMNS;
	return 0;
}

int options_take_help(struct options *options,
		      const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->action = OPTIONS_HELP;
	return 0;
}

int options_take_version(struct options *options,
			 const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->action = OPTIONS_VERSION;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of the options that samples of round trips have. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "options_take.h"
#include "options_value.h"

static const struct {
	const char *name;
	enum rtt_by by;
} keys[] = {
	{ "all", RTT_BY_ALL }, { "raddr", RTT_BY_RADDR },
	{ "laddr", RTT_BY_LADDR }, { "lport", RTT_BY_LPORT },
	{ "rport", RTT_BY_RPORT }, { "comm", RTT_BY_COMM },
	{ "sock", RTT_BY_SOCK },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* Of metrics, whose groups must stay few, fewer are right: view_metrics.c. */
static int wrong_key(const struct options *options, const char *value,
		     struct error *err)
{
	return error_set(err, EINVAL, "'%.60s' is no key; use %s", value,
			 options->view == &view_metrics ?
			 "lport, raddr/24 (IPv6: /64) or comm" :
			 "raddr, laddr, raddr/24 (IPv6: /64), lport, rport, comm, "
			 "sock or all");
}

/* "/1" to "/31" behind an address. */
static int parse_prefix(const char *text, uint8_t *prefix)
{
	char *end;
	unsigned long bits;

	if (text[0] != '/' || text[1] < '1' || text[1] > '9')
		return -EINVAL;
	bits = strtoul(text + 1, &end, 10);
	if (*end || bits > 31)
		return -EINVAL;
	*prefix = (uint8_t)bits;
	return 0;
}

static int set_key(struct options *options, enum rtt_by by, uint8_t prefix,
		   struct error *err)
{
	struct view_rtt_options *rtt = &options->view_options.rtt;

	if (rtt->by != RTT_BY_ALL && (rtt->by != by || rtt->prefix != prefix))
		return error_set(err, EINVAL, "groups are made by one key; use one "
				 "of -b, -B and --by");
	rtt->by = (uint8_t)by;
	rtt->prefix = prefix;
	return 0;
}

int options_take_by(struct options *options, const struct options_given *given,
		    struct error *err)
{
	size_t length = strcspn(given->value, "/");

	for (size_t i = 0; i < KEYS; i++) {
		bool address = keys[i].by == RTT_BY_RADDR ||
			       keys[i].by == RTT_BY_LADDR;
		uint8_t prefix = 0;

		if (strlen(keys[i].name) != length ||
		    strncmp(keys[i].name, given->value, length))
			continue;
		if (given->value[length] &&
		    (!address || parse_prefix(given->value + length, &prefix)))
			break;
		return set_key(options, keys[i].by, prefix, err);
	}
	return wrong_key(options, given->value, err);
}

int options_take_byaddr(struct options *options,
			const struct options_given *given, struct error *err)
{
	bool local = !strcmp(given->label, "-b") ||
		     !strcmp(given->label, "--byladdr");

	return set_key(options, local ? RTT_BY_LADDR : RTT_BY_RADDR, 0, err);
}

int options_take_top(struct options *options, const struct options_given *given,
		     struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = RTT_TOP_MAX,
		.words = "a whole number of groups from 1 to 10000",
	};
	uint64_t top;
	int rc = options_value_number(&top, given->value, &range, err);

	if (rc == 0)
		options->view_options.rtt.top = (uint32_t)top;
	return rc;
}

int options_take_sample(struct options *options,
			const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = 65535,
		.words = "auto, all, or a number N for 1 in N, at most 65535",
	};
	uint64_t every = 0;

	if (!strcmp(given->value, "all"))
		every = 1;
	else if (strcmp(given->value, "auto") &&
		 options_value_number(&every, given->value, &range, err))
		return -EINVAL;
	options->samples.every = (uint16_t)every;
	options->view_options.metrics.srtt = true;
	return 0;
}

int options_take_aggregate(struct options *options,
			   const struct options_given *given, struct error *err)
{
	if (!strcmp(given->value, "auto"))
		options->samples.aggregate = BACKEND_AGGREGATE_MAY;
	else if (!strcmp(given->value, "kernel"))
		options->samples.aggregate = BACKEND_AGGREGATE_MUST;
	else if (!strcmp(given->value, "user"))
		options->samples.aggregate = BACKEND_AGGREGATE_NEVER;
	else
		return error_set(err, EINVAL,
				 "'%.60s' is not a choice; use auto, kernel or user",
				 given->value);
	return 0;
}

int options_take_sock(struct options *options,
		      const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = UINT64_MAX,
		.words = "the id of a socket, such as s12",
	};

	return options_value_number(&options->view_options.cwnd.sock,
				    given->value + (given->value[0] == 's'),
				    &range, err);
}

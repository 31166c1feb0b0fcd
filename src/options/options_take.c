/* SPDX-License-Identifier: BSD-2-Clause */
/* What the value of each option does to struct options, and what it may be; those
 * of one matter or command are in options_take_*.c. */
#include "options_take.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/ns.h"
#include "options_value.h"
#include "tcpwatch/backend.h"

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

/* "-" is stdout, as everywhere. */
int options_take_output(struct options *options,
			const struct options_given *given, struct error *err)
{
	const char **path = given->field;

	(void)options;
	(void)err;
	*path = strcmp(given->value, "-") ? given->value : NULL;
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

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the values of the options of recordings do: record and report. */
#include "options_take.h"

#include <stdint.h>
#include <string.h>

#include "common/ns.h"
#include "options_value.h"
#include "tcpwatch/event.h"

static const struct {
	const char *name;
	enum event_kind kind;
} recorded[] = {
	{ "state", EVENT_STATE },
	{ "cong", EVENT_CONG },
	{ "retrans", EVENT_RETRANS },
	{ "reset", EVENT_RESET },
	{ "error", EVENT_ERROR },
	{ "end", EVENT_GONE },
	{ "sample", EVENT_SAMPLE },
};

enum { RECORDED_COUNT = sizeof(recorded) / sizeof(recorded[0]) };

static const char *recorded_name(unsigned int bit)
{
	return recorded[bit].name;
}

int options_take_recorded(struct options *options,
			  const struct options_given *given, struct error *err)
{
	static const struct options_names kinds = {
		.end = RECORDED_COUNT,
		.name = recorded_name,
		.words = "an event",
	};
	uint32_t set = 0;
	int rc = options_value_names(&set, given->value, &kinds, err);

	if (rc < 0)
		return rc;
	for (unsigned int bit = 0; bit < RECORDED_COUNT; bit++)
		if (set & 1u << bit)
			options->events |= EVENT_BIT(recorded[bit].kind);
	return 0;
}

int options_take_time(struct options *options,
		      const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.high = 1000000000 * NS_PER_S,
		.words = "seconds as mono_ns has them (11087.39), or seconds from "
			 "the start of the recording (+1.5)",
	};
	struct options_time time = {
		.given = true,
		.relative = given->value[0] == '+',
	};
	int rc = options_value_seconds(&time.ns, given->value + time.relative,
				       &range, err);

	(void)options;
	if (rc == 0)
		*(struct options_time *)given->field = time;
	return rc;
}

int options_take_info(struct options *options,
		      const struct options_given *given, struct error *err)
{
	(void)given;
	(void)err;
	options->action = OPTIONS_INFO;
	return 0;
}

int options_take_size(struct options *options,
		      const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 256u << 10,
		.high = UINT64_C(1) << 44,
		.words = "a size of 256K or more (K, M, G)",
	};

	(void)options;
	return options_value_bytes(given->field, given->value, &range, err);
}

int options_take_rotate(struct options *options,
			const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 1,
		.high = 1000,
		.words = "a whole number of files, 1 to 1000",
	};

	return options_value_number(&options->rotate, given->value, &range, err);
}

static const char *when_name(unsigned int bit)
{
	static const char *const names[] = {
		"retrans", "reset", "failed", "stuck"
	};

	_Static_assert(OPTIONS_WHEN_RETRANS == 1u << 0, "order of names");
	_Static_assert(OPTIONS_WHEN_RESET == 1u << 1, "order of names");
	_Static_assert(OPTIONS_WHEN_FAILED == 1u << 2, "order of names");
	_Static_assert(OPTIONS_WHEN_STUCK == 1u << 3, "order of names");
	return names[bit];
}

int options_take_when(struct options *options,
		      const struct options_given *given, struct error *err)
{
	static const struct options_names conditions = {
		.end = 4,
		.name = when_name,
		.words = "a condition",
	};

	return options_value_names(&options->when, given->value, &conditions,
				   err);
}

int options_take_buffer_kb(struct options *options,
			   const struct options_given *given, struct error *err)
{
	static const struct options_range range = {
		.low = 64,
		.high = 1u << 20,
		.words = "a whole number of kilobytes from 64 to 1048576",
	};
	uint64_t kilobytes;
	int rc = options_value_number(&kilobytes, given->value, &range, err);

	if (rc == 0)
		options->buffer_bytes = (size_t)kilobytes << 10;
	return rc;
}

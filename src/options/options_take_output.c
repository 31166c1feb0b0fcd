/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that say what is shown, and how. */
#include "options_take.h"

#include <errno.h>
#include <string.h>

#include "options_value.h"
#include "output/output.h"

static const char *show_name(unsigned int bit)
{
	static const char *const names[] = {
		"state", "cong", "retrans", "reset", "error", "sample", "stuck"
	};

	_Static_assert(VIEW_SHOW_STATE == 1u << 0, "order of names");
	_Static_assert(VIEW_SHOW_CONG == 1u << 1, "order of names");
	_Static_assert(VIEW_SHOW_RETRANS == 1u << 2, "order of names");
	_Static_assert(VIEW_SHOW_RESET == 1u << 3, "order of names");
	_Static_assert(VIEW_SHOW_ERROR == 1u << 4, "order of names");
	_Static_assert(VIEW_SHOW_SAMPLE == 1u << 5, "order of names");
	_Static_assert(VIEW_SHOW_STUCK == 1u << 6, "order of names");
	return names[bit];
}

static const char *format_name(unsigned int index)
{
	return output_formats[index]->name;
}

int options_take_events(struct options *options,
			const struct options_given *given, struct error *err)
{
	static const struct options_names kinds = {
		.end = 7,
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

int options_take_list_columns(struct options *options,
			      const struct options_given *given,
			      struct error *err)
{
	(void)given;
	(void)err;
	options->action = OPTIONS_LIST_COLUMNS;
	return 0;
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

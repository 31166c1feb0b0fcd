/* SPDX-License-Identifier: BSD-2-Clause */
/* argv to struct options, from one table; no side effects. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/filter.h"
#include "meaning.h"
#include "process/privileges.h"
#include "tracker/stuck_limits.h"
#include "view/view.h"
#include "tcpwatch/backend.h"
#include "tcpwatch/error.h"

enum options_action {
	OPTIONS_WATCH,
	OPTIONS_RECORD,
	OPTIONS_SOCKETS,        /* what they are doing now */
	OPTIONS_INFO,           /* what is in a recording */
	OPTIONS_DOCTOR,         /* what works on this host */
	OPTIONS_HELP,
	OPTIONS_MEANING,        /* what words of ours mean */
	OPTIONS_VERSION,
	OPTIONS_LIST_COLUMNS
};

enum options_color { OPTIONS_COLOR_AUTO, OPTIONS_COLOR_NEVER,
		     OPTIONS_COLOR_ALWAYS };

/* A moment of event time. */
struct options_time {
	bool given;
	bool relative;          /* to the start of the recording */
	uint64_t ns;
};

enum {                          /* what a flight recorder waits for */
	OPTIONS_WHEN_RETRANS = 1u << 0,
	OPTIONS_WHEN_RESET = 1u << 1,
	OPTIONS_WHEN_FAILED = 1u << 2,
	OPTIONS_WHEN_STUCK = 1u << 3    /* as long as stuck says */
};

struct options_errand;

struct options {
	enum options_action action;
	const struct view_ops *view;    /* of the command; static */
	const struct options_errand *errand; /* the command, if it has no view of
	                                      * its own; static */
	const struct meaning *meaning;  /* asked for; NULL: their names; static */
	int verbosity;                  /* -1 quiet, 0, 1 verbose */
	enum options_color color;

	const char *backend;            /* "auto" or a name */
	const char *read_path;          /* -r FILE, or NULL */
	const char *output_path;        /* -o FILE, or NULL */
	const char *ready_path;         /* --ready-file, or NULL */
	const char *format;             /* "table", "csv", "json" */
	const char *columns;            /* --columns as typed, or NULL */
	bool header;
	bool iso, utc;
	bool journal;
	bool fail_on_loss;
	struct view_options view_options;
	struct filter filter;           /* all but followed_only: watch_parts.c */
	struct stuck_limits stuck;      /* --stuck */

	uint64_t duration_ns;           /* -d; 0 = no limit */
	uint64_t rows;                  /* -c; 0 = no limit */
	struct backend_samples samples;
	size_t buffer_bytes;            /* per CPU; 0 = adaptive */
	size_t max_sockets;
	uint64_t latency_ns;
	uint64_t poll_ns;

	struct options_time from, to;   /* of rows; in a recording */
	bool recover;                   /* make a recording whole first */
	unsigned int events;            /* EVENT_BIT set to record */
	uint64_t size_limit;            /* bytes of a recording; 0 = none */
	uint64_t rotate;                /* older recordings to keep */
	uint64_t flight_bytes;          /* of all CPUs; 0 = no flight recorder */
	unsigned int when;              /* OPTIONS_WHEN_* that fire it */

	struct privileges_user user;    /* --user */
	char **command;                 /* -- CMD [ARG...], NULL-terminated, or NULL */
};

/*
 * Fills *options; strings are borrowed from argv. 0, or -EINVAL with one line
 * in *err that names the option, the value and what would be right.
 */
int options_parse(struct options *options, int argc, char **argv,
		  struct error *err);

/* Prints the help of a view's command (NULL or the stream: of tcpwatch as a
 * whole); fits a screen. To stdout; 0 or -errno and *err. */
int options_print_help(const struct view_ops *view, struct error *err);

/* The same of a command without a view. */
int options_print_errand(const struct options_errand *errand, struct error *err);

/* Prints what a row of meanings says, or, for NULL, the names of all. */
int options_print_meaning(const struct meaning *meaning, struct error *err);

/* Prints every column that the view has, one a line; as above. */
int options_print_columns(const struct view_ops *view, struct error *err);

/* Prints "tcpwatch VERSION"; as above. */
int options_print_version(struct error *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What the value of each option does to struct options. */
#ifndef OPTIONS_TAKE_H
#define OPTIONS_TAKE_H

#include "options.h"
#include "tcpwatch/error.h"

/* An option as it was typed. */
struct options_given {
	const char *label;      /* "-L" or "--lport" */
	const char *value;      /* never empty; NULL when it takes none */
	void *field;            /* the member of struct options in its row */
};

/* Stores what was given: 0, or -errno with the value and what would be right
 * in *err, but without the option's name; *options is then unchanged. */
typedef int options_take_fn(struct options *options,
			    const struct options_given *given,
			    struct error *err);

/* These write to given->field, which must be ... */
options_take_fn options_take_flag;      /* a bool: becomes true */
options_take_fn options_take_text;      /* a const char *: borrows the value */
options_take_fn options_take_output;    /* the same; NULL for "-" */
options_take_fn options_take_ports;     /* struct match_ranges: appends */
options_take_fn options_take_numbers;   /* struct match_ranges: appends */
options_take_fn options_take_addresses; /* struct match_prefixes: appends */

options_take_fn options_take_time;      /* struct options_time */
options_take_fn options_take_size;      /* a uint64_t: bytes */

/* These know their members. */
options_take_fn options_take_aggregate;
options_take_fn options_take_backend;
options_take_fn options_take_buffer_kb;
options_take_fn options_take_buffer_size;
options_take_fn options_take_by;
options_take_fn options_take_byaddr;
options_take_fn options_take_color;
options_take_fn options_take_comm;
options_take_fn options_take_csv;
options_take_fn options_take_duration;
options_take_fn options_take_events;
options_take_fn options_take_family;
options_take_fn options_take_format;
options_take_fn options_take_help;
options_take_fn options_take_info;
options_take_fn options_take_interval;
options_take_fn options_take_json;
options_take_fn options_take_latency;
options_take_fn options_take_list_columns;
options_take_fn options_take_max_sockets;
options_take_fn options_take_min_ms;
options_take_fn options_take_no_header;
options_take_fn options_take_outputs;
options_take_fn options_take_pids;
options_take_fn options_take_poll;
options_take_fn options_take_quiet;
options_take_fn options_take_recorded;
options_take_fn options_take_rotate;
options_take_fn options_take_rows;
options_take_fn options_take_sample;
options_take_fn options_take_sock;
options_take_fn options_take_states;
options_take_fn options_take_seen_states;
options_take_fn options_take_stuck;
options_take_fn options_take_top;
options_take_fn options_take_top_sockets;
options_take_fn options_take_sort;
options_take_fn options_take_user;
options_take_fn options_take_verbose;
options_take_fn options_take_version;
options_take_fn options_take_when;

#endif

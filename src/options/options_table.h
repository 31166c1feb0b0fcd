/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one table of options. The parser, the help and the check of the man page
 * all follow it, so that none of them can know an option the others do not.
 */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include <stddef.h>

#include "options_take.h"

enum {                          /* commands that an option belongs to */
	OPTIONS_SCOPE_STREAM = 1u << 0,
	OPTIONS_SCOPE_STATES = 1u << 1,
	OPTIONS_SCOPE_RETRANS = 1u << 2,
	OPTIONS_SCOPE_CONG = 1u << 3,
	OPTIONS_SCOPE_LIFE = 1u << 4,
	OPTIONS_SCOPE_GRAPH = 1u << 5,
	OPTIONS_SCOPE_RTT = 1u << 6,
	OPTIONS_SCOPE_CWND = 1u << 7,
	OPTIONS_SCOPE_REPORT = 1u << 8,
	OPTIONS_SCOPE_ALL = (1u << 9) - 1,      /* those that watch */
	OPTIONS_SCOPE_RECORD = 1u << 9,
	OPTIONS_SCOPE_SOCKETS = 1u << 10,
	OPTIONS_SCOPE_METRICS = 1u << 11,
	OPTIONS_SCOPE_COUNTERS = 1u << 12,
	OPTIONS_SCOPE_EVERY = (1u << 13) - 1,   /* all that show sockets */
	OPTIONS_SCOPE_DOCTOR = 1u << 24
};

enum options_group {            /* sections of the help, in its order */
	OPTIONS_GROUP_SELECT,
	OPTIONS_GROUP_SHOW,
	OPTIONS_GROUP_RUN,
	OPTIONS_GROUP_GENERAL,
	OPTIONS_GROUP_COUNT
};

struct options_row {
	const char *letters;    /* each of them; "" = none */
	const char *names;      /* the one shown, then namesakes; "" = none; a
	                         * blank in front: help shows none */
	const char *value;      /* what help calls the value; NULL = none */
	unsigned int scope;     /* OPTIONS_SCOPE_* */
	enum options_group group;
	size_t field;           /* offset in struct options, if take uses it */
	options_take_fn *take;
	const char *help;       /* what the user gets from it */
};

/* In the order of the help; ends with a row whose take is NULL. */
extern const struct options_row options_table[];

/* A command that shows no view. */
struct options_errand {
	const char *name, *summary;
	unsigned int scope;
	enum options_action action;
	bool takes_command;     /* -- CMD */
};

extern const struct options_errand options_errands[]; /* ends with name NULL */

/* The OPTIONS_SCOPE_* bit of the command of that name; 0 = it has none. */
unsigned int options_table_scope(const char *command);

/* The first command that has the option: "" is the stream; NULL = none. */
const char *options_table_command(const struct options_row *row);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the words mean that tcpwatch says of a socket, of a network and of its rows:
 * one table, which also a host without a man page has.
 */
#ifndef MEANING_H
#define MEANING_H

#include <stdio.h>

#include "options_nearest.h"

enum meaning_kind {
	MEANING_PROBLEM,        /* of a socket (problem.h) */
	MEANING_VERDICT,        /* on counters (verdict.h) */
	MEANING_REASON,         /* of a state change (reason.h) */
	MEANING_CLASS,          /* of a retransmission (reason.h) */
	MEANING_KIND_COUNT
};

struct meaning {
	enum meaning_kind kind;
	const char *name;       /* as it is printed, up to the first figure */
	const char *page;       /* of docs/diagnoses, and another name for it; NULL:
	                         * that of its kind */
	const char *means;      /* in the man page, too: make check-docs */
	const char *unlike;     /* what only looks like it, behind "It is not"; NULL
	                         * = nothing, as in the next two */
	const char *look;       /* a command line that makes sure */
	const char *remedy;     /* what to do */
};

/* Ends with a row whose name is NULL. */
extern const struct meaning meanings[];

/*
 * The row that words ask for: by its name, in either case and with '-' or '_' for
 * a blank, or its page; behind the name of a problem or verdict may stand the
 * rest of the line as it was printed. NULL = there is none.
 */
const struct meaning *meaning_find(const char *words);

/* Offers every name and page. */
void meaning_offer(struct options_nearest *nearest);

/* Prints all of a row, for people, in 80 columns. */
void meaning_print(const struct meaning *meaning, FILE *file);

/* Prints a name of each row, without blanks, by kind; likewise. */
void meaning_print_names(FILE *file);

#endif

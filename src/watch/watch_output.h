/* SPDX-License-Identifier: BSD-2-Clause */
/* The output that the user's options ask for, ready for the watch. */
#ifndef WATCH_OUTPUT_H
#define WATCH_OUTPUT_H

#include "options/options.h"
#include "output/output.h"
#include "output/output_journal.h"
#include "tcpwatch/error.h"
#include "tcpwatch/keeper.h"

/*
 * Opens it, and the journal where that is asked for (else *journal = NULL).
 * EXIT_DONE (watch.h), or another exit code with *err; whatever was opened by
 * then is the caller's to release.
 */
int watch_output_open(const struct options *options, struct output **output,
		      struct output_journal **journal, struct error *err);

/* Opens its path again, for log rotation; keeper: who has the right to, NULL: we.
 * 0 or -errno and *err; then the old file goes on. */
int watch_output_reopen(const struct options *options, struct output *output,
			const struct keeper *keeper, struct error *err);

/* The columns that it will show. 0, or -errno and *err. */
int watch_output_columns(const struct options *options,
			 struct column_list *list, struct error *err);

#endif

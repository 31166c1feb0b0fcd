/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows to the systemd journal, one entry each, in its native protocol. */
#ifndef OUTPUT_JOURNAL_H
#define OUTPUT_JOURNAL_H

#include <stdint.h>

#include "column.h"
#include "column_list.h"
#include "common/wall_text.h"
#include "tcpwatch/error.h"

struct output_journal;

/* path: the journal's socket; NULL = systemd's own. NULL: *err says why. */
struct output_journal *output_journal_open(const char *path, struct error *err);

/*
 * Sends one row: its columns as TCPWATCH_<NAME>, those not known left out, and
 * all of them in one line as MESSAGE. Never waits: what the journal does not
 * take is counted.
 */
void output_journal_row(struct output_journal *journal,
			const struct column_list *list, const struct row *row,
			struct wall_text *wall);

/* Rows that the journal did not take. */
uint64_t output_journal_dropped(const struct output_journal *journal);

void output_journal_close(struct output_journal *journal); /* accepts NULL */

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* The text of a `hist` file, as the kernel prints what a trigger of ours with
 * the keys srtt.log2 and one more has counted. */
#ifndef HIST_TEXT_H
#define HIST_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct hist_entry {
	uint64_t key;           /* the second one; 0 = there is none */
	uint64_t count, sum;
	uint8_t le_log2;        /* of srtt, 0 to 64 */
};

struct hist_table {             /* zero-initialise */
	struct hist_entry *entries;     /* by key, then by le_log2 */
	size_t count, room;
	uint64_t dropped;       /* hits that found no room in the kernel's table */
};

/*
 * Reads NUL-terminated text, and replaces what is in the table. Lines that are
 * not understood are left out. 0 or -ENOMEM.
 */
int hist_text_read(struct hist_table *table, const char *text);

/* Takes what was counted up to the reading before off each entry; entries that
 * are then empty go. */
void hist_table_subtract(struct hist_table *table,
			 const struct hist_table *before);

void hist_table_done(struct hist_table *table); /* accepts a zeroed object */

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a socket as it is now, to a row. */
#ifndef SOCKET_ROWS_H
#define SOCKET_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "output/column.h"
#include "output/column_list.h"
#include "problem.h"

struct socket_row {
	struct problem_facts facts;
	struct span age;        /* in its state, by what earlier lists have shown */
	const char *problem;    /* NULL = none; borrowed */
	uint64_t wall_ns;
};

/* Sets every cell that view_sockets can show; the row borrows from *from. */
void socket_rows_fill(struct row *row, const struct socket_row *from);

/* Rows show what only the options of their sockets tell. */
bool socket_rows_show_options(const struct column_list *shown);

#endif

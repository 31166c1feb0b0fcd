/* SPDX-License-Identifier: BSD-2-Clause */
/* Which columns are shown, in which order and how. */
#ifndef COLUMN_LIST_H
#define COLUMN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "tcpwatch/error.h"

enum { COLUMN_LIST_MAX = 48, COLUMN_WIDTH_MAX = 64 };

/* One column in one place: what a view shows and under which heading. */
struct column_use {
	enum column_id id;
	const char *title;      /* NULL: the column's own (CSV: its name) */
	uint8_t width;          /* at most COLUMN_WIDTH_MAX; 0: the column's own */
	bool left;              /* aligned left although the column is not */
	bool cut, optional;     /* the column's own, at hand for the outputs */
};

struct column_list {
	size_t count;
	struct column_use uses[COLUMN_LIST_MAX];
};

bool column_list_has(const struct column_list *list, enum column_id id);

/*
 * Parses "pid,comm,ms" into *list. allowed: the columns the view can fill.
 * -EINVAL with the wrong word and the right ones in *err.
 */
int column_list_parse(struct column_list *list, const char *text,
		      const struct column_ids *allowed, struct error *err);

#endif

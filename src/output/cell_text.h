/* SPDX-License-Identifier: BSD-2-Clause */
/* One cell to text, as all formats for people and spreadsheets print it. */
#ifndef CELL_TEXT_H
#define CELL_TEXT_H

#include <stddef.h>

#include "column.h"
#include "common/wall_text.h"

/* At most this many bytes come of one cell; a longer CELL_TEXT is cut. */
enum {
	CELL_TEXT_MAX = 96,
	CELL_TEXT_MAPS_MAX = 5 * 1024,  /* of all CELL_MAPs of a row */
	CELL_TEXT_LISTS_MAX = 6 * 1024  /* of all its CELL_LISTs */
};

/* Writes without a NUL and returns the bytes written: none for a value that
 * is not known. CELL_COMM is made safe for a terminal. */
size_t cell_text(char *text, const struct cell *cell, struct wall_text *wall);

/* A duration: "1.373", ">86211.520" (at least), "<12.345" (at most); with
 * fewer decimals where three would be longer than width. */
size_t cell_text_duration(char *text, struct span span, size_t width);

#endif

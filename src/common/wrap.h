/* SPDX-License-Identifier: BSD-2-Clause */
/* Prose in lines that fit a terminal. */
#ifndef WRAP_H
#define WRAP_H

#include <stdio.h>

struct wrap {
	FILE *file;
	int width;              /* columns that a line may have */
	int indent;             /* blanks in front of every line but the first */
	int column;             /* where the first one goes on */
};

/* Prints the words of the text and ends the line. The text has no control
 * characters; a word that is wider than a line stands alone. */
void wrap_print(const struct wrap *wrap, const char *text);

#endif
